import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Pool } from 'pg';

import type { Bus } from '#libs/bus/bus.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { controlCall } from '#libs/bus/control-call.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';

import { subjects } from '#libs/contracts/subjects.js';
import type { CancellationReply } from '#libs/contracts/event-cancellation.js';
import type {
  BookCall,
  BookReply,
  CancelCall,
  GetBookingCall,
  GetBookingReply,
  ListBookingsReply,
  RefundCall,
  RefundReply,
  WebhookCall,
  WebhookReply,
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
import {
  startStripeSimulator,
  type SimulatorOptions,
  type StripeSimulator,
} from '../simulator/simulator.js';
import { fakeCatalogue, showId } from './fake-catalogue.js';
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
  /** The provider as if it had made so many intents for others meanwhile. */
  addIntentsOfOthers(count: number): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions extends Pick<
  PaymentsOptions,
  'failpoint' | 'refundFailpoint' | 'timings'
> {
  readonly catalogue?: Catalogue;
  /** Another way to the rig's database, such as over a proxy. */
  readonly databaseUrl?: string;
}

export interface StartedPayments {
  book(call: TestBooking): Promise<BookReply>;
  get(
    userId: string,
    bookingId: BookingId,
    more?: Pick<GetBookingCall, 'cancelling'>,
  ): Promise<GetBookingReply>;
  webhook(body: Buffer | string, signature: string): Promise<WebhookReply>;
  list(userId: string, limit: number, cursor?: string | null): Promise<ListBookingsReply>;
  refund(call: TestRefund): Promise<RefundReply>;
  cancel(call: TestCancelling): Promise<RefundReply>;
  cancelEvent(feePerPlaceMinor?: number): Promise<CancellationReply>;
  cancellation(): Promise<CancellationReply>;
  stop(): Promise<void>;
  /** As a power cut: nothing is finished, nothing given back. */
  crash(): Promise<void>;
}

/** The calls of a gateway over a bus. */
export type PaymentCalls = Omit<StartedPayments, 'stop' | 'crash'>;

export interface TestBooking {
  readonly userId: string;
  readonly holdId: HoldId;
  readonly key: string;
  readonly token?: string;
  readonly returnUrl?: string;
  readonly waitMs?: number;
}

export type TestRefund = Pick<RefundCall, 'bookingId'> & {
  readonly key: string;
} & Partial<RefundCall>;

export type TestCancelling = Pick<CancelCall, 'bookingId'> & {
  readonly key: string;
  readonly userId?: string;
} & Partial<Pick<CancelCall, 'wish' | 'amountMinor'>>;

/** Of the simulator's webhooks. */
export const webhookSecret = 'whsec_rig';

/** Short enough for tests that crash, long enough for a slow test machine. */
export const testTimings = {
  ...{ leaseMs: 900, refundLeaseMs: 900, scanMs: 100, pollMs: 20 },
  ...{ cancellationPageMs: 40, cancellationRoundMs: 80 },
};

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
  const started: StartedPayments[] = [];
  const listener = await hookFor(started);
  const { port } = listener.address() as AddressInfo;
  const provider = {
    webhook: { url: `http://127.0.0.1:${port}/`, secret: webhookSecret, types: null },
    dataFile: path.join(folder, 'stripe.log'),
    log: silentLog(),
  };
  const simulator = await startStripeSimulator({ ...provider, port: 0 });
  const inventory = await FakeInventory.create(pool);
  const parts = { folder, postgres, url, provider, simulator, listener, started };
  return new Rig(parts, pool, inventory);
}

interface RigParts {
  readonly folder: string;
  readonly postgres: TestPostgres;
  readonly url: string;
  readonly provider: Omit<SimulatorOptions, 'port'>;
  /** Another one after a restart. */
  simulator: StripeSimulator;
  readonly listener: Server;
  /** The newest comes last. */
  readonly started: StartedPayments[];
}

/** In a gateway's place: hands what the simulator says to the newest payments process. */
async function hookFor(started: readonly StartedPayments[]): Promise<Server> {
  const listener = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const signature = request.headers['stripe-signature'] ?? '';
      const said = started.at(-1)?.webhook(Buffer.concat(parts), String(signature));
      const answer = (kind: string): void => {
        response.writeHead(kind === 'recorded' ? 200 : 503).end();
      };
      (said ?? Promise.reject(new Error('nobody'))).then(
        ({ kind }) => answer(kind),
        () => answer('nobody'),
      );
    });
  });
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  return listener;
}

class Rig implements PaymentsRig {
  constructor(
    private readonly parts: RigParts,
    readonly pool: Pool,
    readonly inventory: FakeInventory,
  ) {}

  get stripeUrl(): string {
    return `http://127.0.0.1:${this.parts.simulator.port}`;
  }

  get databaseUrl(): string {
    return this.parts.url;
  }

  async start({ databaseUrl, ...options }: StartOptions = {}): Promise<StartedPayments> {
    const broker = new MemoryBroker({
      clock: systemClock,
      random: systemRandom,
      log: silentLog(),
    });
    const database = openPool(databaseUrl ?? this.parts.url, {
      applicationName: 'hf-payments',
      max: 12,
      answerWithinMs: limits.paymentsAnswerMs,
    });
    const bus = broker.connect('payments');
    const payments = await startPayments({
      config: {
        STRIPE_SECRET_KEY: 'sk_test_rig',
        STRIPE_API_BASE: this.stripeUrl,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
      },
      bus,
      database,
      booksDatabase: database,
      inventory: this.inventory,
      catalogue: fakeCatalogue,
      clock: systemClock,
      random: systemRandom,
      log: silentLog(),
      metrics: new Metrics({ processMetrics: false }),
      timings: testTimings,
      ...options,
    });
    const running = this.parts.started;
    let ended = false;
    const end = async (first: () => Promise<void>): Promise<void> => {
      if (ended) return;
      ended = true;
      running.splice(running.indexOf(started), 1);
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
    running.push(started);
    return started;
  }

  /** Over its file, which it reads when it starts: by its API they would take it 15 s. */
  async addIntentsOfOthers(count: number): Promise<void> {
    const { parts } = this;
    const made = await fetch(`${this.stripeUrl}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_others' },
      body: 'amount=900&currency=eur&metadata[attempt_id]=att_other',
    });
    const intent = (await made.json()) as object;
    const intents = Array.from({ length: count }, (_, i) => ({ ...intent, id: `pi_other${i}` }));
    const { port } = parts.simulator;
    await parts.simulator.stop();
    await appendFile(parts.provider.dataFile, `${JSON.stringify({ intents })}\n`);
    parts.simulator = await startStripeSimulator({ ...parts.provider, port });
  }

  async stop(): Promise<void> {
    const { started, simulator, listener, postgres, folder } = this.parts;
    for (const one of [...started]) await one.stop();
    await simulator.stop();
    listener.close();
    await this.pool.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
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
    webhook: (body, signature) => {
      const sent: WebhookCall = { body: Buffer.from(body), signature };
      return call<WebhookReply>('webhook', sent);
    },
    get: (userId, bookingId, more) => call<GetBookingReply>('get', { userId, bookingId, ...more }),
    list: (userId, limit, cursor = null) =>
      call<ListBookingsReply>('list', { userId, limit, cursor }),
    refund: ({ key, ...rest }) => {
      const body: RefundCall = {
        asker: 'sue',
        role: 'support',
        reason: 'asked for it',
        idempotencyKey: key,
        wish: { what: 'whole' },
        ...rest,
      };
      return call<RefundReply>('refund', body);
    },
    cancel: ({ key, userId = 'usr_ada', ...rest }) => {
      const body: CancelCall = {
        userId: userId as UserId,
        idempotencyKey: key,
        wish: { what: 'whole' },
        ...rest,
      };
      return call<RefundReply>('cancel', body);
    },
    cancelEvent: (feePerPlaceMinor = 0) =>
      call<CancellationReply>('cancel_event', {
        ...{ eventId: showId, asker: 'olga', role: 'organiser', reason: 'the band is ill' },
        feePerPlaceMinor,
      }),
    cancellation: () => call<CancellationReply>('cancellation', { eventId: showId }),
  };
}
