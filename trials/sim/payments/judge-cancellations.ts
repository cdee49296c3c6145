import { passingReasons } from '#apps/payments/cancellation/event-cancellation.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Fact } from '#libs/inventory/inventory.js';
import type { MemoryBooking } from '#libs/journal/memory-store.js';
import type { CancellationRecord } from './memory-cancellations.js';

/** Events that were cancelled in a run that has ended. */
export interface CancellationEvidence {
  readonly cancellations: readonly CancellationRecord[];
  readonly bookings: readonly MemoryBooking[];
  readonly factsOf: (eventId: EventId) => readonly Fact[];
}

type Expect = (name: string, holds: boolean, message: () => string) => void;

const selling: readonly string[] = ['SeatsHeld', 'PaymentBegun', 'SeatsBooked', 'SeatsBookedLate'];

/** G5: nothing is sold after it, each booking went back, and what is left has a reason for good. */
export function checkCancellations(evidence: CancellationEvidence, expect: Expect): void {
  for (const { cancellation, left } of evidence.cancellations) {
    const { eventId, state } = cancellation;
    expect('cancellations_end', state === 'DONE', () => `${eventId} is ${state}`);
    const facts = evidence.factsOf(eventId);
    const at = facts.findIndex(({ type }) => type === 'EventCancelled');
    expect('cancelled_is_in_the_journal', at >= 0, () => `${eventId} is not`);
    const sold = facts.slice(at).filter(({ type }) => selling.includes(type));
    expect('cancelled_sells_nothing', sold.length === 0, () => `${eventId} sold ${sold[0].type}`);
    for (const { bookingId, eventId: of, cancelledAtMs } of evidence.bookings) {
      if (of !== eventId) continue;
      const reason = left.get(bookingId) ?? null;
      const isLeft = reason !== null && !passingReasons.includes(reason);
      const holds = cancelledAtMs !== null || isLeft;
      expect('cancelled_is_given_back', holds, () => `${bookingId} lives, left: ${reason}`);
    }
  }
}
