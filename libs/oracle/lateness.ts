import type { EventCancelled, Fact, SeatsBookedLate } from '#libs/inventory/facts.js';
import type { Charges } from './charges.js';
import type { HistoryPlan } from './history.js';
import { quantities, sameMembers, sameQuantities, type Model } from './model.js';
import type { ExpectOfFact } from './places.js';

/** What may be sold to whom when it is late, and what not at all: the event is cancelled. */
const ended: ReadonlySet<Fact['type']> = new Set([
  'SeatsHeld',
  'HoldExtended',
  'PaymentBegun',
  'SeatsBooked',
  'SeatsBookedLate',
  'SaleOpened',
  'SaleClosed',
  'EventCancelled',
]);

/** The oracle's own idea of the late-payment ladder, and of the end of an event. */
export class Lateness {
  private isCancelled = false;

  constructor(
    private readonly model: Model,
    private readonly plan: HistoryPlan,
    private readonly charges: Charges,
    private readonly expect: ExpectOfFact,
  ) {}

  check(fact: Fact): void {
    const fits = !this.isCancelled || !ended.has(fact.type);
    this.expect('nothing_after_cancellation', fits, fact, () => 'the event was cancelled before');
  }

  cancelled(_fact: EventCancelled): void {
    this.isCancelled = true;
  }

  /** What a hold of this buyer had when time ended it, or seats in their place, at its price. */
  booked(fact: SeatsBookedLate): void {
    const { holdId, userId, seats, areas, insteadOf, atMs } = fact;
    const hold = this.model.lapsed.get(holdId);
    const own = hold?.userId === userId;
    const end = () => this.model.ended.get(holdId) ?? 'lives';
    this.expect('late_as_held', own, fact, () => `${holdId} of ${hold?.userId}: ${end()}`);
    const again = [...this.model.holds.values()].some(
      (other) => other.userId === userId && other.deadlineMs > atMs,
    );
    this.expect('late_as_held', !again, fact, () => `${userId} holds other places by now`);
    if (hold === undefined) return;
    this.charges.booked(fact, hold);
    const before = insteadOf.length === 0 ? seats : insteadOf;
    const whole =
      sameMembers(hold.seats, before) &&
      before.length === seats.length &&
      sameQuantities(hold.areas, quantities(areas));
    this.expect('late_as_held', whole, fact, () => `not what ${holdId} had, nor as many`);
    if (insteadOf.length > 0) this.exchanged(fact);
  }

  /** Seats that stand for others are all ordinary ones, of one category. */
  private exchanged(fact: SeatsBookedLate): void {
    const { categoryOfSeat, flagsOfSeat } = this.plan;
    const both = [...fact.insteadOf, ...fact.seats];
    const alike =
      new Set(both.map((seat) => categoryOfSeat[seat])).size === 1 &&
      both.every((seat) => (flagsOfSeat[seat] & 3) === 0);
    this.expect('late_as_held', alike, fact, () => 'other seats, that are not like those held');
  }
}
