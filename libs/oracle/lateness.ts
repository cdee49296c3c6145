import type { EventCancelled, Fact, SeatsBookedLate } from '#libs/inventory/facts.js';
import type { Model } from './model.js';
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
    private readonly expect: ExpectOfFact,
  ) {}

  check(fact: Fact): void {
    const fits = !this.isCancelled || !ended.has(fact.type);
    this.expect('nothing_after_cancellation', fits, fact, () => 'the event was cancelled before');
  }

  cancelled(_fact: EventCancelled): void {
    this.isCancelled = true;
  }

  /** As many places as the hold had, of a hold of this buyer that time has ended. */
  booked(fact: SeatsBookedLate): void {
    const { holdId, userId, seats, insteadOf } = fact;
    const end = this.model.ended.get(holdId);
    const made = this.model.made.get(holdId);
    const own = end === 'expired' && made?.userId === userId;
    this.expect('late_as_held', own, fact, () => `${holdId} of ${made?.userId}: ${end ?? 'lives'}`);
    const before = insteadOf.length === 0 ? seats : insteadOf;
    const held = new Set(made?.seats);
    const fits = before.every((seat) => held.has(seat)) && before.length === seats.length;
    this.expect('late_as_held', fits, fact, () => `not the seats that ${holdId} had, nor as many`);
    const again = [...this.model.holds.values()].some((hold) => hold.userId === userId);
    this.expect('late_as_held', !again, fact, () => `${userId} holds other places by now`);
  }
}
