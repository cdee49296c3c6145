import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPostgresBinaries, type PostgresBinaries } from '#libs/database/postgres-binaries.js';

/** Names a data folder to copy from: a tenth of initdb's CPU time. `npm test` sets it. */
export const postgresTemplate = 'HOLDFAST_TEST_POSTGRES_TEMPLATE';

const run = promisify(execFile);

/** The data folder of a new server. Its parent belongs to the user that the server runs as. */
export async function makePostgresFolder(data: string, found: PostgresBinaries): Promise<void> {
  const options = { ...found.runAs, cwd: path.dirname(data) };
  const template = process.env[postgresTemplate] ?? '';
  if (existsSync(template)) await run('cp', ['-a', template, data], options);
  else await run(found.initdb, [`--pgdata=${data}`, ...clusterOptions], options);
}

/** A data folder that was never used, in an empty `folder`, which will be of the server's user. */
export async function makePostgresTemplate(folder: string): Promise<string> {
  const data = path.join(folder, 'data');
  const binaries = await findPostgresBinaries(folder);
  const { uid, gid } = binaries.runAs;
  if (uid !== undefined) await chown(folder, uid, gid ?? uid);
  await makePostgresFolder(data, binaries);
  return data;
}

const clusterOptions = [
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
];
