import type { BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';

import type { PriceParts } from './money/price-parts.js';
import type { Role } from './roles.js';

/** A call on behalf of a request. Processes of before do not know the field, and pass it over. */
export interface Traced {
  /** W3C trace id, 32 hex digits. */
  readonly trace?: string;
  /** Of the request, 16 hex digits: it is traced (TC1). */
  readonly span?: string;
}

/**
 * Control-plane calls from the gateway to a payments process: msgpack on
 * subjects.payments('book'), 'get', 'list', 'webhook', 'challenge', 'refund' and 'cancel'. Nobody
 * of a release before hears the last two. Shards ask for the 'pace'.
 */
export interface BookCall extends Traced {
  readonly userId: UserId;
  readonly holdId: HoldId;
  /** Stripe payment method or token, e.g. `pm_card_visa`; empty: none, for what costs nothing. */
  readonly paymentToken: string;
  /** The buyer's own key: same key, one charge, one answer. 1..100 printable characters. */
  readonly idempotencyKey: string;
  /**
   * A keyed hash of whoever's address it came from, the same at all gateways. Absent: not counted
   * by it, as from gateways of before.
   */
  readonly addressKey?: string;
  /**
   * Where the bank's page sends the buyer back to. Absent: nowhere. Payments processes of before
   * pass it over, and refuse cards that ask.
   */
  readonly returnUrl?: string;
  /**
   * Should the money come when the reservation is gone and its seats are sold: as many together,
   * of the same category and total, will do. Payments processes of before pass it over.
   */
  readonly acceptAlternative?: 'same_category';
  /** How long the gateway will wait before it answers 202. */
  readonly waitMs: number;
}

/**
 * What the trace of a booking is made of when its client names none: who sends the same key again
 * is found under the same id, on whichever gateway.
 */
export const bookingTraceSeed = (userId: UserId, idempotencyKey: string): string =>
  `${userId}/${idempotencyKey}`;

/** To a shard that keeps waiting rooms. */
export interface PaceReply {
  /** What nine of ten of the provider's last answers took at most; null: none was asked for. */
  readonly providerMs: number | null;
}

export type BookReply =
  | { readonly kind: 'confirmed'; readonly booking: BookingView }
  /** Still running: 202 with Location. The booking says when it waits for its buyer. */
  | { readonly kind: 'pending'; readonly booking: BookingView }
  | {
      readonly kind: 'declined';
      readonly booking: BookingView;
      readonly declineCode: string;
      /** Not the card's fault. Gateways of before pass it over, and say that it was declined. */
      readonly because?: 'amount_not_chargeable' | 'payment_token_missing' | 'event_cancelled';
    }
  /** It has ended, or the sale has: gateways of before take that for not found. */
  | {
      readonly kind: 'hold_gone';
      readonly reason: 'expired' | 'not_found' | 'sale_ended';
      /** Why nothing is sold any more. Gateways of before pass it over. */
      readonly because?: 'event_cancelled';
      /** It became this booking, which lives. Gateways of before pass it over. */
      readonly bookingId?: BookingId;
    }
  | { readonly kind: 'key_reused' }
  /** Another attempt for the same hold is running. */
  | { readonly kind: 'payment_in_progress' }
  | {
      readonly kind: 'unavailable';
      readonly retryAfterMs: number;
      /** Too much was declined lately. Gateways of before pass it over: try later. */
      readonly tooManyDeclines?: true;
      readonly because?: 'amount_not_chargeable';
    };

export type BookingState =
  | 'PENDING'
  | 'CONFIRMED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'FAILED';

/** Seats are public seat ids: the gateway never needs the plan to show a booking. */
export interface BookingView {
  readonly bookingId: BookingId;
  readonly eventId: EventId;
  readonly holdId: HoldId;
  readonly userId: UserId;
  readonly state: BookingState;
  readonly seats: readonly string[];
  /** What people call them, in the same order. Absent from a release that did not know. */
  readonly seatLabels?: readonly string[];
  readonly areas: readonly { readonly area: string; readonly quantity: number }[];
  readonly totalMinor: number;
  /** What is in the total. Absent: face value alone, or not told by a release before. */
  readonly parts?: PriceParts;
  readonly currency: string;
  readonly declineCode?: string;
  readonly createdAtMs: number;
  /** The buyer's bank asks him (3-D Secure): it is PENDING until he has answered. */
  readonly action?: BuyerAction;
  /** The oldest first. Absent: none, or not told by a release before. */
  readonly refunds?: readonly RefundView[];
  /** What its buyer can do himself now, with all that is left of it. Absent: he cannot. */
  readonly cancellation?: CancellationView;
  /** What its buyer's bank says against its payment. Absent: nothing. */
  readonly dispute?: DisputeView;
}

/**
 * INQUIRY: the bank asks, and no money has moved. OPEN: it has taken the money back until it is
 * decided. WON, LOST: it is. CLOSED: the inquiry is over.
 */
export type DisputeStanding = 'INQUIRY' | 'OPEN' | 'WON' | 'LOST' | 'CLOSED';

export interface DisputeView {
  readonly standing: DisputeStanding;
  /** Its money is away: its tickets let nobody in. */
  readonly isFrozen: boolean;
  readonly amountMinor: number;
}

export interface CancellationView {
  /** From then on it is too late. */
  readonly untilMs: number;
  readonly amountMinor: number;
  readonly keptMinor: number;
  /**
   * It is of the places that were asked for. Absent: of all that is left, as a release before says
   * whatever it was asked.
   */
  readonly ofPlaces?: true;
}

/** What a buyer does before his bank pays. */
export interface BuyerAction {
  /** Of the intent, for Stripe's script. Who has it may pay: the buyer's alone. */
  readonly clientSecret: string;
  /** Stripe's word, such as `redirect_to_url` or `use_stripe_sdk`. */
  readonly type: string;
  /** The bank's page, absolute or a path of ours; null: Stripe's script finds it. */
  readonly url: string | null;
}

/** What became of money that was to go back; UNDER_WAY until that is known. */
export type RefundStatus = 'UNDER_WAY' | 'DONE' | 'FAILED' | 'CLOSED';

export interface RefundView {
  readonly refundId: string;
  readonly bookingId: BookingId;
  readonly status: RefundStatus;
  /** Public seat ids of what is no longer the buyer's; with areas empty: an amount alone. */
  readonly seats: readonly string[];
  readonly areas: readonly { readonly area: string; readonly quantity: number }[];
  readonly amountMinor: number;
  /** Of the places' price. */
  readonly keptMinor: number;
  /** What is in the amount. Absent as in a booking. */
  readonly parts?: PriceParts;
  readonly currency: string;
  readonly reason: string;
  readonly createdAtMs: number;
}

/** Why nothing goes back; nothing was asked of the provider, and nothing changed. */
export type RefundRefusal =
  | 'booking_not_found'
  | 'payment_in_progress'
  | 'already_refunded'
  | 'refund_too_high'
  | 'not_in_booking'
  | 'price_not_known'
  | 'currency_mismatch'
  | 'amount_not_chargeable'
  | 'not_finalized'
  | 'unknown_seat'
  | 'unknown_area'
  | 'cancellation_not_allowed'
  | 'cancellation_over'
  | 'cancellation_changed'
  | 'booking_disputed';

/** Somebody with a role gives a booking back, a part of it, or an amount. */
export interface RefundCall extends Traced {
  readonly bookingId: BookingId;
  /** Who asks, as audit rows have him, and by which role. */
  readonly asker: string;
  readonly role: Role;
  readonly reason: string;
  /** The asker's own: same key, one refund, one answer. 1..100 printable characters. */
  readonly idempotencyKey: string;
  readonly wish: RefundWishCall;
  /** As the asker understands the amounts. Absent: he did not say. */
  readonly currency?: string;
  /** Kept of each place, in the minor unit of the booking. */
  readonly feePerPlaceMinor?: number;
  /** The places do not go back on sale. */
  readonly offSale?: boolean;
}

/** A buyer gives his own booking back, or some of its places, as its event allows it. */
export interface CancelCall extends Traced {
  readonly userId: UserId;
  readonly bookingId: BookingId;
  /** His own: same key, one refund, one answer. 1..100 printable characters. */
  readonly idempotencyKey: string;
  readonly wish: Exclude<RefundWishCall, { readonly what: 'amount' }>;
  /** What goes back, as he was told: another sum is refused. Absent: whatever it is. */
  readonly amountMinor?: number;
}

/** Seats by their public ids, areas by their names. */
export type RefundWishCall =
  | { readonly what: 'whole' }
  | {
      readonly what: 'places';
      readonly seats: readonly string[];
      readonly areas: readonly { readonly area: string; readonly quantity: number }[];
    }
  | { readonly what: 'amount'; readonly amountMinor: number };

export type RefundReply =
  | { readonly kind: 'refund'; readonly refund: RefundView }
  | { readonly kind: 'key_reused' }
  | {
      readonly kind: 'refused';
      readonly reason: RefundRefusal;
      /** What could go back. */
      readonly leftMinor?: number;
    }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

export interface GetBookingCall extends Traced {
  readonly userId: UserId;
  readonly bookingId: BookingId;
  /** `cancellation` is to be of these places, and not of all that is left. */
  readonly cancelling?: Extract<RefundWishCall, { readonly what: 'places' }>;
}

export type GetBookingReply =
  | {
      readonly kind: 'found';
      readonly booking: BookingView;
      /** Why the places that were asked for cannot be cancelled. */
      readonly barred?: RefundRefusal;
    }
  | { readonly kind: 'not_found' };

/** A buyer's bookings, newest first; declined and expired attempts are among them. */
export interface ListBookingsCall extends Traced {
  readonly userId: UserId;
  /** 1..limits.pageSizeMax. */
  readonly limit: number;
  /** nextCursor of the page before; null = from the newest. */
  readonly cursor: string | null;
}

export type ListBookingsReply =
  | {
      readonly kind: 'page';
      readonly bookings: readonly BookingView[];
      /** null: this is the last page. */
      readonly nextCursor: string | null;
    }
  | { readonly kind: 'invalid_cursor' };

/** What Stripe sent, as it came: payments checks the signature over these very bytes. */
export interface WebhookCall extends Traced {
  /** At most limits.webhookBytesMax. */
  readonly body: Uint8Array;
  /** The header `Stripe-Signature`; empty: there was none. */
  readonly signature: string;
}

export type WebhookReply =
  /** It is in the database, since now or before: Stripe need not send it again. */
  | { readonly kind: 'recorded' }
  /** Not Stripe's, not of now, or changed on the way. Nothing happened. */
  | { readonly kind: 'bad_signature' }
  /** Signed, and no event all the same. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

/** The page of the simulated bank, for a buyer whose browser reaches the gateway alone. */
export interface ChallengeCall extends Traced {
  readonly method: 'GET' | 'POST';
  readonly intentId: string;
  /** The query, or the form that was filled in; application/x-www-form-urlencoded. */
  readonly form: string;
}

export type ChallengeReply =
  | { readonly kind: 'page'; readonly html: string }
  /** Back to where the buyer came from. */
  | { readonly kind: 'sent_back'; readonly location: string }
  /** No such page, or Stripe itself, which has its own. */
  | { readonly kind: 'not_found' };
