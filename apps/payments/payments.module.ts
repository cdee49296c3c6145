import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Pool } from 'pg';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import { AttemptParts } from './bookings/attempt-parts.js';
import { BookingReader } from './bookings/booking-reader.js';
import { BookingService } from './bookings/booking-service.js';
import { BookingViews } from './bookings/booking-views.js';
import { DeclineWatch } from './bookings/declines.js';
import { CancellationDesk } from './cancellation/cancellation-desk.js';
import { CancellationRunner } from './cancellation/cancellation-runner.js';
import { CancellationTable } from './cancellation/cancellation-table.js';
import { PaymentsController } from './payments.controller.js';
import { PAYMENTS_PACE } from './payments-pace.js';
import { DisputeRunner } from './disputes/dispute-runner.js';
import { DisputeTable } from './disputes/dispute-table.js';
import type {
  DisputeProvider,
  PaymentProvider,
  ProviderPatience,
  ProviderRest,
  RefundProvider,
} from './provider/provider.js';
import { RefundDesk } from './refunds/refund-desk.js';
import { RefundRunner, type RefundPorts } from './refunds/refund-runner.js';
import { RefundTable } from './refunds/refund-table.js';
import type { AttemptSpans } from './saga/attempt-spans.js';
import { SagaRunner, type SagaRunnerOptions } from './saga/saga-runner.js';
import type { SettledCounts } from './saga/settled-counts.js';
import { Settlements } from './saga/settlements.js';
import { PostgresAttemptStore } from './store/postgres-attempt-store.js';
import { ChallengePages } from './webhooks/challenge-pages.js';
import { WebhookService } from './webhooks/webhook-service.js';

/** What the module is built from; everything that is not pure comes in here. */
export interface PaymentsPorts {
  readonly database: Pool;
  readonly inventory: InventoryClient;
  readonly catalogue: Catalogue;
  readonly provider: PaymentProvider & ProviderRest;
  readonly refunds: RefundProvider & ProviderPatience;
  readonly disputes: DisputeProvider;
  /** See WebhookPorts. */
  readonly webhookSecrets: readonly string[];
  /** See ChallengePages. */
  readonly apiBase: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Names this start of this process in leases. */
  readonly worker: string;
  readonly spans: AttemptSpans;
  /** How long the provider takes of late; null: nothing was asked of it. */
  readonly providerMs: () => number | null;
  readonly counts: SettledCounts;
  readonly timings?: Partial<PaymentsTimings>;
  readonly failpoint?: SagaRunnerOptions['failpoint'];
  readonly refundFailpoint?: RefundPorts['failpoint'];
}

export interface PaymentsTimings {
  readonly leaseMs: number;
  readonly refundLeaseMs: number;
  readonly scanMs: number;
  readonly pollMs: number;
  readonly cancellationPageMs: number;
  readonly cancellationRoundMs: number;
}

@Module({})
export class PaymentsModule {
  static over(ports: PaymentsPorts): DynamicModule {
    const timings: PaymentsTimings = {
      leaseMs: limits.sagaLeaseMs,
      refundLeaseMs: limits.refundLeaseMs,
      scanMs: limits.sagaScanMs,
      pollMs: limits.sagaPollMs,
      cancellationPageMs: limits.cancellationPaceMs,
      cancellationRoundMs: limits.cancellationRoundMs,
      ...ports.timings,
    };
    return {
      module: PaymentsModule,
      controllers: [PaymentsController],
      providers: [
        { provide: PAYMENTS_PACE, useValue: ports.providerMs },
        {
          provide: PostgresAttemptStore,
          useFactory: () => new PostgresAttemptStore(ports.database, ports.worker, timings.leaseMs),
        },
        {
          provide: BookingViews,
          useFactory: () => new BookingViews(ports.catalogue),
        },
        ...refundProviders(ports, timings),
        ...disputeProviders(ports, timings),
        ...cancellationProviders(ports, timings),
        {
          provide: Settlements,
          inject: [PostgresAttemptStore],
          useFactory: (store: PostgresAttemptStore) =>
            new Settlements(ports.clock, timings.pollMs, (ids) => store.answerableAmong(ids)),
        },
        {
          provide: SagaRunner,
          inject: [PostgresAttemptStore, Settlements],
          useFactory: (store: PostgresAttemptStore, settlements: Settlements) =>
            runnerOf(ports, timings, store, settlements),
        },
        webhookProvider(ports),
        {
          provide: ChallengePages,
          useFactory: () => new ChallengePages(ports.apiBase),
        },
        { provide: DeclineWatch, useFactory: () => new DeclineWatch(ports) },
        {
          provide: BookingService,
          inject: [PostgresAttemptStore, BookingViews, SagaRunner, Settlements, DeclineWatch],
          useFactory: (
            store: PostgresAttemptStore,
            views: BookingViews,
            runner: SagaRunner,
            settlements: Settlements,
            declines: DeclineWatch,
          ) =>
            new BookingService({
              store,
              views,
              runner,
              settlements,
              catalogue: ports.catalogue,
              random: ports.random,
              declines,
              provider: ports.provider,
              log: ports.log,
            }),
        },
      ],
    };
  }
}

function runnerOf(
  ports: PaymentsPorts,
  timings: PaymentsTimings,
  store: PostgresAttemptStore,
  settlements: Settlements,
): SagaRunner {
  const parts = new AttemptParts(ports.database, ports.catalogue);
  return new SagaRunner({
    store,
    settlements,
    ports: {
      inventory: ports.inventory,
      provider: ports.provider,
      bookedPlaces: (bookingId) => store.bookedPlaces(bookingId),
      lookLate: (attempt) => store.lookLate(attempt),
      partsOf: (attempt, hold) => parts.of(attempt, hold),
      clock: ports.clock,
      leaseMs: timings.leaseMs,
      traced: () => ports.spans.call(),
    },
    spans: ports.spans,
    counts: ports.counts,
    clock: ports.clock,
    random: ports.random,
    log: ports.log,
    inWorkMax: limits.sagasInWorkMax,
    scanMs: timings.scanMs,
    ...(ports.failpoint === undefined ? {} : { failpoint: ports.failpoint }),
  });
}

const refundProviders = (ports: PaymentsPorts, timings: PaymentsTimings): Provider[] => [
  {
    provide: BookingReader,
    inject: [BookingViews],
    useFactory: (views: BookingViews) => new BookingReader(ports.database, views),
  },
  {
    provide: RefundTable,
    useFactory: () => new RefundTable(ports.database, ports.worker, timings.refundLeaseMs),
  },
  {
    provide: RefundRunner,
    inject: [RefundTable],
    useFactory: (table: RefundTable) => refundsOf(ports, timings, table),
  },
  {
    provide: RefundDesk,
    inject: [RefundTable, RefundRunner, BookingViews],
    useFactory: (table: RefundTable, runner: RefundRunner, views: BookingViews) =>
      new RefundDesk({
        pool: ports.database,
        table,
        catalogue: ports.catalogue,
        views,
        wake: () => runner.wake(),
        random: ports.random,
        log: ports.log,
      }),
  },
];

const disputeProviders = (ports: PaymentsPorts, timings: PaymentsTimings): Provider[] => [
  {
    provide: DisputeTable,
    useFactory: () => new DisputeTable(ports.database, ports.worker, timings.refundLeaseMs),
  },
  {
    provide: DisputeRunner,
    inject: [DisputeTable],
    useFactory: (table: DisputeTable) => {
      const { disputes: provider, clock, random, log } = ports;
      return new DisputeRunner({ table, provider, clock, random, log, scanMs: timings.scanMs });
    },
  },
];

const cancellationProviders = (ports: PaymentsPorts, timings: PaymentsTimings): Provider[] => [
  {
    provide: CancellationTable,
    useFactory: () =>
      new CancellationTable(ports.database, ports.worker, timings.refundLeaseMs, {
        pageMs: timings.cancellationPageMs,
        roundMs: timings.cancellationRoundMs,
      }),
  },
  {
    provide: CancellationRunner,
    inject: [CancellationTable, RefundTable, RefundRunner],
    useFactory: (table: CancellationTable, refunds: RefundTable, runner: RefundRunner) => {
      const { inventory, clock, random, log } = ports;
      return new CancellationRunner({
        ...{ table, refunds, inventory, clock, random, log },
        wakeRefunds: () => runner.wake(),
        scanMs: timings.cancellationPageMs / 2,
      });
    },
  },
  {
    provide: CancellationDesk,
    inject: [CancellationTable, CancellationRunner],
    useFactory: (table: CancellationTable, runner: CancellationRunner) => {
      const { database: pool, log } = ports;
      return new CancellationDesk({ pool, table, wake: () => runner.wake(), log });
    },
  },
];

function refundsOf(
  ports: PaymentsPorts,
  { scanMs }: PaymentsTimings,
  table: RefundTable,
): RefundRunner {
  const { inventory, refunds: provider, clock, random, log, refundFailpoint: failpoint } = ports;
  return new RefundRunner({
    ...{ table, inventory, provider, patience: provider, clock, random, log, scanMs },
    ...(failpoint === undefined ? {} : { failpoint }),
  });
}

const webhookProvider = (ports: PaymentsPorts): Provider => ({
  provide: WebhookService,
  inject: [PostgresAttemptStore, SagaRunner, RefundRunner, DisputeRunner],
  useFactory: (
    store: PostgresAttemptStore,
    runner: SagaRunner,
    refunds: RefundRunner,
    disputes: DisputeRunner,
  ) => webhooksOf(ports, store, [runner, refunds, disputes]),
});

function webhooksOf(
  { webhookSecrets: secrets, clock, log }: PaymentsPorts,
  store: PostgresAttemptStore,
  workers: readonly { wake(): void }[],
): WebhookService {
  const wake = (): void => workers.forEach((worker) => worker.wake());
  return new WebhookService({ store, wake, secrets, clock, log });
}
