import type { BookingId, EventId } from '#libs/inventory/ids.js';

/**
 * An event that does not take place, and the way of its buyers' money back:
 *
 *   REQUESTED ──the owner says so──> REFUNDING ──nothing left to do──> DONE
 *                                        ^──────────asked once more──────┘
 *
 * Nothing is refunded here: a round over the bookings asks for a refund of each, which is an
 * aggregate of its own (apps/payments/refunds), and goes on by itself.
 *
 * EC1  No booking is asked for before the journal has the cancellation. After it nothing is
 *      booked, so what lives then is all there is: a payment that was on its way finds no seats,
 *      and its money goes back (the late-payment ladder forbids all else).
 * EC2  The key of a refund is its booking: whoever asks, and however often, there is one. So a
 *      round may begin anew, or go on from an older place, after whatever death.
 * EC3  It is done when each booking has its refund, which is over, or is left with a reason. What
 *      is only to be waited for (a payment that is being captured) leaves it open.
 * EC4  So few refunds of cancelled events are under way at once, over all processes and events,
 *      that those of others come through, and a slow provider slows this down by itself.
 *
 * It cannot be undone: there is no command that would.
 */
export interface EventCancellation {
  readonly eventId: EventId;
  readonly state: 'REQUESTED' | 'REFUNDING' | 'DONE';
  readonly asker: string;
  readonly role: string;
  readonly reason: string;
  readonly feePerPlaceMinor: number;
  readonly keepsBookingFee: boolean;
  readonly tries: number;
  readonly leaseNo: number;
  readonly trace: string;
}

/** Bookings that are asked for next, as many as may be. */
export interface CancellationPage {
  /** How many there was room for (EC4). */
  readonly room: number;
  readonly bookings: readonly { readonly bookingId: BookingId; readonly isPaid: boolean }[];
}

/** What became of a page. */
export interface PageDone {
  readonly asked: readonly BookingId[];
  readonly left: readonly { readonly bookingId: BookingId; readonly reason: string }[];
  /** The round is over. */
  readonly isLast: boolean;
}

/** At the end of a round. */
export interface RoundCount {
  /** Left for a reason that passes by itself. */
  readonly passing: number;
  /** Refunds that are under way, at the bank included. */
  readonly open: number;
}

export type AfterRound = 'again' | 'wait' | 'done';

/** Who asks for the refunds: no buyer and nobody who runs events has this name. */
export const cancellationAsker = 'event cancellation';

/** Such a reason passes: the payment is settled either way, and then looked at again (EC3). */
export const passingReasons: readonly string[] = ['payment_in_progress', 'booking_not_found'];

/** Nobody knows what was paid for it, or whether: no refund can be of it. */
export const unpaidReason = 'no_payment';

/** EC3. */
export function afterRound({ passing, open }: RoundCount): AfterRound {
  if (passing > 0) return 'again';
  return open > 0 ? 'wait' : 'done';
}

export const namedCancellation = ({
  eventId,
  trace,
}: EventCancellation): Readonly<Record<string, string>> => ({ trace, event: eventId });
