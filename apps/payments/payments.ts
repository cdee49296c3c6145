import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import type { Pool } from 'pg';

import type { Bus } from '#libs/bus/bus.js';
import { BusStrategy } from '#libs/bus/nest-strategy.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { minimumsOfVariable } from '#libs/contracts/money/minimums-variable.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Metrics } from '#libs/platform/metrics.js';
import { NestLogger } from '#libs/platform/nest-logger.js';
import type { Random } from '#libs/platform/random.js';
import type { Tracer } from '#libs/platform/tracer.js';

import { BookingService } from './bookings/booking-service.js';
import { DeclineWatch } from './bookings/declines.js';
import type { PaymentsConfig } from './config.js';
import { watchSagas } from './payments-metrics.js';
import { PaymentsModule, type PaymentsPorts } from './payments.module.js';
import { openStripe } from './provider/open-stripe.js';
import { ProviderWatch } from './provider/provider-watch.js';
import { createStripeProvider } from './provider/stripe-provider.js';
import { DailyReconciliation, lastReconciled } from './reconcile/daily.js';
import { readBooks } from './reconcile/provider-books.js';
import { CancellationRunner } from './cancellation/cancellation-runner.js';
import { CancellationTable } from './cancellation/cancellation-table.js';
import { DisputeRunner } from './disputes/dispute-runner.js';
import { DisputeTable } from './disputes/dispute-table.js';
import { RefundRunner } from './refunds/refund-runner.js';
import { RefundTable } from './refunds/refund-table.js';
import { AttemptSpans } from './saga/attempt-spans.js';
import { SagaRunner } from './saga/saga-runner.js';
import { SettledCounts } from './saga/settled-counts.js';
import { Settlements } from './saga/settlements.js';
import { PostgresAttemptStore } from './store/postgres-attempt-store.js';
import { WebhookService } from './webhooks/webhook-service.js';

export interface PaymentsOptions {
  readonly config: Pick<PaymentsConfig, Extract<keyof PaymentsConfig, `STRIPE_${string}`>>;
  readonly bus: Bus;
  readonly database: Pool;
  /** For the daily comparison alone: limits.booksQueryMs for an answer. */
  readonly booksDatabase: Pool;
  readonly inventory: InventoryClient;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where its numbers go. */
  readonly metrics: Metrics;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
  /** For tests. */
  readonly timings?: PaymentsPorts['timings'];
  readonly failpoint?: PaymentsPorts['failpoint'];
  readonly refundFailpoint?: PaymentsPorts['refundFailpoint'];
}

export interface RunningPayments {
  /** It can take more work: NATS is connected and there is room for an attempt. */
  ready(): boolean;
  /** Takes no new calls, lets running steps end, gives leases back. */
  stop(): Promise<void>;
}

/** The role `payments`: answers on the bus for money, and works the saga and refunds off. */
export async function startPayments(options: PaymentsOptions): Promise<RunningPayments> {
  const { bus, clock, log, metrics } = options;
  const strategy = new BusStrategy({
    bus,
    log,
    queue: 'payments',
    subjectOf: subjects.payments,
    callsAtOnceMax: limits.bookCallsMax,
  });
  const app = await NestFactory.createMicroservice(PaymentsModule.over(portsOf(options)), {
    logger: new NestLogger(log),
    abortOnError: false,
    strategy,
  });
  const runner = app.get(SagaRunner);
  const unwatch = watchSagas({
    metrics,
    store: app.get(PostgresAttemptStore),
    refunds: app.get(RefundTable),
    disputes: app.get(DisputeTable),
    cancellations: app.get(CancellationTable),
    runner,
    settlements: app.get(Settlements),
    declines: app.get(DeclineWatch),
    webhooks: app.get(WebhookService),
    bookings: app.get(BookingService),
    daily: dailyOf(options),
    lastReconciled: () => lastReconciled(options.database),
    clock,
    log,
  });
  const others = [app.get(RefundRunner), app.get(DisputeRunner), app.get(CancellationRunner)];
  runner.start();
  for (const one of others) one.start();
  await app.listen();
  return {
    ready: () => bus.connected && !runner.full,
    async stop() {
      unwatch();
      strategy.silence();
      await app.get(BookingService).begun();
      // Those who wait for an attempt are woken by the runner, so that their calls can end.
      const stops = [runner, ...others].map((one) => one.stop());
      await Promise.all([app.close(), ...stops]);
    },
  };
}

/** A reader: it may wait longer than a saga, and the SDK may repeat what it asks. */
function dailyOf({ config, booksDatabase, clock, log }: PaymentsOptions): DailyReconciliation {
  const stripe = openStripe({
    secretKey: config.STRIPE_SECRET_KEY,
    apiBase: config.STRIPE_API_BASE,
    timeoutMs: limits.booksAnswerMs,
    retriesMax: 2,
  });
  const books = (sinceMs: number) => readBooks(stripe, sinceMs);
  return new DailyReconciliation({ pool: booksDatabase, books, clock, log });
}

function portsOf(options: PaymentsOptions): PaymentsPorts {
  const { config, clock, log, metrics, random, tracer = null } = options;
  const spans = new AttemptSpans(tracer, clock);
  const watch = new ProviderWatch(metrics, spans);
  const { payments, refunds, disputes } = createStripeProvider({
    secretKey: config.STRIPE_SECRET_KEY,
    apiBase: config.STRIPE_API_BASE,
    timeoutMs: limits.providerTimeoutMs,
    minimums: minimumsOfVariable(config.STRIPE_MINIMUM_AMOUNTS),
    clock,
    log,
    watch,
  });
  return {
    database: options.database,
    inventory: options.inventory,
    catalogue: options.catalogue,
    provider: payments,
    refunds,
    disputes,
    webhookSecrets: [config.STRIPE_WEBHOOK_SECRET, config.STRIPE_SECOND_WEBHOOK_SECRET].filter(
      (secret) => secret !== undefined,
    ),
    apiBase: config.STRIPE_API_BASE,
    clock,
    random,
    log,
    spans,
    providerMs: () => watch.times.recentMs(clock.monotonicMs()),
    counts: new SettledCounts(metrics),
    worker: `payments-${random.token(12)}`,
    ...(options.timings === undefined ? {} : { timings: options.timings }),
    ...(options.failpoint === undefined ? {} : { failpoint: options.failpoint }),
    ...(options.refundFailpoint === undefined ? {} : { refundFailpoint: options.refundFailpoint }),
  };
}
