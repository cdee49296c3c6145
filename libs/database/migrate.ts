import { readdir, readFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import pg from 'pg';

import { boundAnswers } from './answer-deadline.js';

/**
 * Brings a database to the schema of this build: forward only, each file in its own transaction,
 * under an advisory lock so that processes that start together do it once. A file that was changed
 * after it was applied is refused by name, and so is a database that is ahead of this build.
 * Why not a library: docs/decisions/0002-migrations.md.
 */
export interface MigrateOptions {
  /** Folder with NNNN_name.sql files. Default: the migrations of this project. */
  readonly folder?: URL;
}

export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** Names of the files that were applied now, in order. */
export async function migrate(
  url: string,
  { folder = new URL('./migrations/', import.meta.url) }: MigrateOptions = {},
): Promise<readonly string[]> {
  const files = await readMigrations(folder);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'hf-migrate',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
  });
  boundAnswers(client, statementMsMax);
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${advisoryLock})`);
    await client.query(createTable);
    const applied = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM schema_migration ORDER BY name',
    );
    refuseDifferences(files, applied.rows);
    const done: string[] = [];
    for (const file of files.slice(applied.rows.length)) {
      await apply(client, file);
      done.push(file.name);
    }
    return done;
  } finally {
    await client.end();
  }
}

/** Waiting for another process that migrates, and making an index on a large table. */
const statementMsMax = 10 * 60_000;

/** Any number will do as long as nothing else in the database uses it. */
const advisoryLock = 4_726_310_557;

const createTable = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT statement_timestamp()
  )`;

interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function readMigrations(folder: URL): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
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

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [
      file.name,
      file.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new MigrationRefused(`${file.name}: ${(error as Error).message}`, { cause: error });
  }
}
