import { readFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import pg from 'pg';

import { boundAnswers } from './answer-deadline.js';
import { readDatabaseAddress } from './database-address.js';
import { clientOfPrimary } from './primary.js';
import { migrationNames, migrationsFolder } from './schema.js';

/**
 * Brings a database to the schema of this build: forward only, each file in its own transaction,
 * under an advisory lock so that processes that start together do it once. A file that was changed
 * after it was applied is refused by name, and so is a database that is ahead of this build.
 * Why not a library: docs/decisions/0002-migrations.md.
 */
export interface MigrateOptions {
  /** Folder with NNNN_name.sql files. Default: the migrations of this project. */
  readonly folder?: URL;
  /** Only says what would be applied; the database stays as it is. */
  readonly dryRun?: boolean;
}

export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** Names of the files that were applied now, in order; in a dry run, of those that would be. */
export async function migrate(
  url: string,
  { folder = migrationsFolder, dryRun = false }: MigrateOptions = {},
): Promise<readonly string[]> {
  const files = await readMigrations(folder);
  if (readDatabaseAddress(url).pooler !== null) {
    throw new MigrationRefused('the address names a pooler: a migration needs the database itself');
  }
  const client = new (clientOfPrimary(url))({
    connectionString: url,
    application_name: 'hf-migrate',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
  });
  boundAnswers(client, statementMsMax);
  await client.connect();
  try {
    if (!dryRun) {
      await client.query(`SELECT pg_advisory_lock(${advisoryLock})`);
      await client.query(createTable);
    }
    const applied = await appliedIn(client);
    refuseDifferences(files, applied);
    const next = files.slice(applied.length);
    if (!dryRun) for (const file of next) await apply(client, file);
    return next.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** Waiting for another process that migrates, and making an index on a large table. */
const statementMsMax = 10 * 60_000;

/** Any number will do as long as nothing else in the database uses it. */
const advisoryLock = 4_726_310_557;

/** `serves_from`: see requireSchema(). Databases of before have no such column. */
const createTable = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT statement_timestamp()
  );
  ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS serves_from text`;

/** None in a database that was never migrated. */
async function appliedIn(client: pg.Client): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('schema_migration') IS NOT NULL AS there",
  );
  if (!rows[0].there) return [];
  const applied = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM schema_migration ORDER BY name',
  );
  return applied.rows;
}

interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function readMigrations(folder: URL): Promise<readonly MigrationFile[]> {
  const names = migrationNames(folder);
  const numbers = new Set<string>();
  for (const name of names) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (number === undefined) throw new MigrationRefused(`${name}: not named NNNN_name.sql`);
    if (numbers.has(number)) throw new MigrationRefused(`${name}: number ${number} is used twice`);
    numbers.add(number);
  }
  return Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: hash('sha256', sql, 'hex') };
    }),
  );
}

/** What is applied must be the first files, unchanged. */
function refuseDifferences(
  files: readonly MigrationFile[],
  applied: readonly { name: string; checksum: string }[],
): void {
  for (const [index, row] of applied.entries()) {
    const file = files[index];
    if (file?.name !== row.name) {
      const known = files.some((candidate) => candidate.name === row.name);
      throw new MigrationRefused(
        known
          ? `${file?.name}: comes before ${row.name}, which is already applied`
          : `${row.name}: applied to the database but not part of this build`,
      );
    }
    if (file.checksum !== row.checksum) {
      throw new MigrationRefused(`${row.name}: changed after it was applied`);
    }
  }
}

/** Migrations only add, unless one says `-- serves from NNNN` in a line of its own. */
const servesFrom = (sql: string): string => /^-- serves from (\d{4})$/m.exec(sql)?.[1] ?? '0000';

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query(
      'INSERT INTO schema_migration (name, checksum, serves_from) VALUES ($1, $2, $3)',
      [file.name, file.checksum, servesFrom(file.sql)],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MigrationRefused(`${file.name}: ${(error as Error).message}`, { cause: error });
  }
}
