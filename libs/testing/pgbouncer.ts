import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#libs/platform/tcp-ports.js';
import { systemProgram } from './system-program.js';
import { until } from './until.js';

export interface TestPooler {
  /** Of the same database, through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** As docs/operating/failover.md configures it; `sessions` to the server. */
const configuration = (server: URL, port: number, sessions: number): string => `
[databases]
* = host=${server.hostname} port=${server.port} user=${decodeURIComponent(server.username)}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
`;

/** PgBouncer of the system's packages in front of `databaseUrl`. null: it cannot be had here. */
export async function startPgBouncer(
  databaseUrl: string,
  sessions: number,
): Promise<TestPooler | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-pgbouncer-'));
  const forget = () => rm(folder, { recursive: true, force: true });
  const packages = ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'];
  const found = await systemProgram('pgbouncer', packages, folder);
  if (found === null) {
    await forget();
    return null;
  }
  const server = new URL(databaseUrl);
  const port = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  await writeFile(file, configuration(server, port, sessions));
  // It does not run as root, and who it becomes then has to read its file.
  await chmod(folder, 0o755);
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(found.program, [...asUser, file], {
    env: found.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await forget();
  };
  const url = new URL(databaseUrl);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  url.searchParams.set('pooler', 'transaction');
  try {
    await until(
      () => answers(port),
      () => `PgBouncer listens; it said ${said}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url.href, stop };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const tell = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
  });
