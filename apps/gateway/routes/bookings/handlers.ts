import type { ControlReply } from '#libs/bus/control-call.js';
import { repeatedCall, type Repetition } from '#libs/bus/repeated-call.js';
import { limits } from '#libs/contracts/limits.js';
import {
  bookingTraceSeed,
  type BookCall,
  type BookingView,
  type BookReply,
  type BuyerAction,
  type DisputeView,
  type GetBookingCall,
  type GetBookingReply,
  type ListBookingsCall,
  type ListBookingsReply,
} from '#libs/contracts/payments.js';
import { bookingIdOf, eventOfHold, holdIdOf } from '#libs/contracts/ids.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { UserId } from '#libs/inventory/ids.js';
import { assert, unreachable } from '#libs/platform/assert.js';

import { traceHeader, type Exchange, type ExtraHeaders } from '../../http/exchange.js';
import type { Handlers } from '../area.js';
import { breakdownOf } from '../shared/breakdown.js';
import { isoTime } from '../shared/iso-time.js';
import type { BookingParts } from './booking-parts.js';
import { cancelBooking } from './cancel-booking.js';
import { cancellationJson, quoteCancellation } from './quote-cancellation.js';
import { refundJson } from './refund-json.js';
import type { bookingRows } from './rows.js';

/**
 * Bookings: the payments process does the work, over the bus; here its answers become HTTP. A
 * repetition with the same idempotency key is answered from the same attempt, so after "outcome
 * unknown" the buyer simply asks again and is never charged twice (G5).
 */
export function bookingHandlers(parts: BookingParts): Handlers<typeof bookingRows> {
  const bookings = new Bookings(parts);
  return {
    createBooking: bookings.create,
    showBooking: bookings.show,
    listBookings: bookings.list,
    cancelBooking: (exchange) => cancelBooking(parts, exchange),
    quoteCancellation: (exchange) => quoteCancellation(parts, exchange),
  };
}

interface BookingRequest {
  readonly reservation_id: string;
  readonly payment_token?: string;
  readonly return_url?: string;
  readonly accept_alternative?: 'same_category';
  readonly idempotency_key: string;
}

/** What payments answer at once. */
const soon: Repetition = {
  withinMs: limits.controlCallTimeoutMs,
  againMs: limits.hopTimeoutMs,
  asksMax: 3,
};
/** Most payments are over before they are asked for again; the key makes them one (G5). */
const whilePaying: Repetition = {
  withinMs: limits.bookingWaitMs + limits.controlCallTimeoutMs,
  againMs: limits.bookAgainMs,
  asksMax: limits.bookAsksMax,
};

type Answer = (view: BookingView, confirmed: boolean) => void;

export class Bookings {
  constructor(private readonly parts: BookingParts) {}

  /** Waits for the payment as long as a buyer would; then 202 and an address to ask at. */
  readonly create = (exchange: Exchange): Promise<void> =>
    this.book(exchange, limits.bookingWaitMs, (view, confirmed) =>
      exchange.json(confirmed ? 201 : 202, bookingJson(view), headersOf(exchange, view)),
    );

  /** The asynchronous pair's second half: accepted at once, the result is at Location. */
  readonly checkout = (exchange: Exchange): Promise<void> =>
    this.book(exchange, 0, (view) =>
      exchange.json(202, bookingJson(view), headersOf(exchange, view)),
    );

  readonly show = async (exchange: Exchange): Promise<void> => {
    const bookingId = bookingIdOf(exchange.params[0]);
    assert(bookingId !== null, 'the path was validated');
    const call: GetBookingCall = { userId: userOf(exchange), bookingId, trace: exchange.trace };
    const subject = subjects.payments('get');
    const reply = await repeatedCall<GetBookingReply>(this.parts, subject, call, soon);
    if (reply.kind !== 'ok') this.answerNoReply(exchange, reply, 'unavailable');
    else if (reply.body.kind === 'not_found') exchange.error('booking_not_found');
    else if (reply.body.booking.userId !== call.userId) exchange.error('booking_not_found');
    else exchange.json(200, bookingJson(reply.body.booking));
  };

  readonly list = async (exchange: Exchange): Promise<void> => {
    const query = exchange.query as { page_size?: number; cursor?: string };
    const call: ListBookingsCall = {
      userId: userOf(exchange),
      limit: query.page_size ?? limits.pageSizeDefault,
      cursor: query.cursor ?? null,
      trace: exchange.trace,
    };
    const subject = subjects.payments('list');
    const reply = await repeatedCall<ListBookingsReply>(this.parts, subject, call, soon);
    if (reply.kind !== 'ok') this.answerNoReply(exchange, reply, 'unavailable');
    else if (reply.body.kind === 'page') exchange.json(200, pageJson(reply.body));
    else exchange.error('invalid_request', { field: 'query.cursor' });
  };

  private async book(exchange: Exchange, waitMs: number, accepted: Answer): Promise<void> {
    const body = exchange.body as BookingRequest;
    const holdId = holdIdOf(body.reservation_id);
    assert(holdId !== null, 'the body was validated');
    const place = this.parts.bookingShares.take(eventOfHold(holdId));
    if (place === null) return exchange.error('overloaded', { retry_after_ms: 1_000 });
    const userId = userOf(exchange);
    const addressKey = this.parts.addressMarks.of(exchange);
    const call: BookCall = {
      userId,
      holdId,
      paymentToken: body.payment_token ?? '',
      idempotencyKey: body.idempotency_key,
      waitMs,
      ...(body.return_url === undefined ? {} : { returnUrl: body.return_url }),
      ...(body.accept_alternative === undefined
        ? {}
        : { acceptAlternative: body.accept_alternative }),
      ...(addressKey === null ? {} : { addressKey }),
      trace: exchange.traceAs(bookingTraceSeed(userId, body.idempotency_key)),
      ...(exchange.span === null ? {} : { span: exchange.span }),
    };
    const subject = subjects.payments('book');
    const repetition = waitMs === 0 ? soon : whilePaying;
    const reply = await repeatedCall<BookReply>(this.parts, subject, call, repetition).finally(() =>
      this.parts.bookingShares.giveBack(place),
    );
    if (reply.kind === 'ok') answerBooking(exchange, reply.body, accepted);
    else this.answerNoReply(exchange, reply, 'outcome_unknown');
  }

  /** `mayHaveRun`: what to say when that is all that is known. */
  private answerNoReply(
    exchange: Exchange,
    reply: Exclude<ControlReply<never>, { kind: 'ok' }>,
    mayHaveRun: 'outcome_unknown' | 'unavailable',
  ): void {
    if (reply.kind === 'overloaded') {
      exchange.error('overloaded', { retry_after_ms: reply.retryAfterMs });
      return;
    }
    const ran = reply.kind === 'timeout' || reply.kind === 'error';
    if (reply.kind === 'error') {
      this.parts.log.error({ reply, trace: exchange.trace }, 'a booking call failed');
    }
    exchange.error(ran ? mayHaveRun : 'unavailable', { retry_after_ms: 1_000 });
  }
}

const goneErrors = {
  expired: 'reservation_expired',
  not_found: 'reservation_not_found',
  sale_ended: 'sale_ended',
} as const;

function answerBooking(exchange: Exchange, reply: BookReply, accepted: Answer): void {
  if ('booking' in reply) exchange.booking = reply.booking.bookingId;
  switch (reply.kind) {
    case 'confirmed':
      return accepted(reply.booking, true);
    case 'pending':
      return accepted(reply.booking, false);
    case 'declined':
      return answerDeclined(exchange, reply);
    case 'hold_gone':
      if (reply.bookingId !== undefined) {
        return exchange.error('already_booked', { booking_id: reply.bookingId });
      }
      return exchange.error(reply.because ?? goneErrors[reply.reason]);
    case 'key_reused':
      return exchange.error('idempotency_key_reused', { field: 'idempotency_key' });
    case 'payment_in_progress':
      return exchange.error('payment_in_progress', { retry_after_ms: 1_000 });
    case 'unavailable':
      if (reply.tooManyDeclines === true) {
        return exchange.error('too_many_declines', { retry_after_ms: reply.retryAfterMs });
      }
      if (reply.because !== undefined) return exchange.error(reply.because);
      return exchange.error('unavailable', { retry_after_ms: reply.retryAfterMs });
    default:
      return unreachable(reply);
  }
}

function answerDeclined(
  exchange: Exchange,
  { booking, declineCode, because }: Extract<BookReply, { kind: 'declined' }>,
): void {
  const about = { booking_id: booking.bookingId, reservation_id: booking.holdId };
  if (because === 'payment_token_missing') {
    return exchange.error('invalid_request', { field: 'payment_token', ...about });
  }
  if (because !== undefined) return exchange.error(because, about);
  return exchange.error('payment_declined', { decline_code: declineCode, ...about });
}

function pageJson(page: Extract<ListBookingsReply, { kind: 'page' }>): string {
  const bookings = page.bookings.map(bookingJson).join(',');
  return `{"bookings":[${bookings}],"next_cursor":${JSON.stringify(page.nextCursor)}}`;
}

const headersOf = (exchange: Exchange, view: BookingView): ExtraHeaders => [
  ['Location', `/v1/bookings/${view.bookingId}`],
  traceHeader(exchange),
];

function userOf(exchange: Exchange): UserId {
  assert(exchange.caller !== null, 'the route needs a user');
  return exchange.caller.userId;
}

function bookingJson(view: BookingView): string {
  return JSON.stringify({
    booking_id: view.bookingId,
    reservation_id: view.holdId,
    event_id: view.eventId,
    status: view.state,
    seat_ids: view.seats,
    // A payments process of the release before names no labels.
    seat_labels: view.seatLabels ?? view.seats,
    areas: view.areas,
    total: view.totalMinor,
    ...breakdownOf(view.totalMinor, view.parts),
    currency: view.currency,
    ...(view.declineCode === undefined ? {} : { decline_code: view.declineCode }),
    created_at: isoTime(view.createdAtMs),
    ...(view.action === undefined ? {} : actionJson(view.action)),
    ...(view.refunds === undefined ? {} : { refunds: view.refunds.map(refundJson) }),
    ...(view.dispute === undefined ? {} : disputeJson(view.dispute)),
    ...(view.cancellation === undefined
      ? {}
      : { cancellation: cancellationJson(view.cancellation) }),
  });
}

const disputeJson = ({ standing, isFrozen, amountMinor }: DisputeView) => ({
  dispute: { status: standing, amount: amountMinor, ticket_frozen: isFrozen },
});

const actionJson = ({ clientSecret, type, url }: BuyerAction) => ({
  client_secret: clientSecret,
  next_action: { type, ...(url === null ? {} : { url }) },
});
