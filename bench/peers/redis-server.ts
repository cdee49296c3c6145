import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '#libs/platform/tcp-ports.js';
import { onPath } from '#ops/system/on-path.js';

export const redisAdvice = 'there is no redis-server on the PATH (apt-get install redis-server)';

const startTimeoutMs = 10_000;
const probeMs = 20;

/** Null: there is none. */
export async function redisVersion(): Promise<string | null> {
  const program = onPath('redis-server');
  if (program === null) return null;
  const { stdout } = await promisify(execFile)(program, ['--version']);
  return /v=(\S+)/.exec(stdout)?.[1] ?? 'of an unknown version';
}

/** A Redis of the bench's own, on a free port, with its log on the disk of the others. */
export class RedisServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** Null: there is no redis-server. */
  static async start(
    folder: string,
    appendfsync: 'always' | 'everysec',
  ): Promise<RedisServer | null> {
    const program = onPath('redis-server');
    if (program === null) return null;
    const port = await freePort();
    const data = path.join(folder, `redis-${port}`);
    mkdirSync(data, { recursive: true });
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      dir: data,
      appendonly: 'yes',
      appendfsync,
      // Neither a snapshot nor a rewrite of the log falls into a round.
      save: '',
      'auto-aof-rewrite-percentage': '0',
    };
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(program, words, { stdio: 'ignore' });
    await listening(child, port);
    return new RedisServer(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const giveUpAtMs = performance.now() + startTimeoutMs;
  while (!(await accepts(port))) {
    const dead = child.exitCode !== null;
    if (dead || performance.now() > giveUpAtMs) throw new Error('redis-server did not start');
    await new Promise((resolve) => setTimeout(resolve, probeMs));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
