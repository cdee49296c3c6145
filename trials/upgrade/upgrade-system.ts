import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { openPool } from '#libs/database/pool.js';
import { systemRandom } from '#libs/platform/random.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { runCommandLine } from '#ops/holdfastctl/holdfastctl.js';
import { Member } from './member.js';
import type { Build } from './older-build.js';

/**
 * What is upgraded: two shards, two payments processes and two gateways of one release, over a
 * Postgres with fsync, a NATS and a Stripe simulator, which stay. Data and logs are in a temporary
 * folder.
 */
export class UpgradeSystem {
  readonly members: Member[] = [];
  readonly gatewayUrls: string[] = [];
  stripeUrl = '';

  private constructor(
    readonly folder: string,
    private readonly postgres: TestPostgres,
    private readonly nats: TestNats,
    readonly databaseUrl: string,
    readonly pool: pg.Pool,
  ) {}

  static async start(build: Build, say: (line: string) => void): Promise<UpgradeSystem> {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-upgrade-'));
    say('Postgres and NATS start');
    const [postgres, nats] = await Promise.all([
      startTestPostgres({ durable: true, ownGroup: true }),
      startTestNats({ ownGroup: true, open: true }),
    ]);
    const url = await postgres.createDatabase();
    await build.migrate(url);
    const pool = openPool(url, { applicationName: 'hf-upgrade', max: 4, answerWithinMs: 10_000 });
    const system = new UpgradeSystem(folder, postgres, nats, url, pool);
    try {
      await system.startAll(build);
      say(`${system.members.map(({ name }) => name).join(', ')} serve; logs in ${folder}`);
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  of(role: Member['role']): readonly Member[] {
    return this.members.filter((member) => member.role === role);
  }

  /** As an operator does it, with the command of this build: its events are moved away. */
  async drain(shard: string): Promise<void> {
    let said = '';
    const hear = (text: string) => void (said += text);
    const code = await runCommandLine(['shard', 'drain', shard], {
      out: hear,
      err: hear,
      env: { DATABASE_URL: this.databaseUrl, ...this.nats.environmentOf('operator') },
    });
    if (code !== 0) throw new Error(`shard drain ${shard}: ${said.trim()}`);
  }

  /** From now on the broker asks everybody who he is, which the release before cannot say. */
  closeDoor(): void {
    this.nats.closeDoor();
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.pool.end();
    await Promise.all([this.nats.stop(), this.postgres.stop()]);
  }

  private async startAll(build: Build): Promise<void> {
    const stripePort = await freePort();
    this.stripeUrl = `http://127.0.0.1:${stripePort}`;
    const data = path.join(this.folder, 'stripe.data');
    await this.add(build, 'stripe', 'stripe', 'apps/payments/simulator/main.js', {
      PORT: String(stripePort),
      HOLDFAST_DATA_FILE: data,
    });
    const stripe = { STRIPE_SECRET_KEY: 'sk_test_upgrade', STRIPE_API_BASE: this.stripeUrl };
    const secret = systemRandom.token(40);
    for (const i of [1, 2]) {
      await this.add(build, 'payments', `payments-${i}`, 'apps/payments/main.js', stripe);
    }
    for (const i of [1, 2]) {
      const name = `shard-${i}`;
      const env = { HOLDFAST_SHARD_ID: name };
      await this.add(build, 'shard', name, 'apps/inventory-shard/main.js', env);
    }
    for (const i of [1, 2]) {
      const port = await freePort();
      this.gatewayUrls.push(`http://127.0.0.1:${port}`);
      await this.add(build, 'gateway', `gateway-${i}`, 'apps/gateway/main.js', {
        PORT: String(port),
        HOST: '127.0.0.1',
        HOLDFAST_TOKEN_SECRET: secret,
        HOLDFAST_LOOPBACK_UNLIMITED: 'true',
      });
    }
  }

  private async add(
    build: Build,
    role: Member['role'],
    name: string,
    program: string,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const surroundings = { NODE_ENV: 'production', DATABASE_URL: this.databaseUrl };
    const bus = role === 'stripe' ? {} : this.nats.environmentOf(role);
    const member = new Member(role, {
      name,
      program,
      logFile: path.join(this.folder, `${name}.log`),
      env: role === 'stripe' ? env : { ...surroundings, ...bus, ...env },
      ownGroup: true,
    });
    this.members.push(member);
    await member.start(build);
    await member.warm();
  }
}
