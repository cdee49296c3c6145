import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { startTestPostgres, type TestPostgres } from './postgres.js';
import { RoleProcess } from './role-process.js';
import { importSmallEvent } from './sale.js';
import type { EventId } from '#libs/inventory/ids.js';

const tokenSecret = 'a secret of at least 32 characters';

/**
 * What a client of Holdfast meets: gateway, shard, payments and the Stripe simulator of the build
 * in dist/, in one process, over a Postgres of their own.
 */
export class WholeSystem {
  /** Of its gateway. */
  readonly tokenSecret = tokenSecret;

  private constructor(
    readonly url: string,
    readonly databaseUrl: string,
    private readonly postgres: TestPostgres,
    private readonly process: RoleProcess,
    private readonly folder: string,
  ) {}

  /** `env`: added to the environment of its process. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<WholeSystem> {
    const postgres = await startTestPostgres();
    const databaseUrl = await postgres.createDatabase();
    await migrate(databaseUrl);
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-whole-'));
    const stripePort = await freePort();
    const all = new RoleProcess({
      name: 'single',
      program: 'ops/start/single.js',
      logFile: path.join(folder, 'single.log'),
      env: {
        DATABASE_URL: databaseUrl,
        PORT: '0',
        HOST: '127.0.0.1',
        HOLDFAST_TOKEN_SECRET: tokenSecret,
        HOLDFAST_LOOPBACK_UNLIMITED: 'true',
        STRIPE_SECRET_KEY: 'sk_test_whole',
        STRIPE_API_BASE: `http://127.0.0.1:${stripePort}`,
        HOLDFAST_SIMULATOR_PORT: String(stripePort),
        HOLDFAST_DATA_FILE: path.join(folder, 'stripe.data'),
        ...env,
      },
    });
    try {
      await all.ready();
      const url = `http://127.0.0.1:${String(all.readyLine.port)}`;
      return new WholeSystem(url, databaseUrl, postgres, all, folder);
    } catch (error) {
      await all.kill('SIGKILL');
      await postgres.stop();
      throw error;
    }
  }

  /** Puts an event of 640 seats on sale. */
  async addEvent(eventId: string, holdMs: number): Promise<void> {
    const url = this.databaseUrl;
    const pool = openPool(url, { applicationName: 'whole-system', max: 1, answerWithinMs: 10_000 });
    try {
      await importSmallEvent(pool, eventId as EventId, holdMs);
    } finally {
      await pool.end();
    }
  }

  async stop(): Promise<void> {
    await this.process.kill('SIGKILL');
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
