import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestNats, type TestNats } from './nats-server.js';
import { startTestPostgres, type TestPostgres } from './postgres.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

const shardMain = fileURLToPath(
  new URL('../../dist/apps/inventory-shard/main.js', import.meta.url),
);
const readyWithinMs = 30_000;

/**
 * Postgres with fsync, nats-server and shard processes of the build in dist/, all real. Shards
 * reach Postgres through a proxy that can cut their connections; the tests' own pool does not.
 */
export class ProcessCluster {
  readonly shards = new Map<string, ShardProcess>();

  private constructor(
    readonly postgres: TestPostgres,
    readonly nats: TestNats,
    readonly proxy: TcpProxy,
    readonly pool: pg.Pool,
    /** Past the proxy. */
    readonly databaseUrl: string,
    private readonly shardDatabaseUrl: string,
    private readonly folder: string,
  ) {}

  static async start(shardIds: readonly string[]): Promise<ProcessCluster> {
    const [postgres, nats] = await Promise.all([
      startTestPostgres({ durable: true }),
      startTestNats(),
    ]);
    const url = new URL(await postgres.createDatabase());
    const directUrl = url.href;
    await migrate(url.href);
    const pool = openPool(url.href, { applicationName: 'cluster', max: 4 });
    const proxy = await startTcpProxy(postgres.port);
    url.port = String(proxy.port);
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-shards-'));
    const all = new ProcessCluster(postgres, nats, proxy, pool, directUrl, url.href, folder);
    try {
      await Promise.all(shardIds.map((shardId) => all.startShard(shardId)));
    } catch (error) {
      await all.stop();
      throw error;
    }
    return all;
  }

  /** Starts a shard, or starts it again, and waits until it serves. */
  async startShard(shardId: string): Promise<ShardProcess> {
    const shard = new ShardProcess(shardId, path.join(this.folder, `${shardId}.log`), {
      DATABASE_URL: this.shardDatabaseUrl,
      NATS_URL: this.nats.url,
    });
    this.shards.set(shardId, shard);
    await shard.ready();
    return shard;
  }

  shard(shardId: string): ShardProcess {
    const shard = this.shards.get(shardId);
    if (shard === undefined) throw new Error(`no shard ${shardId}`);
    return shard;
  }

  /** Incarnation, as the ownership row says. */
  async ownerOf(eventId: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ shard: string | null }>(
      'SELECT shard FROM ownership WHERE event_id = $1',
      [eventId],
    );
    return rows[0].shard;
  }

  /** Everything runs again, whatever a test left behind. */
  async heal(): Promise<void> {
    if (!isRunning(this.postgres)) await this.postgres.restart();
    if (!isRunning(this.nats)) await this.nats.restart();
    const gone = [...this.shards.values()].filter((shard) => {
      shard.signal('SIGCONT');
      return shard.ended;
    });
    await Promise.all(gone.map((shard) => this.startShard(shard.shardId)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.shards.values()].map((shard) => shard.kill()));
    await this.pool.end();
    await this.proxy.close();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `node dist/apps/inventory-shard/main.js`, configured by environment only. */
export class ShardProcess {
  private readonly child: ChildProcess;
  private said = '';
  private readonly atExit = () => void this.child.kill('SIGKILL');

  constructor(
    readonly shardId: string,
    private readonly logFile: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.child = spawn(process.execPath, [shardMain], {
      env: {
        PATH: process.env.PATH,
        ...env,
        HOLDFAST_SHARD_ID: shardId,
        HOLDFAST_LOG_FILE: logFile,
      },
      // The channel ends the shard when this process dies.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const hear = (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-8_000));
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
    process.once('exit', this.atExit);
    this.child.once('exit', () => process.off('exit', this.atExit));
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  get incarnation(): string {
    const line = /^HOLDFAST_READY (.*)$/m.exec(this.said)?.[1];
    if (line === undefined) throw new Error(`${this.shardId} is not ready: ${this.said}`);
    return (JSON.parse(line) as { incarnation: string }).incarnation;
  }

  async ready(): Promise<void> {
    await until(
      () => this.ended || this.said.includes('HOLDFAST_READY'),
      () => `${this.shardId} serves: ${this.said}`,
      readyWithinMs,
    );
    if (!this.ended) return;
    const log = readFileSync(this.logFile, 'utf8').slice(-2_000);
    throw new Error(`${this.shardId} ended at its start: ${this.said}\n${log}`);
  }

  /** Returns at once. */
  signal(signal: NodeJS.Signals): void {
    if (!this.ended) this.child.kill(signal);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.signal(signal);
    await until(() => this.ended, `${this.shardId} ends after ${signal}`);
  }

  /** Lines with this message in the log of this shard, over all its processes. */
  countLogged(message: string): number {
    return readFileSync(this.logFile, 'utf8').split(`"msg":"${message}"`).length - 1;
  }
}

function isRunning(server: { readonly pid: number }): boolean {
  try {
    return server.pid > 0;
  } catch {
    return false;
  }
}
