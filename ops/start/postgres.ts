import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { boundAnswers } from '#libs/database/answer-deadline.js';
import { findPostgresBinaries, type PostgresBinaries } from '#libs/database/postgres-binaries.js';
import { shownPath } from '../system/paths.js';
import type { DataFolder, Secrets } from './data-folder.js';
import { databaseName, prepareRole, roleName } from './database-role.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { ChildFailed, type ChildSpec, type Supervisor } from './supervisor.js';

/**
 * The system's own Postgres, in <data>/postgres, on a free port of the loopback address. Commits
 * wait for the disk (G2). Runs also when we are root, as a user without rights. It listens there
 * alone, has no socket in the file system, and asks everybody for a password (SCRAM).
 */
/** The superuser, by the name that it has in data folders of every release. */
const setupName = 'holdfast';
const startAttempts = 6;
const probeTimeoutMs = 2_000;

/** The bench gives its peers a server with the same. */
export const postgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  log_min_messages: 'warning',
  lc_messages: 'C',
};

/** Resolves with the DATABASE_URL. Rejects with ChildFailed, one line. */
export async function startPostgres(
  supervisor: Supervisor,
  folder: DataFolder,
  secrets: Pick<Secrets, 'databasePassword' | 'databaseRolePassword'>,
): Promise<string> {
  const home = await openHome(folder);
  if (!existsSync(home.data)) await initialise(home, folder, secrets.databasePassword);
  assertVersion(home.data);
  const url = await startServer(supervisor, home, folder, secrets.databasePassword);
  await prepareRole(url, secrets.databaseRolePassword);
  const own = new URL(url(databaseName));
  own.username = roleName;
  own.password = secrets.databaseRolePassword;
  return own.href;
}

interface Home {
  readonly data: string;
  readonly binaries: PostgresBinaries;
  /** Put before each command: lets the database's user through folders that are closed to it. */
  readonly prefix: readonly string[];
}

async function openHome(folder: DataFolder): Promise<Home> {
  const data = folder.file('postgres');
  const found = await findPostgresBinaries(folder.file('binaries'));
  // A folder that exists keeps the user who made it.
  const owner = existsSync(data) ? statSync(data) : null;
  const asRoot = found.runAs.uid !== undefined;
  const runAs =
    asRoot && owner !== null && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : found.runAs;
  const binaries = { ...found, runAs };
  if (asRoot && runAs.gid !== undefined) letThrough(folder, runAs.gid);
  const closed = asRoot ? closedAncestor(folder.path, runAs) : null;
  if (closed === null) return { data, binaries, prefix: [] };
  return { data, binaries: { ...binaries, runAs: {} }, prefix: await passage(closed, runAs) };
}

/** As root: the database's user may pass through, to what is his, and nobody else. */
function letThrough(folder: DataFolder, gid: number): void {
  chownSync(folder.path, 0, gid);
  chmodSync(folder.path, 0o710);
  // Programs are nobody's secret.
  if (existsSync(folder.file('binaries'))) chmodSync(folder.file('binaries'), 0o755);
}

/** The first folder on the way that `user` may not pass through, or null. */
export function closedAncestor(
  folder: string,
  user: { readonly uid?: number; readonly gid?: number },
): string | null {
  const parent = path.dirname(folder);
  const above = parent === folder ? null : closedAncestor(parent, user);
  if (above !== null) return above;
  const { mode, uid, gid } = statSync(folder);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? folder : null;
}

/**
 * A clone below /root is the usual case. Linux can give the database's user the one right to pass
 * closed folders (CAP_DAC_READ_SEARCH); where that cannot be had, people must choose.
 */
async function passage(
  closed: string,
  { uid, gid }: { readonly uid?: number; readonly gid?: number },
): Promise<readonly string[]> {
  const prefix = [
    'setpriv',
    '--securebits=+no_setuid_fixup',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
    '--',
  ];
  const works = await promisify(execFile)(prefix[0], [...prefix.slice(1), 'test', '-r', closed])
    .then(() => true)
    .catch(() => false);
  if (works) return prefix;
  throw new ChildFailed(
    `postgres never runs as root, and user ${uid} may not enter ${closed}: ` +
      `"chmod o+x ${closed}", or --data with a folder elsewhere`,
  );
}

/** Made beside and renamed: an interrupted initdb leaves nothing that looks like a database. */
async function initialise(home: Home, folder: DataFolder, password: string): Promise<void> {
  const next = folder.file('postgres.next');
  const passwordFile = folder.file('postgres.password');
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const { uid, gid } = ownerOf(home);
  if (uid !== undefined && gid !== undefined) {
    chownSync(next, uid, gid);
    chownSync(passwordFile, uid, gid);
  }
  const [command, ...args] = [
    ...home.prefix,
    home.binaries.initdb,
    `--pgdata=${next}`,
    `--username=${setupName}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(command, args, { ...home.binaries.runAs, cwd: '/' });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const lines = (stderr ?? message).trim().split('\n');
    throw new ChildFailed(`postgres: its folder could not be made: ${lines[0]}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(next, home.data);
}

/** Behind a passage the command itself changes the user; the numbers are then in its words. */
function ownerOf(home: Home): { readonly uid?: number; readonly gid?: number } {
  if (home.prefix.length === 0) return home.binaries.runAs;
  const number = (flag: string): number =>
    Number(home.prefix.find((word) => word.startsWith(flag))?.slice(flag.length));
  return { uid: number('--reuid='), gid: number('--regid=') };
}

function assertVersion(data: string): void {
  const found = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === '18') return;
  throw new ChildFailed(
    `${shownPath(data)} was made by Postgres ${found}, this is Postgres 18: dump and load it, ` +
      'or use another --data',
  );
}

/** The port may be lost to somebody, and the memory of a killed server is not free at once. */
async function startServer(
  supervisor: Supervisor,
  home: Home,
  folder: DataFolder,
  password: string,
): Promise<(database: string) => string> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const url = (database: string): string =>
      `postgres://${setupName}:${password}@127.0.0.1:${port}/${database}`;
    try {
      await supervisor.start(serverSpec(home, folder, port, url('postgres')));
      return url;
    } catch (error) {
      if (!(error instanceof ChildFailed) || attempt === startAttempts) throw error;
    }
  }
}

function serverSpec(home: Home, folder: DataFolder, port: number, url: string): ChildSpec {
  const { uid, gid } = home.binaries.runAs;
  const flags = Object.entries({ ...postgresSettings, port: String(port) });
  const [command, ...args] = [
    ...home.prefix,
    home.binaries.postgres,
    '-D',
    home.data,
    ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  return {
    name: 'postgres',
    command,
    args,
    env: environmentOf(process.env),
    owner: uid === undefined || gid === undefined ? undefined : { uid, gid },
    logFile: path.join(folder.logs, 'postgres.log'),
    ready: { kind: 'probe', probe: () => answers(url) },
    group: 0,
    stopSignal: 'SIGINT',
    stopDeadlineMs: 20_000,
    hardSignal: 'SIGQUIT',
  };
}

/** Without the caller's PG* variables, which the server would take for its own. */
function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(others), LC_ALL: 'C' };
}

/** True when the database at `url` takes connections. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: probeTimeoutMs,
    application_name: 'hf-start',
  });
  boundAnswers(client, probeTimeoutMs);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
