import type { RefusalCode } from '#libs/inventory/refusal-codes.js';

/**
 * Every "no" that leaves Holdfast by HTTP or WebSocket, in one table: the code is the contract,
 * the status follows from it. `docs/errors.md` and the error schema of `docs/openapi.json` are
 * generated from here.
 *
 * ER1  A code has one HTTP status and one meaning, on every route.
 * ER2  `retry` is true when the same request may succeed later without a change by the caller.
 * ER3  Every refusal of the core has a row: a new RefusalCode does not compile without one.
 */
export interface ErrorRow {
  readonly httpStatus: ErrorStatus;
  /** Present when the code can end a WebSocket, which it then closes with this code. */
  readonly wsCloseCode?: number;
  readonly retry: boolean;
  readonly message: string;
}

export type ErrorStatus =
  | 400
  | 401
  | 402
  | 403
  | 404
  | 405
  | 409
  | 413
  | 426
  | 429
  | 431
  | 500
  | 503;

const row = (httpStatus: ErrorStatus, message: string): ErrorRow => ({
  httpStatus,
  retry: false,
  message,
});
const again = (httpStatus: ErrorStatus, message: string): ErrorRow => ({
  httpStatus,
  retry: true,
  message,
});
const closing = (base: ErrorRow, wsCloseCode: number): ErrorRow => ({ ...base, wsCloseCode });

const table = {
  // the request itself
  malformed_json: row(400, 'The body is not valid JSON.'),
  invalid_request: row(400, 'A field is missing, unknown or out of bounds; `field` names it.'),
  invalid_signature: row(400, 'The signature is missing, too old or not of this body.'),
  ambiguous_framing: row(400, 'Where the body ends cannot be told for certain.'),
  body_too_large: row(413, 'The body is larger than this server accepts.'),
  headers_too_large: row(431, 'A header is larger than this server accepts.'),
  not_found: row(404, 'There is nothing at this address.'),
  method_not_allowed: row(405, 'This address does not know that method; see Allow.'),
  upgrade_required: row(426, 'This address speaks WebSocket or text/event-stream.'),

  // identity
  unauthorized: closing(row(401, 'A valid bearer token is required.'), 4401),
  token_expired: closing(row(401, 'The token has expired: start a new session.'), 4401),
  forbidden: row(403, 'This takes a role that the token does not have; `roles` lists them.'),

  // load
  rate_limited: closing(again(429, 'Too many requests: slow down.'), 4429),
  overloaded: closing(again(503, 'The system is at its limit: try again shortly.'), 1013),
  unavailable: closing(again(503, 'A part of the system that this needs cannot be reached.'), 1013),
  outcome_unknown: again(
    503,
    'The request may or may not have been carried out. Repeat it with the same Idempotency-Key, ' +
      'or look the result up.',
  ),
  shutting_down: closing(again(503, 'This server is stopping: connect again.'), 1001),
  internal: closing(again(500, 'Something went wrong on our side.'), 1011),

  // WebSocket messages
  unknown_message: closing(row(400, 'The message has an unknown type or shape.'), 4400),

  // what the request is about
  event_not_found: closing(row(404, 'There is no such event.'), 4404),
  version_not_found: row(404, 'That state of the seats is not here, or not any more; see Link.'),
  venue_not_found: row(404, 'There is no such venue.'),
  performer_not_found: row(404, 'There is no such performer.'),
  layout_not_found: row(404, 'There is no such seating plan.'),
  media_not_found: row(404, 'There is no such picture.'),
  unknown_seat: row(400, 'The seating plan has no such seat.'),
  unknown_area: row(400, 'The seating plan has no such area.'),
  unknown_category: row(400, 'The seating plan has no such category.'),
  unknown_section: row(400, 'The seating plan has no such section.'),
  duplicate_seat: row(400, 'A seat or area is named twice.'),
  too_many_places: row(400, 'More places than one reservation may have.'),
  reservation_not_found: row(404, 'There is no such reservation of yours.'),
  reservation_expired: row(400, 'The reservation has expired and its seats are free again.'),
  reservation_id_taken: again(409, 'The reservation id is in use: repeat the request.'),
  not_in_reservation: row(400, 'The seat or area is not part of the reservation.'),
  booking_not_found: row(404, 'There is no such booking of yours.'),
  not_in_booking: row(400, 'The seat is not part of the booking.'),
  idempotency_key_reused: row(409, 'The idempotency key was used for a different request.'),

  // the sale
  sale_not_open: again(409, 'The sale of this event is not open yet.'),
  sale_closed: row(409, 'The sale of this event is closed.'),
  sale_ended: row(409, 'The sale of this event is over.'),
  event_cancelled: row(409, 'The event is cancelled.'),
  seats_unavailable: row(409, 'Some seats are taken; `seat_ids` lists them.'),
  area_full: row(409, 'The area has not enough places left.'),
  accessible_seats_protected: row(
    409,
    'Kept for wheelchair users and their company; `wheelchairs` says how many are needed.',
  ),
  no_block_available: row(409, 'No block of seats fits the request.'),
  seats_not_blocked: row(409, 'Some seats are not blocked.'),
  stranded_single: row(409, 'This choice would leave a single seat alone.'),
  buyer_limit: row(409, 'The limit of places for one buyer is reached.'),
  accessible_limit: row(409, 'The limit of wheelchair spaces for one buyer is reached.'),
  address_limit: again(429, 'Too many places are held from this network: try again in a while.'),
  extension_limit: row(409, 'The reservation cannot be kept any longer.'),
  verified_buyers_only: row(409, 'Only buyers with an account can buy for this event.'),
  room_not_found: row(404, 'There is no waiting room for this event.'),
  room_not_open: again(409, 'The waiting room is not open yet.'),
  room_closed: row(409, 'The waiting room is closed: nobody needs a place in it any more.'),
  not_in_room: row(404, 'You have no place in the waiting room.'),
  not_in_draw: row(404, 'Your place is not from the draw: you came after it.'),
  proof_not_ready: again(409, 'The place is not in a published head yet: ask again in a second.'),
  admission_needed: row(409, 'There is a waiting room: holding takes the admission it gives.'),
  map_needs_admission: row(
    403,
    'There is a waiting room before the seat map: showing it takes the admission it gives.',
  ),
  admission_invalid: row(403, 'The admission is not for this buyer and this waiting room.'),
  admission_expired: row(409, 'The time of the admission is over: take a new place in the room.'),
  party_limit: row(409, 'More places than the party that was declared in the waiting room.'),
  price_changed: row(409, 'The places cost another total than expected; `lines` has the prices.'),
  not_finalized: again(409, 'The upgrade is not finalized: the journal cannot say this yet.'),

  // payment
  payment_declined: row(402, 'The payment was declined; the reservation is kept.'),
  too_many_declines: again(
    429,
    'Too many payments were declined: the next is taken after `retry_after_ms`.',
  ),
  already_booked: row(409, 'The reservation is booked already: `booking_id` names the booking.'),
  payment_in_progress: again(409, 'A payment for this reservation is running.'),
  amount_not_chargeable: row(
    409,
    'The total of this reservation cannot be charged. Nothing was taken, and it is not the card.',
  ),
  no_payment_in_progress: row(409, 'No payment for this reservation is running.'),
  payment_attempt_mismatch: row(409, 'Another payment attempt has replaced this one.'),
  already_refunded: row(409, 'That has been given back before.'),
  refund_too_high: row(409, 'More than is left of what was paid; `left` says how much that is.'),
  price_not_known: row(409, 'What these places cost is not on record: name an amount.'),
  currency_mismatch: row(409, 'The booking was paid in another currency.'),
  cancellation_not_allowed: row(409, 'Buyers cannot cancel their bookings of this event.'),
  cancellation_over: row(409, 'It is too late to cancel this booking.'),
  cancellation_changed: row(409, 'Another sum would go back than expected: `left` has it.'),
  booking_disputed: row(409, "The buyer's bank has taken its payment back, and has not decided."),
  superseded: row(409, 'A newer reservation or booking of yours has taken its place.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof table;

export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = table;

export const errorCodes = Object.keys(table) as readonly ErrorCode[];

/** The public name of each refusal of the core: a hold is a reservation to the outside. */
export const refusalErrors: Readonly<Record<RefusalCode, ErrorCode>> = {
  invalid_command: 'invalid_request',
  too_many_places: 'too_many_places',
  duplicate_seat: 'duplicate_seat',
  command_id_reused: 'idempotency_key_reused',
  sale_not_open: 'sale_not_open',
  sale_closed: 'sale_closed',
  sale_ended: 'sale_ended',
  event_cancelled: 'event_cancelled',
  unknown_seat: 'unknown_seat',
  unknown_area: 'unknown_area',
  hold_not_found: 'reservation_not_found',
  hold_expired: 'reservation_expired',
  booking_not_found: 'booking_not_found',
  hold_id_taken: 'reservation_id_taken',
  not_in_hold: 'not_in_reservation',
  not_in_booking: 'not_in_booking',
  payment_in_progress: 'payment_in_progress',
  no_payment_in_progress: 'no_payment_in_progress',
  payment_attempt_mismatch: 'payment_attempt_mismatch',
  superseded: 'superseded',
  seats_unavailable: 'seats_unavailable',
  area_full: 'area_full',
  accessible_seats_protected: 'accessible_seats_protected',
  no_block_available: 'no_block_available',
  seats_not_blocked: 'seats_not_blocked',
  stranded_single: 'stranded_single',
  buyer_limit: 'buyer_limit',
  accessible_limit: 'accessible_limit',
  address_limit: 'address_limit',
  extension_limit: 'extension_limit',
  price_changed: 'price_changed',
  not_finalized: 'not_finalized',
};

/** What else an error body may say. All optional; seats and areas by their public names. */
export interface ErrorExtras {
  readonly retry_after_ms?: number;
  /** Of which one is needed, with `forbidden`. */
  readonly roles?: readonly string[];
  /** Path of the offending field, e.g. `seat_ids[1]`; headers as `header.idempotency-key`. */
  readonly field?: string;
  /** More about this one case, in words. */
  readonly detail?: string;
  readonly seat_ids?: readonly string[];
  /** What people call these seats, in the same order. */
  readonly seat_labels?: readonly string[];
  readonly areas?: readonly string[];
  /** A block of the same size that could be held now. */
  readonly alternative?: {
    readonly seat_ids: readonly string[];
    readonly seat_labels?: readonly string[];
  };
  /** What the places cost now, with `price_changed`. */
  readonly lines?: readonly PriceLine[];
  readonly total?: number;
  readonly currency?: string;
  readonly limit?: number;
  readonly left?: number;
  readonly decline_code?: string;
  readonly reservation_id?: string;
  readonly booking_id?: string;
  /** By which what happened is found in the logs; see hasTrace(). */
  readonly trace_id?: string;
}

/** Seats, or places of an area, that cost the same each; minor units. */
export type PriceLine =
  | {
      readonly seat_ids: readonly string[];
      readonly seat_labels: readonly string[];
      readonly price: number;
    }
  | { readonly area: string; readonly quantity: number; readonly price: number };

/** Errors that somebody may have to look into say by which word: our own failures, and money. */
export const hasTrace = (code: ErrorCode): boolean =>
  table[code].httpStatus >= 500 || table[code].httpStatus === 402;

/** The body of every error answer, as text. */
export function errorBody(code: ErrorCode, extras?: ErrorExtras): string {
  return JSON.stringify({ error: { code, message: table[code].message, ...extras } });
}
