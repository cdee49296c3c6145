import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresBinaries } from '#libs/database/postgres-binaries.js';

export interface PrimaryPlace {
  readonly dataFolder: string;
  /** Where the standby finds the primary. */
  readonly port: number;
  /** The primary's URL if it works while it is copied. Default: it is stopped. */
  readonly running?: string;
}

const run = promisify(execFile);

/** Makes the folder of a standby, named `standby`, from that of its primary. */
export async function copyAsStandby(
  primary: PrimaryPlace,
  to: string,
  { uid, gid }: PostgresBinaries['runAs'],
): Promise<void> {
  const { dataFolder, port, running } = primary;
  if (running === undefined) await copy(dataFolder, to);
  else await copyWhileItWorks(running, dataFolder, to);
  await writeFile(path.join(to, 'standby.signal'), '');
  const from = `host=127.0.0.1 port=${port} user=postgres application_name=standby`;
  const settings = `primary_conninfo = '${from}'\nwal_retrieve_retry_interval = '200ms'\n`;
  await writeFile(path.join(to, 'postgresql.auto.conf'), settings);
  if (uid !== undefined) await run('chown', ['-R', `${uid}:${gid ?? uid}`, to]);
  // Postgres refuses a folder that others may read.
  await run('chmod', ['-R', 'u=rwX,go=', to]);
}

/** A base backup by hand (Postgres' low-level API): the server's binaries come without a tool. */
async function copyWhileItWorks(url: string, dataFolder: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('standby', fast => true)`);
    await copy(dataFolder, to);
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(wait_for_archive => false)',
    );
    await writeFile(path.join(to, 'backup_label'), rows[0].label);
  } finally {
    await client.end();
  }
  await rm(path.join(to, 'postmaster.pid'), { force: true });
}

/** A file that was removed meanwhile is none that recovery needs. */
async function copy(from: string, to: string): Promise<void> {
  const options = { env: { ...cleanWords } };
  await run('cp', ['-a', from, to], options).catch((error: Error & { stderr?: string }) => {
    const lines = (error.stderr ?? error.message).trim().split('\n');
    if (!lines.every((line) => line.endsWith('No such file or directory'))) throw error;
  });
}

const cleanWords = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };
