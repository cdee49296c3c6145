import type { PaymentProvider, ProviderResult } from '#apps/payments/provider/provider.js';
import { isSettled, type Attempt } from '#apps/payments/saga/attempt.js';
import { SagaRunner } from '#apps/payments/saga/saga-runner.js';
import { Settlements } from '#apps/payments/saga/settlements.js';
import type { NewAttempt } from '#apps/payments/store/attempt-store.js';
import { MemoryAttempts, MemoryAttemptStore } from '#apps/payments/store/memory-attempt-store.js';
import type { BookingId, EventId, HoldId } from '#libs/inventory/ids.js';
import type { SaleRules } from '#libs/inventory/inventory.js';
import { silentLog } from '#libs/platform/log.js';
import type { CallResult, InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { Weather } from '../sim/faults/weather.js';
import type { Swarm } from '../sim/faults/swarm.js';
import { SeededRandom } from '../sim/ground/seeded-random.js';
import { Bank, type TakenBack } from '../sim/payments/bank.js';

export const paymentMs = 30_000;
/** A hold is over when its payment has had its time. */
const waits = { holdTtlMs: 10_000, paymentTtlMs: paymentMs };
const leaseMs = 5_000;
const scanMs = 100;
const seats = [1, 2];
const house = [{ seats: '......' }, { seats: '......' }, { seats: '..wc..' }];
const eventId = 'evt_one' as EventId;
const [ann, bookingId, holdId] = ['ann', 'bkg_one', 'rsv_one'];

const nothingTakenBack: TakenBack = { isOpen: () => false, withdrawnOf: () => 0 };

/** How it ended, by the journal and by the bank, which know nothing of each other. */
export interface Ending {
  readonly state: string;
  readonly reason: string | null;
  /** Of the booking that lives; empty: none does. */
  readonly seats: readonly number[];
  /** Captured and not given back. */
  readonly paidMinor: number;
  /** Reserved, neither captured nor let go. */
  readonly isReserved: boolean;
  /** What became of the hold, in the journal's order. */
  readonly facts: readonly string[];
}

/**
 * One order of one buyer: the core that sells, the saga that pays, and a bank, on a clock that only
 * moves when told. Ann holds two seats and pays for them; a spec says what happens meanwhile.
 */
export class OneOrder {
  readonly clock = new VirtualClock();
  readonly core: DeciderSpec;
  /** Called before the owner decides on a command of a payment, at that very moment. */
  beforeDecision: (type: string) => void = () => undefined;
  /** And right after it. */
  afterDecision: (type: string) => void = () => undefined;
  /** Before the bank's answer to an authorisation is on its way. */
  bankTakesMs = 0;
  private readonly table: MemoryAttempts;
  private readonly bank: Bank;
  private runner: SagaRunner;
  private crashesAfter: string | null = null;

  constructor(
    rules: Partial<SaleRules> = {},
    private readonly acceptsAlternative = false,
  ) {
    const layout = plainLayout(house);
    this.core = new DeciderSpec(layout, plainRules({ ...waits, ...rules }));
    this.core.given(send.fact({ type: 'SaleOpened', atMs: this.clock.nowMs() }));
    this.run(send.holdSeats(holdId, seats), ann);
    const nowMs = () => this.clock.nowMs();
    this.table = new MemoryAttempts(nowMs, (booking) => this.placesOf(booking));
    const random = new SeededRandom('one order');
    const weather = new Weather({ intensity: {} } as Swarm, random);
    weather.calm = true;
    this.bank = new Bank(weather, random, this.clock, nothingTakenBack);
    this.runner = this.startProcess('first');
  }

  run(command: ReturnType<typeof send.holdSeats>, user: string): unknown {
    return this.core.run(command, { user, at: this.clock.nowMs() });
  }

  /** She has paid for another hold since, of which our tables know. */
  async payForAnother(another: string): Promise<void> {
    const attemptId = `att_${another}`;
    const newer = { attemptId, bookingId: `bkg_${another}`, holdId: `rsv_${another}` };
    await this.insert({ ...newer, idempotencyKey: another });
    this.run(send.holdSeats(newer.holdId, [8]), ann);
    this.run(send.beginPayment(newer.holdId, attemptId), ann);
    this.run(send.bookHold(newer.holdId, newer.bookingId, attemptId), ann);
  }

  get attempt(): Attempt {
    return [...this.table.rows.values()][0].attempt;
  }

  /** Ann pays, and time passes. `crashesAfter`: her process dies when that step was done. */
  async pay(forMs: number, crashesAfter: string | null = null): Promise<void> {
    this.crashesAfter = crashesAfter;
    const made = await this.insert({
      ...{ attemptId: 'att_one', bookingId, holdId, idempotencyKey: 'key' },
    });
    const place = this.runner.reserve(eventId);
    if (made.kind !== 'new' || place === null) throw new Error('nothing was begun');
    this.runner.take(made.attempt, place);
    await this.clock.advance(forMs);
  }

  /** Another process finds what the first left, when its lease is over; the bank says a word. */
  async goOn(word: string): Promise<void> {
    const { attemptId } = this.attempt;
    this.runner = this.startProcess('second');
    await new MemoryAttemptStore(this.table, 'second', leaseMs).hear({
      ...{ eventId: word, type: 'payment_intent.amount_capturable_updated', attemptId },
      ...{ refundId: null, disputeId: null, createdAtMs: this.clock.nowMs() },
    });
    this.runner.start();
    await this.clock.advance(2 * leaseMs);
  }

  async end(): Promise<Ending> {
    if (!isSettled(this.attempt.state)) await this.goOn('evt_last');
    const stopped = this.runner.stop();
    await this.clock.advance(leaseMs);
    await stopped;
    const { state, reason } = this.attempt;
    const charges = [...this.bank.charges.values()];
    const captured = charges.filter((charge) => charge.status === 'captured');
    const moves = ['SeatsBooked', 'SeatsBookedLate', 'HoldExpired'];
    return {
      state,
      reason,
      seats: this.placesOf(bookingId as BookingId)?.seats ?? [],
      paidMinor: captured.reduce((sum, { request }) => sum + request.amountMinor, 0),
      isReserved: charges.some(({ status }) => status === 'authorised' || status === 'processing'),
      facts: this.core.facts
        .filter((one) => 'holdId' in one && one.holdId === (holdId as HoldId))
        .map(({ type }) => type)
        .filter((type) => moves.includes(type)),
    };
  }

  private insert(ids: Record<'attemptId' | 'bookingId' | 'holdId' | 'idempotencyKey', string>) {
    const wanted = {
      ...{ ...ids, userId: ann, eventId, acceptsAlternative: this.acceptsAlternative },
      ...{ fingerprint: 'print', paymentToken: 'pm_good', returnUrl: null },
      ...{ currency: 'EUR', currencyDigits: 2 },
      ...{ trace: 'trace', span: null, tokenKey: null, addressKey: null },
    };
    const store = new MemoryAttemptStore(this.table, 'first', leaseMs);
    return store.insert(wanted as unknown as NewAttempt);
  }

  private placesOf(booking: BookingId) {
    const found = this.core.state.bookings.get(booking);
    return found === undefined ? null : { seats: [...found.seats], areas: [...found.areas] };
  }

  private startProcess(worker: string): SagaRunner {
    const { clock, table } = this;
    const store = new MemoryAttemptStore(table, worker, leaseMs);
    return new SagaRunner({
      store,
      settlements: new Settlements(clock, scanMs, (ids) => store.answerableAmong(ids)),
      ports: {
        inventory: { call: (call) => this.decide(call) } as InventoryClient,
        provider: this.provider(),
        bookedPlaces: (booking) => store.bookedPlaces(booking),
        lookLate: (attempt) => store.lookLate(attempt),
        clock,
        leaseMs,
      },
      clock,
      random: new SeededRandom(worker),
      log: silentLog(),
      inWorkMax: 16,
      scanMs,
      failpoint: (at, step) => {
        if (at !== 'after' || step !== this.crashesAfter || worker !== 'first') return;
        throw new Error('the process died');
      },
    });
  }

  private decide({ request, commandId, userId }: InventoryCall): Promise<CallResult> {
    this.beforeDecision(request.type);
    const sender = { user: userId, at: this.clock.nowMs(), id: commandId, keyed: true };
    const decision = this.core.run(request as Parameters<DeciderSpec['run']>[0], sender);
    this.afterDecision(request.type);
    const replayed = decision.kind === 'replayed';
    const answer = replayed ? decision.answer : decision;
    return Promise.resolve({ kind: 'answered', answer, replayed });
  }

  private provider(): PaymentProvider {
    const { bank, clock } = this;
    const after = (ms: number, result: ProviderResult): Promise<ProviderResult> =>
      new Promise((resolve) => void clock.after(ms, () => resolve(result)));
    return {
      authorise: (request) => after(this.bankTakesMs, bank.authorise(request)),
      spendKey: (request) => Promise.resolve(bank.spendKey(request)),
      recall: (request) => Promise.resolve(bank.recall(request)),
      find: (attemptId, window) => Promise.resolve(bank.find(attemptId, window)),
      inspect: (intentId) => Promise.resolve(bank.inspect(intentId)),
      capture: (intentId, key) => Promise.resolve(bank.capture(intentId, key)),
      cancel: (intentId, key) => Promise.resolve(bank.cancel(intentId, key)),
      refund: (intentId, key) => Promise.resolve(bank.refund(intentId, key)),
    };
  }
}
