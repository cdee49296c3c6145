import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Pool } from 'pg';

import type { Bus } from '#libs/bus/bus.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { controlCall } from '#libs/bus/control-call.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';

import { subjects } from '#libs/contracts/subjects.js';
import type {
  BookCall,
  BookReply,
  GetBookingReply,
  ListBookingsReply,
} from '#libs/contracts/payments.js';
import { migrate } from '#libs/database/migrate.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { BookingId, HoldId, UserId } from '#libs/inventory/ids.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom } from '#libs/platform/random.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { startPayments, type PaymentsOptions } from '../payments.js';
import { startStripeSimulator, type StripeSimulator } from '../simulator/simulator.js';
import { fakeCatalogue } from './fake-catalogue.js';
import { FakeInventory } from './fake-inventory.js';

/**
 * Payments with everything around it: Postgres, the Stripe simulator, an inventory that keeps its
 * holds in the same database, and as many payments processes as a test starts.
 */
export interface PaymentsRig {
  readonly pool: Pool;
  readonly inventory: FakeInventory;
  readonly stripeUrl: string;
  /** For a process of its own: the database of the rig. */
  readonly databaseUrl: string;
  start(options?: StartOptions): Promise<StartedPayments>;
  stop(): Promise<void>;
}

export interface StartOptions extends Pick<PaymentsOptions, 'failpoint' | 'timings'> {
  readonly catalogue?: Catalogue;
  /** Another way to the rig's database, such as over a proxy. */
  readonly databaseUrl?: string;
}

export interface StartedPayments {
  book(call: TestBooking): Promise<BookReply>;
  get(userId: string, bookingId: BookingId): Promise<GetBookingReply>;
  list(userId: string, limit: number, cursor?: string | null): Promise<ListBookingsReply>;
  stop(): Promise<void>;
  /** As a power cut: nothing is finished, nothing given back. */
  crash(): Promise<void>;
}

/** The calls of a gateway over a bus. */
export type PaymentCalls = Pick<StartedPayments, 'book' | 'get' | 'list'>;

export interface TestBooking {
  readonly userId: string;
  readonly holdId: HoldId;
  readonly key: string;
  readonly token?: string;
  readonly returnUrl?: string;
  readonly waitMs?: number;
}

/** Short enough for tests that crash, long enough for a slow test machine. */
export const testTimings = { leaseMs: 900, scanMs: 100, pollMs: 20 };

export async function openRig(): Promise<PaymentsRig> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-payments-'));
  const postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  const pool = openPool(url, {
    applicationName: 'hf-test',
    max: 12,
    answerWithinMs: limits.paymentsAnswerMs,
  });
  const simulator = await startStripeSimulator({
    port: 0,
    dataFile: path.join(folder, 'stripe.log'),
    log: silentLog(),
  });
  return new Rig(folder, postgres, url, pool, simulator, await FakeInventory.create(pool));
}

class Rig implements PaymentsRig {
  private readonly running = new Set<StartedPayments>();

  constructor(
    private readonly folder: string,
    private readonly postgres: TestPostgres,
    private readonly url: string,
    readonly pool: Pool,
    private readonly simulator: StripeSimulator,
    readonly inventory: FakeInventory,
  ) {}

  get stripeUrl(): string {
    return `http://127.0.0.1:${this.simulator.port}`;
  }

  get databaseUrl(): string {
    return this.url;
  }

  async start({ databaseUrl, ...options }: StartOptions = {}): Promise<StartedPayments> {
    const broker = new MemoryBroker({
      clock: systemClock,
      random: systemRandom,
      log: silentLog(),
    });
    const database = openPool(databaseUrl ?? this.url, {
      applicationName: 'hf-payments',
      max: 12,
      answerWithinMs: limits.paymentsAnswerMs,
    });
    const bus = broker.connect('payments');
    const payments = await startPayments({
      config: {
        STRIPE_SECRET_KEY: 'sk_test_rig',
        STRIPE_API_BASE: this.stripeUrl,
      },
      bus,
      database,
      inventory: this.inventory,
      catalogue: fakeCatalogue,
      clock: systemClock,
      random: systemRandom,
      log: silentLog(),
      metrics: new Metrics({ processMetrics: false }),
      timings: testTimings,
      ...options,
    });
    let ended = false;
    const end = async (first: () => Promise<void>): Promise<void> => {
      if (ended) return;
      ended = true;
      this.running.delete(started);
      await first();
    };
    const started: StartedPayments = {
      ...callsOver(broker.connect('gateway')),
      stop: () =>
        end(async () => {
          await payments.stop();
          await database.end();
        }),
      crash: () =>
        end(async () => {
          // Without its database a process can neither finish a step nor give anything back.
          await database.end();
          await payments.stop();
        }),
    };
    this.running.add(started);
    return started;
  }

  async stop(): Promise<void> {
    for (const started of this.running) await started.stop();
    await this.simulator.stop();
    await this.pool.end();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function callsOver(bus: Bus): PaymentCalls {
  const call = async <Reply>(pattern: string, body: unknown): Promise<Reply> => {
    const reply = await controlCall<Reply>(bus, subjects.payments(pattern), body, 40_000);
    if (reply.kind !== 'ok') throw new Error(`${pattern}: ${JSON.stringify(reply)}`);
    return reply.body;
  };
  return {
    book: ({ userId, holdId, key, token = 'pm_card_visa', waitMs = 10_000, returnUrl }) => {
      const body: BookCall = {
        userId: userId as UserId,
        holdId,
        paymentToken: token,
        idempotencyKey: key,
        waitMs,
        ...(returnUrl === undefined ? {} : { returnUrl }),
      };
      return call<BookReply>('book', body);
    },
    get: (userId, bookingId) => call<GetBookingReply>('get', { userId, bookingId }),
    list: (userId, limit, cursor = null) =>
      call<ListBookingsReply>('list', { userId, limit, cursor }),
  };
}
