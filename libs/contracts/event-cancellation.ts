import type { BookingId, EventId } from '#libs/inventory/ids.js';

import type { Traced } from './payments.js';
import type { Role } from './roles.js';

/**
 * Control-plane calls about events that do not take place: subjects.payments('cancel_event') and
 * 'cancellation'. Nobody of a release before hears them.
 */
export interface CancelEventCall extends Traced {
  readonly eventId: EventId;
  /** Who asks, as audit rows have him, and by which role. */
  readonly asker: string;
  readonly role: Role;
  readonly reason: string;
  /** Kept of each place, in the minor unit of the event. */
  readonly feePerPlaceMinor: number;
  /** Booking fees stay as well. Absent: they go back. */
  readonly keepsBookingFee?: boolean;
}

export interface ShowCancellationCall extends Traced {
  readonly eventId: EventId;
}

/** NONE: it is not cancelled, and the rest says what would be given back. */
export type CancellationState = 'NONE' | 'REQUESTED' | 'REFUNDING' | 'DONE';

/**
 * What became of a booking. WAITING: nothing yet. UNDER_WAY: its places or its money. REFUNDED,
 * FAILED and CLOSED as its refund is. FREE: it had cost nothing. NOTHING_LEFT: what was paid had
 * gone back before, or to its bank. LEFT: it lives, and a reason says why.
 */
export const cancellationOutcomes = [
  ...(['WAITING', 'UNDER_WAY', 'REFUNDED', 'FREE', 'NOTHING_LEFT'] as const),
  ...(['FAILED', 'CLOSED', 'LEFT'] as const),
] as const;
export type CancellationOutcome = (typeof cancellationOutcomes)[number];

export interface CancellationTotal {
  readonly outcome: CancellationOutcome;
  readonly currency: string;
  readonly bookings: number;
  /** What goes back; of WAITING and LEFT what is left of what was paid. Minor units. */
  readonly amountMinor: number;
  readonly keptMinor: number;
}

/** A booking that somebody has to look at. */
export interface CancellationTrouble {
  readonly bookingId: BookingId;
  readonly outcome: 'FAILED' | 'LEFT';
  readonly reason: string;
  /** Of FAILED. */
  readonly refundId?: string;
}

export interface EventCancellationView {
  readonly eventId: EventId;
  readonly state: CancellationState;
  /** null: nobody has cancelled it. */
  readonly asked: {
    readonly by: string;
    readonly reason: string;
    readonly atMs: number;
    readonly endedAtMs: number | null;
    readonly feePerPlaceMinor: number;
    readonly keepsBookingFee: boolean;
    /** Why it does not get on. */
    readonly error: string | null;
  } | null;
  readonly totals: readonly CancellationTotal[];
  /** At most limits.cancellationTroublesMax; the totals count all. */
  readonly troubles: readonly CancellationTrouble[];
}

export type CancellationReply =
  | { readonly kind: 'cancellation'; readonly cancellation: EventCancellationView }
  | { readonly kind: 'refused'; readonly reason: CancelEventRefusal }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

/** `event_cancelled`: it is, with other fees kept. */
export type CancelEventRefusal = 'event_not_found' | 'event_cancelled' | 'not_finalized';
