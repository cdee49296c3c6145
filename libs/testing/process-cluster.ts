import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startTestNats, type TestNats } from './nats-server.js';
import { startTestPostgres, type TestPostgres } from './postgres.js';
import { RoleProcess } from './role-process.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/**
 * Postgres with fsync, nats-server and shard processes of the build in dist/, all real. Shards
 * reach Postgres through a proxy that can cut their connections; the tests' own pool does not.
 */
export class ProcessCluster {
  readonly shards = new Map<string, ShardProcess>();
  /** Everything but the shards. */
  private readonly others: RoleProcess[] = [];

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

  static async start(shardIds: readonly string[], env: Variables = {}): Promise<ProcessCluster> {
    const [postgres, nats] = await Promise.all([
      startTestPostgres({ durable: true }),
      startTestNats(),
    ]);
    const url = new URL(await postgres.createDatabase());
    const directUrl = url.href;
    await migrate(url.href);
    const pool = openPool(url.href, {
      applicationName: 'cluster',
      max: 4,
      answerWithinMs: limits.operatorAnswerMs,
    });
    const proxy = await startTcpProxy(postgres.port);
    url.port = String(proxy.port);
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-shards-'));
    const all = new ProcessCluster(postgres, nats, proxy, pool, directUrl, url.href, folder);
    try {
      await Promise.all(shardIds.map((shardId) => all.startShard(shardId, env)));
    } catch (error) {
      await all.stop();
      throw error;
    }
    return all;
  }

  /** Starts a shard, or starts it again, and waits until it serves. */
  async startShard(shardId: string, env: Variables = {}): Promise<ShardProcess> {
    const shard = new ShardProcess(shardId, path.join(this.folder, `${shardId}.log`), {
      DATABASE_URL: this.shardDatabaseUrl,
      ...this.nats.environmentOf('shard'),
      ...env,
    });
    this.shards.set(shardId, shard);
    await shard.ready();
    return shard;
  }

  /** A gateway on a free port. Ended by stop() at the latest. */
  async startGateway(name: string, env: Variables = {}): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(name, path.join(this.folder, `${name}.log`), {
      DATABASE_URL: this.databaseUrl,
      ...this.nats.environmentOf('gateway'),
      PORT: '0',
      HOST: '127.0.0.1',
      HOLDFAST_TOKEN_SECRET: 'a secret that all gateways of a test share',
      HOLDFAST_LOOPBACK_UNLIMITED: 'true',
      ...env,
    });
    this.others.push(gateway);
    await gateway.ready();
    return gateway;
  }

  /** Payments and the Stripe simulator that they pay with. Ended by stop() at the latest. */
  async startPayments(env: Variables = {}): Promise<RoleProcess> {
    const simulator = new RoleProcess({
      name: 'stripe',
      program: 'apps/payments/simulator/main.js',
      logFile: path.join(this.folder, 'stripe.log'),
      env: { PORT: '0', HOLDFAST_DATA_FILE: path.join(this.folder, 'stripe.data') },
    });
    this.others.push(simulator);
    await simulator.ready();
    const payments = new RoleProcess({
      name: 'payments',
      program: 'apps/payments/main.js',
      logFile: path.join(this.folder, 'payments.log'),
      env: {
        DATABASE_URL: this.databaseUrl,
        ...this.nats.environmentOf('payments'),
        STRIPE_SECRET_KEY: 'sk_test_cluster',
        STRIPE_API_BASE: this.stripeUrl,
        ...env,
      },
    });
    this.others.push(payments);
    await payments.ready();
    return payments;
  }

  /** Of all processes. */
  get logs(): string {
    return this.folder;
  }

  /** In which holdfastctl finds the system. */
  get operatorEnvironment(): Variables {
    return { DATABASE_URL: this.databaseUrl, ...this.nats.environmentOf('operator') };
  }

  /** Of the Stripe simulator that payments use. */
  get stripeUrl(): string {
    const simulator = this.others.find(({ name }) => name === 'stripe');
    if (simulator === undefined) throw new Error('no payments were started');
    return `http://127.0.0.1:${String(simulator.readyLine.port)}`;
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
    const processes = [...this.others, ...this.shards.values()];
    await Promise.all(processes.map((one) => one.kill()));
    await this.pool.end();
    await this.proxy.close();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** `node dist/apps/inventory-shard/main.js`, configured by environment only. */
export class ShardProcess extends RoleProcess {
  constructor(
    readonly shardId: string,
    logFile: string,
    env: Readonly<Record<string, string>>,
  ) {
    super({
      name: shardId,
      program: 'apps/inventory-shard/main.js',
      logFile,
      // A rehearsal is a second of work after each start; specs start a hundred shards.
      env: { HOLDFAST_REHEARSE: 'false', ...env, HOLDFAST_SHARD_ID: shardId },
    });
  }

  get incarnation(): string {
    return String(this.readyLine.incarnation);
  }
}

/** `node dist/apps/gateway/main.js`. */
export class GatewayProcess extends RoleProcess {
  constructor(name: string, logFile: string, env: Readonly<Record<string, string>>) {
    super({ name, program: 'apps/gateway/main.js', logFile, env });
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.readyLine.port)}`;
  }
}

export type Variables = Readonly<Record<string, string>>;

function isRunning(server: { readonly pid: number }): boolean {
  try {
    return server.pid > 0;
  } catch {
    return false;
  }
}
