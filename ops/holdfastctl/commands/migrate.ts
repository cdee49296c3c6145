import type { Command } from 'commander';
import { loadDemoCatalogue } from '#libs/catalogue/demo/demo-catalogue.js';
import { indexStaleEvents } from '#libs/catalogue/search/index-events.js';
import { migrate, MigrationRefused } from '#libs/database/migrate.js';
import { migrationNames } from '#libs/database/schema.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { plural } from '../numbers.js';

interface MigrateCommandOptions {
  readonly demo?: boolean;
  readonly dryRun?: boolean;
}

/**
 * `migrate`: the schema of this build, and nothing else. Once before the first process, and first
 * in an upgrade: what is there already is left alone, so it may be repeated.
 */
export function addMigrateCommand(program: Command, context: () => CommandContext): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this build')
    .option('--demo', 'put the demo events on sale as well')
    .option('--dry-run', 'only say what would be done')
    .action((options: MigrateCommandOptions) => migrateDatabase(context(), options));
}

async function migrateDatabase(
  context: CommandContext,
  { demo = false, dryRun = false }: MigrateCommandOptions,
): Promise<void> {
  const applied = await migrate(context.system().databaseUrl, { dryRun }).catch(
    (error: unknown) => {
      throw error instanceof MigrationRefused ? new CommandRefused(error.message) : error;
    },
  );
  const added = dryRun ? 0 : await fill(context, demo);
  const schema = migrationNames().at(-1);
  const would = dryRun ? 'would apply' : 'applied';
  const text = [
    `${would} ${plural(applied.length, 'migration')}; the schema of this build: ${schema}`,
    ...applied.map((name) => `  ${name}`),
    ...(demo ? [dryRun ? 'would put demo events on sale' : `${added} demo events added`] : []),
  ].join('\n');
  const result = dryRun ? 'dry_run' : 'done';
  context.print(text, { result, applied, schema, demo_events: added });
}

/** What a release reads of old rows in another way than the one before. Returns demo events. */
function fill(context: CommandContext, demo: boolean): Promise<number> {
  return context.withDatabase(async (pool) => {
    await indexStaleEvents(pool);
    return demo ? loadDemoCatalogue(pool) : 0;
  });
}
