import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { systemRandom } from '#libs/platform/random.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { makeCertificate, type CertificateFiles } from '#libs/testing/certificates.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import {
  startTestPostgres,
  type TestPostgres,
  type TestPostgresOptions,
} from '#libs/testing/postgres.js';
import { startTcpProxy, type TcpProxy } from '#libs/testing/tcp-proxy.js';
import { findFakeTime, mountSmallDisk, type Allowed, type SmallDisk } from './host.js';
import { Keeper } from './keeper.js';
import { makeOtherHost, type OtherHost } from './other-host.js';

/** Which of the machine's abilities the chosen faults need. */
export interface Wishes {
  readonly smallDisk: boolean;
  readonly otherHost: boolean;
  readonly fakeTime: boolean;
  readonly tls: boolean;
  /** Told to a gateway (not over TLS), or never told though they are expected; absent: none. */
  readonly webhooks?: 'told' | 'lost';
}

const notWished = { missing: 'not asked for' };
/** Runs under another clock, where the machine allows it. */
const strangeClockShard = 'shard-2';
/** Runs on another host, where the machine allows it. */
const farShard = 'shard-3';
const walSettings = {
  max_wal_size: '64MB',
  min_wal_size: '32MB',
  wal_recycle: 'off',
  // What a standby needs that is copied while the primary works.
  wal_keep_size: '64MB',
};

/**
 * A whole system for the nemesis: Postgres with fsync, NATS, three shards, two gateways, two
 * payments processes and the Stripe simulator. Every process reaches Postgres and NATS over lines
 * of its own, which can be cut, delayed and jammed. Data and logs are in a temporary folder.
 */
export class ChaosSystem {
  readonly keepers: Keeper[] = [];
  readonly gatewayUrls: string[] = [];
  stripeUrl = '';
  /** Of the gateways' tokens. */
  readonly tokenSecret = systemRandom.token(40);

  private constructor(
    readonly folder: string,
    private primary: TestPostgres,
    readonly nats: TestNats,
    /** The nemesis' and the judge's own, which nothing cuts. */
    private readonly ownLine: TcpProxy,
    readonly databaseUrl: string,
    readonly pool: pg.Pool,
    private readonly webhooks: Wishes['webhooks'],
    readonly disk: Allowed<SmallDisk>,
    readonly host: Allowed<OtherHost>,
    readonly fakeTime: Allowed<string>,
    /** One for all servers; it signs itself. null: no TLS. */
    private readonly pair: CertificateFiles | null,
  ) {}

  static async start(wishes: Wishes, say: (line: string) => void): Promise<ChaosSystem> {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-chaos-'));
    const disk = wishes.smallDisk ? await mountSmallDisk() : notWished;
    const host = wishes.otherHost ? await makeOtherHost() : notWished;
    const fakeTime = wishes.fakeTime ? findFakeTime() : notWished;
    const addresses = 'got' in host ? [host.got.address] : [];
    const pair = wishes.tls ? await makeCertificate(folder, 'holdfast', { addresses }) : null;
    say('Postgres and NATS start');
    const [postgres, nats] = await Promise.all([
      startTestPostgres(serverOptions(disk, pair)),
      startTestNats({ ownGroup: true, ...natsTls(pair) }),
    ]);
    const ownLine = await startTcpProxy(postgres.port);
    const direct = new URL(await postgres.createDatabase());
    direct.port = String(ownLine.port);
    if (pair !== null) {
      direct.searchParams.set('sslmode', 'verify-full');
      direct.searchParams.set('sslrootcert', pair.cert);
    }
    const url = direct.href;
    await migrate(url);
    const pool = openPool(url, { applicationName: 'hf-chaos', max: 4, answerWithinMs: 10_000 });
    const allowed = [disk, host, fakeTime, pair] as const;
    const base = [folder, postgres, nats, ownLine, url, pool] as const;
    const system = new ChaosSystem(...base, wishes.webhooks, ...allowed);
    try {
      await system.#startProcesses(say);
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The server that has the address of the database now. */
  get postgres(): TestPostgres {
    return this.primary;
  }

  /** Who signed for the gateways; null: they speak plainly. */
  ca(): Promise<string | null> {
    return this.pair === null ? Promise.resolve(null) : readFile(this.pair.cert, 'utf8');
  }

  get farShard(): string {
    return farShard;
  }

  /** A copy of the primary that follows it. */
  startStandby(): Promise<TestPostgres> {
    const { dataFolder, port } = this.primary;
    const running = this.primary.url;
    return startTestPostgres({
      ...serverOptions(this.disk, this.pair),
      standbyOf: { dataFolder, port, running },
    });
  }

  /** Gives another server the address of the database. */
  failOver(to: TestPostgres): void {
    this.primary = to;
    this.pointAt(to, this.keepers);
    this.ownLine.retarget(to.port);
    this.ownLine.cutAll();
  }

  /** Only these believe that the address is there. */
  pointAt(server: TestPostgres, keepers: readonly Keeper[]): void {
    for (const { lines } of keepers) {
      lines?.postgres.retarget(server.port);
      lines?.postgres.cutAll();
    }
  }

  of(role: Keeper['role']): Keeper[] {
    return this.keepers.filter((keeper) => keeper.role === role);
  }

  /** The shard whose clock can be set; null where that is not possible. */
  get strangeClock(): { readonly shard: string; set(offsetMs: number): Promise<void> } | null {
    if (!('got' in this.fakeTime)) return null;
    const file = this.#clockFile;
    const set = (offsetMs: number) => writeFile(file, offsetText(offsetMs));
    return { shard: strangeClockShard, set };
  }

  async stop(): Promise<void> {
    await Promise.all(this.keepers.map((keeper) => keeper.stop()));
    await this.pool.end();
    const lines = this.keepers.flatMap(({ lines: pair }) =>
      pair === null ? [] : [pair.postgres, pair.nats],
    );
    await Promise.all([...lines, this.ownLine].map((line) => line.close()));
    if (this.postgres.running) await this.postgres.kill('SIGCONT');
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
    if ('got' in this.disk) await this.disk.got.release();
    if ('got' in this.host) await this.host.got.release();
  }

  get #clockFile(): string {
    return path.join(this.folder, 'clock');
  }

  async #startProcesses(say: (line: string) => void): Promise<void> {
    await writeFile(this.#clockFile, offsetText(0));
    const stripePort = await freePort();
    this.stripeUrl = `http://127.0.0.1:${stripePort}`;
    const gatewayPorts = [await freePort(), await freePort()];
    const { pair, webhooks } = this;
    const scheme = pair === null ? 'http' : 'https';
    const secret = { STRIPE_WEBHOOK_SECRET: systemRandom.token(40) };
    const hook = {
      ...secret,
      STRIPE_WEBHOOK_URL: `${scheme}://127.0.0.1:${gatewayPorts[0]}/v1/stripe/webhook`,
    };
    await this.#keep('stripe', 'stripe', 'apps/payments/simulator/main.js', {
      PORT: String(stripePort),
      HOLDFAST_DATA_FILE: path.join(this.folder, 'stripe.log'),
      ...(webhooks === 'told' ? hook : {}),
    });
    const shards = ['shard-1', strangeClockShard, farShard].map((name) =>
      this.#keep('shard', name, 'apps/inventory-shard/main.js', { HOLDFAST_SHARD_ID: name }),
    );
    const stripe = {
      STRIPE_SECRET_KEY: 'sk_test_chaos',
      STRIPE_API_BASE: this.stripeUrl,
      ...(webhooks === undefined ? {} : secret),
    };
    const payments = ['payments-1', 'payments-2'].map((name) =>
      this.#keep('payments', name, 'apps/payments/main.js', stripe),
    );
    const tls =
      pair === null ? {} : { HOLDFAST_TLS_CERT: pair.cert, HOLDFAST_TLS_CERT_KEY: pair.key };
    const gateways = gatewayPorts.map(async (port, index) => {
      const name = `gateway-${index + 1}`;
      this.gatewayUrls.push(`${scheme}://127.0.0.1:${port}`);
      await this.#keep('gateway', name, 'apps/gateway/main.js', {
        PORT: String(port),
        HOST: '127.0.0.1',
        HOLDFAST_TOKEN_SECRET: this.tokenSecret,
        HOLDFAST_LOOPBACK_UNLIMITED: 'true',
        ...tls,
      });
    });
    await Promise.all([...shards, ...payments, ...gateways]);
    say(`${this.keepers.map(({ name }) => name).join(', ')} serve; logs in ${this.folder}`);
  }

  async #keep(
    role: Keeper['role'],
    name: string,
    program: string,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const far = name === farShard && 'got' in this.host ? this.host.got : null;
    const address = far?.address ?? '127.0.0.1';
    const lines = role === 'stripe' ? null : await this.#linesAt(address);
    const keeper = new Keeper(
      role,
      {
        name,
        program,
        logFile: path.join(this.folder, `${name}.log`),
        env: { ...this.#surroundings(role, lines, address), ...this.#clockOf(name), ...env },
        ownGroup: true,
        ...(far === null ? {} : { prefix: far.prefix }),
      },
      lines,
    );
    this.keepers.push(keeper);
    await keeper.start();
  }

  async #linesAt(host: string) {
    const [postgres, nats] = await Promise.all([
      startTcpProxy(this.postgres.port, { host }),
      startTcpProxy(this.nats.port, { host }),
    ]);
    return { postgres, nats };
  }

  #surroundings(
    role: Keeper['role'],
    lines: Keeper['lines'],
    address: string,
  ): Record<string, string> {
    if (lines === null || role === 'stripe') return {};
    const database = new URL(this.databaseUrl);
    database.host = `${address}:${lines.postgres.port}`;
    return {
      NODE_ENV: 'production',
      DATABASE_URL: database.href,
      ...this.nats.environmentOf(role),
      NATS_URL: `${this.pair === null ? 'nats' : 'tls'}://${address}:${lines.nats.port}`,
    };
  }

  /** Only the wall clock is strange: no machine's monotonic clock jumps. */
  #clockOf(name: string): Record<string, string> {
    if (name !== strangeClockShard || !('got' in this.fakeTime)) return {};
    return {
      LD_PRELOAD: this.fakeTime.got,
      FAKETIME_TIMESTAMP_FILE: this.#clockFile,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    };
  }
}

function natsTls(pair: CertificateFiles | null) {
  if (pair === null) return {};
  const both = { ...pair, ca: pair.cert };
  return { tls: { server: both, client: both } };
}

function serverOptions(
  disk: Allowed<SmallDisk>,
  pair: CertificateFiles | null,
): TestPostgresOptions {
  const parent = 'got' in disk ? { parent: disk.got.folder } : {};
  const settings = { ...walSettings, log_min_messages: 'warning' };
  const tls = pair === null ? {} : { tls: pair };
  return { durable: true, ownGroup: true, settings, ...parent, ...tls };
}

const offsetText = (offsetMs: number): string =>
  `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs / 1_000).toFixed(3)}\n`;
