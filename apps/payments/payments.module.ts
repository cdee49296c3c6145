import { Module, type DynamicModule } from '@nestjs/common';
import type { Pool } from 'pg';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { InventoryClient } from '#libs/ownership/client.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import { BookingReader } from './bookings/booking-reader.js';
import { BookingService } from './bookings/booking-service.js';
import { PaymentsController } from './payments.controller.js';
import type { PaymentProvider } from './provider/provider.js';
import { SagaRunner, type SagaRunnerOptions } from './saga/saga-runner.js';
import { Settlements } from './saga/settlements.js';
import { AttemptStore } from './store/attempt-store.js';

/** What the module is built from; everything that is not pure comes in here. */
export interface PaymentsPorts {
  readonly database: Pool;
  readonly inventory: InventoryClient;
  readonly catalogue: Catalogue;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Names this start of this process in leases. */
  readonly worker: string;
  readonly timings?: Partial<PaymentsTimings>;
  readonly failpoint?: SagaRunnerOptions['failpoint'];
}

export interface PaymentsTimings {
  readonly leaseMs: number;
  readonly scanMs: number;
  readonly pollMs: number;
}

export const PAYMENTS_PORTS = Symbol('payments ports');

@Module({})
export class PaymentsModule {
  static over(ports: PaymentsPorts): DynamicModule {
    const timings: PaymentsTimings = {
      leaseMs: limits.sagaLeaseMs,
      scanMs: limits.sagaScanMs,
      pollMs: limits.sagaPollMs,
      ...ports.timings,
    };
    return {
      module: PaymentsModule,
      controllers: [PaymentsController],
      providers: [
        { provide: PAYMENTS_PORTS, useValue: ports },
        {
          provide: AttemptStore,
          useFactory: () => new AttemptStore(ports.database, ports.worker, timings.leaseMs),
        },
        {
          provide: BookingReader,
          useFactory: () => new BookingReader(ports.database, ports.catalogue),
        },
        {
          provide: Settlements,
          inject: [AttemptStore],
          useFactory: (store: AttemptStore) =>
            new Settlements(ports.clock, timings.pollMs, (ids) => store.settledAmong(ids)),
        },
        {
          provide: SagaRunner,
          inject: [AttemptStore, Settlements],
          useFactory: (store: AttemptStore, settlements: Settlements) =>
            runnerOf(ports, timings, store, settlements),
        },
        {
          provide: BookingService,
          inject: [AttemptStore, BookingReader, SagaRunner, Settlements],
          useFactory: (
            store: AttemptStore,
            reader: BookingReader,
            runner: SagaRunner,
            settlements: Settlements,
          ) =>
            new BookingService({
              store,
              reader,
              runner,
              settlements,
              catalogue: ports.catalogue,
              random: ports.random,
            }),
        },
      ],
    };
  }
}

function runnerOf(
  ports: PaymentsPorts,
  timings: PaymentsTimings,
  store: AttemptStore,
  settlements: Settlements,
): SagaRunner {
  return new SagaRunner({
    store,
    settlements,
    ports: {
      inventory: ports.inventory,
      provider: ports.provider,
      isBooked: (bookingId) => store.isBooked(bookingId),
    },
    clock: ports.clock,
    random: ports.random,
    log: ports.log,
    inWorkMax: limits.sagasInWorkMax,
    scanMs: timings.scanMs,
    ...(ports.failpoint === undefined ? {} : { failpoint: ports.failpoint }),
  });
}
