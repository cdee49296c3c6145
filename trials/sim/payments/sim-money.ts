import { MemoryRefunds, MemoryRefundTable } from '#apps/payments/refunds/memory-refund-table.js';
import type { RefundAsk, Requested } from '#apps/payments/refunds/refund-ask.js';
import type { Refund, RefundId } from '#apps/payments/refunds/refund.js';
import { isSettled } from '#apps/payments/saga/attempt.js';
import { MemoryAttempts } from '#apps/payments/store/memory-attempt-store.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookCall } from '#libs/contracts/payments.js';
import type { HoldId, UserId } from '#libs/inventory/inventory.js';
import { factsOf } from '../ground/facts-of.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimBus } from '../ground/sim-bus.js';
import {
  faultMsMax,
  givesBack,
  timedMoneyFaults,
  wallErrorMsMax,
  type TimedMoneyFault,
} from '../faults/swarm.js';
import type { Ground } from '../ground/ground.js';
import { BankDisputes } from './bank-disputes.js';
import { Bank } from './bank.js';
import { EventCancellers } from './event-cancellers.js';
import { MemoryCancellations } from './memory-cancellations.js';
import { MemoryDisputes } from './memory-disputes.js';
import { judgeMoney, type MoneyVerdict } from './judge-money.js';
import { Payer, type Till, type Told } from './payer.js';
import { RefundPeople, type RefundCounter, type ToldOfRefund } from './refund-people.js';
import { SimPaymentsProcess, type Heard, type SharedMoney } from './sim-payments-process.js';
import type { SagaDeeds } from './witness.js';

const names = ['p1', 'p2'];
const restartMsMax = 3_000;

/**
 * The money of a simulated run: two payments processes over one table and one provider, those who
 * start them again, and what goes wrong with them. Its chance is its own, so a run without it is
 * the run it was before.
 */
export class SimMoney implements Till, RefundCounter, SharedMoney {
  readonly bank: Bank;
  readonly bankDisputes: BankDisputes;
  readonly attempts: MemoryAttempts;
  readonly refunds: MemoryRefunds;
  readonly cancellations: MemoryCancellations;
  readonly disputes: MemoryDisputes;
  readonly deeds: SagaDeeds = new Map();
  readonly told: Told[] = [];
  readonly toldOfRefunds: ToldOfRefund[] = [];
  private readonly random: SeededRandom;
  private readonly processes: SimPaymentsProcess[] = [];
  private readonly payers = new Map<UserId, Payer>();
  private generation = 0;

  constructor(
    private readonly ground: Ground,
    readonly through: SharedMoney['through'],
    readonly backThrough: SharedMoney['backThrough'],
  ) {
    this.random = ground.random.fork('money');
    this.bankDisputes = new BankDisputes(this.random.fork('disputes'), ground);
    const { bankDisputes } = this;
    this.bank = new Bank(ground.weather, this.random.fork('bank'), ground.clock, bankDisputes);
    this.attempts = new MemoryAttempts(
      () => ground.clock.nowMs(),
      (bookingId) =>
        ground.store.bookings().find((row) => {
          return row.bookingId === bookingId && row.cancelledAtMs === null;
        }) ?? null,
    );
    const feeRule = { feeMinor: 30, untilMs: Infinity, isOpen: true, currencyDigits: 2 };
    this.disputes = new MemoryDisputes(this.attempts, limits.sagaLeaseMs);
    this.refunds = new MemoryRefunds(
      this.attempts,
      factLevelNewest,
      () => feeRule,
      (attemptId) => this.disputes.ofPayment(attemptId),
    );
    bankDisputes.onNews((id) => this.disputes.hear(id));
    this.bank.onNews((id) => this.refunds.hear(id as RefundId));
    this.cancellations = new MemoryCancellations(this.refunds, ground.store, limits.sagaLeaseMs);
  }

  get buses(): readonly SimBus[] {
    return this.live.map(({ bus }) => bus);
  }

  start(): void {
    names.forEach((_, index) => this.startProcess(index));
    for (const kind of timedMoneyFaults) this.schedule(kind);
    const { ground, random } = this;
    this.bankDisputes.start(this.bank);
    new EventCancellers(this.cancellations, random.fork('cancel'), ground).start();
    if (!givesBack(ground.swarm)) return;
    const table = new MemoryRefundTable(this.refunds, 0);
    new RefundPeople(this, table, random.fork('back'), ground).start();
  }

  pay(userId: UserId, holdId: HoldId): Promise<void> {
    const random = this.random.fork(userId);
    const payer = this.payers.get(userId) ?? new Payer(userId, random, this, this.ground);
    this.payers.set(userId, payer);
    return payer.pay(holdId);
  }

  book(call: BookCall, random: SeededRandom): Promise<Heard> {
    return random.pick(this.processes).book(call);
  }

  askForRefund(ask: RefundAsk, random: SeededRandom): Promise<Requested | null> {
    return random.pick(this.processes).refund(ask);
  }

  /** kill -9 of a payments process; its name, null when there is none alive. */
  crash(): string | null {
    const victim = this.victim();
    victim?.process.kill();
    return victim?.process.name ?? null;
  }

  /** Every attempt is in a final state, and whatever goes back is back. */
  settled(): boolean {
    const { attempts, refunds, cancellations, disputes, bank, bankDisputes } = this;
    return (
      [...attempts.rows.values()].every(({ attempt }) => isSettled(attempt.state)) &&
      [...refunds.rows.values()].every(({ refund }) => isOver(refund)) &&
      [...disputes.rows.values()].every(({ dispute, hintsSeen }) => dispute.hints === hintsSeen) &&
      [bank, bankDisputes].every(({ isQuiet }) => isQuiet) &&
      [...cancellations.rows.values()].every(({ cancellation }) => cancellation.state === 'DONE')
    );
  }

  /** Clocks are right, everybody runs. */
  heal(): void {
    for (const { process } of this.processes) {
      process.setWall(0, 0);
      process.resume();
    }
  }

  judge(): MoneyVerdict {
    return judgeMoney({
      attempts: [...this.attempts.rows.values()],
      ledger: this.attempts.ledger,
      charges: [...this.bank.charges.values()],
      bookings: this.ground.store.bookings(),
      told: this.told,
      refunds: [...this.refunds.rows.values()],
      bankRefunds: this.bank.refunds,
      bookedSeats: (eventId) => this.ground.store.bookedSeats(eventId),
      toldOfRefunds: this.toldOfRefunds,
      disputes: [...this.disputes.rows.values()],
      knownDisputes: this.disputes.known,
      bankDisputes: this.bankDisputes.all,
      cancellations: [...this.cancellations.rows.values()],
      factsOf: (eventId) => factsOf(this.ground.store, eventId),
    });
  }

  private get live(): SimPaymentsProcess[] {
    return this.processes.filter(({ process }) => process.running);
  }

  private victim(): SimPaymentsProcess | null {
    const { live } = this;
    return live.length === 0 ? null : this.random.pick(live);
  }

  private startProcess(index: number): void {
    const { ground, random } = this;
    this.generation += 1;
    const started = new SimPaymentsProcess(names[index], this.generation, this, ground);
    this.processes[index] = started;
    started.process.onDeath(() => {
      ground.trace.note(started.process.name, 'is dead');
      const waitMs = ground.weather.calm ? 100 : random.between(50, restartMsMax);
      ground.clock.after(waitMs, () => this.startProcess(index));
    });
  }

  private schedule(kind: TimedMoneyFault): void {
    const { ground, random } = this;
    const perMinute = ground.swarm.intensity[kind];
    if (perMinute === 0) return;
    ground.clock.after(random.waitMs(perMinute), () => {
      if (ground.weather.calm) return;
      this.strike(kind);
      this.schedule(kind);
    });
  }

  private strike(kind: TimedMoneyFault): void {
    const { ground, random } = this;
    const victim = this.victim();
    if (victim === null) return;
    const { process, bus } = victim;
    ground.weather.count(kind);
    ground.trace.note('nemesis', `${kind}: ${process.name}`);
    const later = (end: () => void, mostMs = faultMsMax): void => {
      ground.untilHealed(random.between(10, mostMs), end);
    };
    switch (kind) {
      case 'payments_pause':
        // Longer than a lease, at times.
        process.pause();
        return later(() => process.resume(), 2 * faultMsMax);
      case 'payments_clock':
        return process.setWall(random.between(-1, 1) * wallErrorMsMax, 0);
      case 'payments_cut':
        bus.cut();
        return later(() => bus.restore());
      case 'payments_silent':
        bus.silent.in = random.chance(0.6);
        bus.silent.out = !bus.silent.in || random.chance(0.5);
        return later(() => {
          bus.silent.in = false;
          bus.silent.out = false;
        });
      case 'payments_restart':
        return void victim.stop();
    }
  }
}

/** News that nobody has looked at may change it. */
const isOver = ({ state, hints, hintsSeen }: Refund): boolean =>
  (state === 'DONE' || state === 'CLOSED') && hints === hintsSeen;
