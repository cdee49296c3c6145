import type { Command } from 'commander';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import type { CommandContext } from '../context.js';
import {
  formatState,
  inTheWay,
  writtenLevel,
  type FactReader,
  type FormatState,
} from '../fact-readers.js';
import { CommandRefused } from '../failures.js';
import { isCluster, type JournalLink } from '../link.js';
import { wrapped } from '../table.js';

/** `upgrade status|finalize`: the end of an upgrade, from which there is no way back. */
export function addUpgradeCommands(program: Command, context: () => CommandContext): void {
  const upgrade = program
    .command('upgrade')
    .description('end an upgrade: write what only the new release can read');
  upgrade
    .command('status')
    .description('what is written, who reads what, and what finalize would do')
    .action(() => showUpgrade(context()));
  upgrade
    .command('finalize')
    .description('let facts be written as this release does; the one before cannot read them')
    .option('--dry-run', 'only say what would be done, or refused')
    .action((options: { dryRun?: boolean }) => finalize(context(), options.dryRun === true));
}

async function showUpgrade(context: CommandContext): Promise<void> {
  await context.withJournal(async (link) => {
    const state = isCluster(link) ? await formatState(link) : await aloneState(link);
    const { level, newest, readers } = state;
    const blocked = isCluster(link) ? inTheWay(state) : [];
    context.print(statusText(context, state, blocked), {
      written: level,
      newest,
      finalized: level >= newest,
      readers: readers.map(shownReader),
      in_the_way: level >= newest ? [] : blocked,
    });
  });
}

/** A --single system raises it at its start: nobody else is there to read. */
async function aloneState(link: JournalLink): Promise<FormatState> {
  const level = await writtenLevel(link.pool);
  return { level, newest: factLevelNewest, readers: [] };
}

function statusText(
  context: CommandContext,
  state: FormatState,
  blocked: readonly string[],
): string {
  const { level, newest, readers } = state;
  const verdict =
    level >= newest
      ? `finalized: facts are written at level ${level}`
      : blocked.length === 0
        ? `not finalized: facts are written at level ${level}, and finalize would raise it to ` +
          `${newest}; after that the release before cannot read them`
        : `not finalized: facts are written at level ${level}, and finalize would refuse: ` +
          blocked.join('; ');
  const table = readers.length === 0 ? [] : [readerTable(context, readers), ''];
  return [...table, wrapped(context.columns, verdict)].join('\n');
}

function readerTable(context: CommandContext, readers: readonly FactReader[]): string {
  const rows = readers.map(({ incarnation, host, reads, writes, silent }) => [
    incarnation,
    host,
    reads === null ? 'NO ANSWER' : `${reads}${silent ? ' (an older release)' : ''}`,
    writes,
  ]);
  return context.table(['shard', 'host', 'reads facts up to', 'writes'], rows);
}

const shownReader = ({ incarnation, host, reads, writes }: FactReader) => ({
  shard: incarnation,
  host,
  reads,
  writes,
});

/**
 * Looks at everybody, then raises. A shard of the release before that starts in between harms
 * nothing: it refuses by name what it cannot read, and gives it away.
 */
async function finalize(context: CommandContext, dryRun: boolean): Promise<void> {
  await context.withCluster(async (link) => {
    const state = await formatState(link);
    const { level: before, newest } = state;
    if (before >= newest) {
      const value = { result: 'nothing_to_do', before, written: before };
      context.print(`finalized before: facts are written at level ${before}`, value);
      return;
    }
    const blocked = inTheWay(state);
    if (blocked.length > 0) {
      const details = state.readers.map(shownReader);
      throw new CommandRefused(`not finalized: ${blocked.join('; ')}`, details);
    }
    if (dryRun) {
      const value = { result: 'dry_run', before, written: newest };
      context.print(`would raise the level of facts from ${before} to ${newest}`, value);
      return;
    }
    const written = await createPostgresFactFormat(link.pool).raise(newest);
    context.print(`finalized: facts are written at level ${written} within a few seconds`, {
      result: 'done',
      before,
      written,
    });
  });
}
