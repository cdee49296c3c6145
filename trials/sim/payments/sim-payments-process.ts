import { BookingService } from '#apps/payments/bookings/booking-service.js';
import { DeclineWatch } from '#apps/payments/bookings/declines.js';
import { BookingViews } from '#apps/payments/bookings/booking-views.js';
import { SagaRunner } from '#apps/payments/saga/saga-runner.js';
import { Settlements } from '#apps/payments/saga/settlements.js';
import {
  MemoryAttemptStore,
  type MemoryAttempts,
} from '#apps/payments/store/memory-attempt-store.js';
import type { PaymentProvider } from '#apps/payments/provider/provider.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import { createInventoryClient } from '#libs/routing/inventory-client.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { SimBus } from '../ground/sim-bus.js';
import { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import type { Bank } from './bank.js';
import { FaultyAttempts } from './faulty-attempts.js';
import { ProviderLine } from './provider-line.js';
import { WitnessedInventory, type SagaDeeds } from './witness.js';

/** What a buyer hears; null: the connection broke. */
export type Heard = BookReply | null;

/** What all payments processes of a run share, and what outlives each of them. */
export interface SharedMoney {
  readonly bank: Bank;
  readonly attempts: MemoryAttempts;
  readonly deeds: SagaDeeds;
  /** Another way to the payment provider, for mutations. */
  readonly through: ((line: PaymentProvider) => PaymentProvider) | undefined;
}

/** One start of one payments process, without Nest: what it is wired of is the production code. */
export class SimPaymentsProcess {
  readonly process: SimProcess;
  readonly bus: SimBus;
  private readonly runner: SagaRunner;
  private readonly service: BookingService;
  private readonly random: SeededRandom;
  private readonly open = new Set<(heard: Heard) => void>();
  private stopping = false;

  constructor(
    readonly name: string,
    generation: number,
    money: SharedMoney,
    private readonly ground: Ground,
  ) {
    const { clock: base, network, catalogue } = ground;
    this.process = new SimProcess(`${name}.${generation}`, base);
    const { clock } = this.process;
    this.bus = new SimBus(network, this.process, 'payments');
    this.random = ground.random.fork(this.process.name);
    const [random, log] = [this.random.fork('saga'), ground.logOf(this.process.name)];
    const table = new MemoryAttemptStore(money.attempts, this.process.name, limits.sagaLeaseMs);
    const way = this.random.fork('table');
    const store = new FaultyAttempts(table, this.process, way, ground);
    const clientId = `${name}-${generation}`;
    const client = createInventoryClient({
      bus: this.bus,
      clock,
      random,
      log,
      clientId,
      locationsMax: 100,
    });
    const line = new ProviderLine(money.bank, this.process, this.random.fork('provider'), ground);
    const settlements = new Settlements(clock, limits.sagaPollMs, (ids) =>
      store.answerableAmong(ids),
    );
    this.runner = new SagaRunner({
      store,
      settlements,
      ports: {
        inventory: new WitnessedInventory(client, money.deeds, ground),
        provider: money.through?.(line) ?? line,
        bookedPlaces: (bookingId) => store.bookedPlaces(bookingId),
        lookLate: (attempt) => store.lookLate(attempt),
        clock,
        leaseMs: limits.sagaLeaseMs,
      },
      clock,
      random,
      log,
      inWorkMax: limits.sagasInWorkMax,
      scanMs: limits.sagaScanMs,
    });
    const views = new BookingViews(catalogue);
    const { runner } = this;
    const declines = new DeclineWatch({ clock, log });
    const provider = { restMs: () => 0 };
    const ports = { store, views, runner, settlements, catalogue, random, declines, log };
    this.service = new BookingService({ ...ports, provider });
    this.process.onDeath(() => {
      for (const done of [...this.open]) done(null);
    });
    this.runner.start();
  }

  get alive(): boolean {
    return !this.process.dead;
  }

  /** A buyer's request, as a gateway passes it on. */
  book(call: BookCall): Promise<Heard> {
    if (this.process.dead || this.stopping) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (heard: Heard): void => {
        this.open.delete(done);
        resolve(heard);
      };
      this.open.add(done);
      this.ground.clock.after(this.random.between(0.1, 1), () => {
        this.process.arrive(() => {
          this.service.book(call).then(done, () => done(null));
        });
      });
    });
  }

  /** SIGTERM. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.runner.stop();
    this.process.kill();
  }
}
