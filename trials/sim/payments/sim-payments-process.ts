import { BookingService } from '#apps/payments/bookings/booking-service.js';
import { DeclineWatch } from '#apps/payments/bookings/declines.js';
import { BookingViews } from '#apps/payments/bookings/booking-views.js';
import { SagaRunner } from '#apps/payments/saga/saga-runner.js';
import { Settlements } from '#apps/payments/saga/settlements.js';
import {
  MemoryAttemptStore,
  type MemoryAttempts,
} from '#apps/payments/store/memory-attempt-store.js';
import { DisputeRunner } from '#apps/payments/disputes/dispute-runner.js';
import {
  MemoryRefundTable,
  type MemoryRefunds,
} from '#apps/payments/refunds/memory-refund-table.js';
import type { RefundAsk, Requested } from '#apps/payments/refunds/refund-ask.js';
import { RefundRunner } from '#apps/payments/refunds/refund-runner.js';
import type { PaymentProvider, RefundProvider } from '#apps/payments/provider/provider.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import { createInventoryClient } from '#libs/routing/inventory-client.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { SimBus } from '../ground/sim-bus.js';
import { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import type { BankDisputes } from './bank-disputes.js';
import type { Bank } from './bank.js';
import { givesBack, isOn } from '../faults/swarm.js';
import { CancellationRunner } from '#apps/payments/cancellation/cancellation-runner.js';
import { FaultyAttempts } from './faulty-attempts.js';
import { FaultyCancellations } from './faulty-cancellations.js';
import { FaultyDisputes } from './faulty-disputes.js';
import { FaultyRefunds } from './faulty-refunds.js';
import type { MemoryCancellations } from './memory-cancellations.js';
import type { MemoryDisputes } from './memory-disputes.js';
import { ProviderLine } from './provider-line.js';
import { WitnessedInventory, type SagaDeeds } from './witness.js';

/** What a buyer hears; null: the connection broke. */
export type Heard = BookReply | null;

/** What all payments processes of a run share, and what outlives each of them. */
export interface SharedMoney {
  readonly bank: Bank;
  readonly bankDisputes: BankDisputes;
  readonly attempts: MemoryAttempts;
  readonly refunds: MemoryRefunds;
  readonly cancellations: MemoryCancellations;
  readonly disputes: MemoryDisputes;
  readonly deeds: SagaDeeds;
  /** Another way to the payment provider, for mutations. */
  readonly through: ((line: PaymentProvider) => PaymentProvider) | undefined;
  /** The same for what goes back. */
  readonly backThrough: ((line: RefundProvider) => RefundProvider) | undefined;
}

/** One start of one payments process, without Nest: what it is wired of is the production code. */
export class SimPaymentsProcess {
  readonly process: SimProcess;
  readonly bus: SimBus;
  private readonly runner: SagaRunner;
  private readonly service: BookingService;
  private readonly refunds: FaultyRefunds;
  /** null: nobody wants anything back in this run. */
  private readonly refundRunner: RefundRunner | null;
  /** For what comes after a payment, as far as anything does in this run. */
  private readonly others: readonly (RefundRunner | CancellationRunner | DisputeRunner)[];
  private readonly random: SeededRandom;
  private readonly open = new Set<() => void>();
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
    const line = new ProviderLine(
      money.bank,
      money.bankDisputes,
      this.process,
      this.random.fork('provider'),
      ground,
    );
    const inventory = new WitnessedInventory(client, money.deeds, ground);
    const settlements = new Settlements(clock, limits.sagaPollMs, (ids) =>
      store.answerableAmong(ids),
    );
    this.runner = new SagaRunner({
      store,
      settlements,
      ports: {
        inventory,
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
    this.refunds = this.tableOf(money.refunds);
    this.refundRunner = givesBack(ground.swarm)
      ? this.refunderOf(inventory, money.backThrough?.(line) ?? line)
      : null;
    this.others = this.othersOf(money, inventory, line);
    const views = new BookingViews(catalogue);
    const { runner } = this;
    const declines = new DeclineWatch({ clock, log });
    const ports = { store, views, runner, settlements, catalogue, random, declines, log };
    this.service = new BookingService({ ...ports, provider: { restMs: () => 0 } });
    this.process.onDeath(() => {
      for (const broken of [...this.open]) broken();
    });
    this.runner.start();
    for (const other of this.others) other.start();
  }

  get alive(): boolean {
    return !this.process.dead;
  }

  /** A buyer's request, as a gateway passes it on. */
  book(call: BookCall): Promise<Heard> {
    return this.asked(() => this.service.book(call));
  }

  /** Who wants something back; the runner of this process is woken by it. */
  refund(ask: RefundAsk): Promise<Requested | null> {
    return this.asked(async () => {
      const requested = await this.refunds.request(ask);
      this.refundRunner?.wake();
      return requested;
    });
  }

  private tableOf(refunds: MemoryRefunds): FaultyRefunds {
    const table = new MemoryRefundTable(refunds, limits.sagaLeaseMs);
    return new FaultyRefunds(table, this.process, this.random.fork('refunds'), this.ground);
  }

  private refunderOf(inventory: WitnessedInventory, provider: RefundProvider): RefundRunner {
    const { process, ground, refunds: table } = this;
    return new RefundRunner({
      ...{ table, inventory, provider, clock: process.clock },
      patience: { waitMs: () => 0 },
      log: ground.logOf(process.name),
      random: this.random.fork('give back'),
      scanMs: limits.refundScanMs,
    });
  }

  private othersOf(money: SharedMoney, inventory: WitnessedInventory, line: ProviderLine) {
    const { random, refundRunner } = this;
    const { swarm } = this.ground;
    return [
      ...(refundRunner === null ? [] : [refundRunner]),
      ...(isOn(swarm, 'cancel_event')
        ? [this.cancellerOf(money, inventory, random.fork('cancel'))]
        : []),
      ...(isOn(swarm, 'dispute') ? [this.disputesOf(money, line, random.fork('disputes'))] : []),
    ];
  }

  private disputesOf(
    { disputes }: SharedMoney,
    provider: ProviderLine,
    random: SeededRandom,
  ): DisputeRunner {
    const { process, ground } = this;
    return new DisputeRunner({
      table: new FaultyDisputes(disputes, process, random.fork('table'), ground),
      ...{ provider, random, clock: process.clock, scanMs: limits.sagaScanMs },
      log: ground.logOf(process.name),
    });
  }

  private cancellerOf(
    { cancellations }: SharedMoney,
    inventory: WitnessedInventory,
    random: SeededRandom,
  ): CancellationRunner {
    const { process, ground, refunds } = this;
    return new CancellationRunner({
      table: new FaultyCancellations(cancellations, process, random.fork('table'), ground),
      ...{ refunds, inventory, random, clock: process.clock },
      wakeRefunds: () => this.refundRunner?.wake(),
      log: ground.logOf(process.name),
      scanMs: limits.cancellationPaceMs / 2,
    });
  }

  /** null: the connection broke. */
  private asked<Reply>(work: () => Promise<Reply>): Promise<Reply | null> {
    if (this.process.dead || this.stopping) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (heard: Reply | null): void => {
        this.open.delete(broken);
        resolve(heard);
      };
      const broken = (): void => done(null);
      this.open.add(broken);
      this.ground.clock.after(this.random.between(0.1, 1), () => {
        this.process.arrive(() => {
          work().then(done, broken);
        });
      });
    });
  }

  /** SIGTERM. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.runner.stop();
    for (const other of this.others) await other.stop();
    this.process.kill();
  }
}
