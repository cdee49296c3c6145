import { repeatedCall } from '#libs/bus/repeated-call.js';
import { bookingIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type {
  CancellationView,
  GetBookingCall,
  GetBookingReply,
} from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import { assert } from '#libs/platform/assert.js';

import type { Exchange } from '../../http/exchange.js';
import { isoTime } from '../shared/iso-time.js';
import type { BookingParts } from './booking-parts.js';

interface QuoteRequest {
  readonly seat_ids?: readonly string[];
  readonly areas?: readonly { readonly area: string; readonly quantity: number }[];
}

/**
 * What cancelling would bring, before a buyer decides: asked of payments, which would work it out,
 * and of nobody else. Nothing is kept of a question; who cancels sends the sum that he was told.
 *
 * QC1  Sums are those of the places that were asked for, or there are none: a payments process of
 *      the release before has those of all that is left, whatever it is asked.
 */
export async function quoteCancellation(
  parts: Pick<BookingParts, 'bus' | 'clock'>,
  exchange: Exchange,
): Promise<void> {
  assert(exchange.caller !== null, 'the route needs a user');
  const bookingId = bookingIdOf(exchange.params[0]);
  if (bookingId === null) return exchange.error('booking_not_found');
  exchange.booking = bookingId;
  const { userId } = exchange.caller;
  const cancelling = placesIn(exchange.body as QuoteRequest);
  const call: GetBookingCall = {
    ...{ userId, bookingId, trace: exchange.trace },
    ...(cancelling === null ? {} : { cancelling }),
  };
  const reply = await repeatedCall<GetBookingReply>(parts, subjects.payments('get'), call, {
    withinMs: limits.controlCallTimeoutMs,
    againMs: limits.hopTimeoutMs,
    asksMax: 3,
  });
  if (reply.kind === 'overloaded') {
    return exchange.error('overloaded', { retry_after_ms: reply.retryAfterMs });
  }
  if (reply.kind !== 'ok') return exchange.error('unavailable', { retry_after_ms: 1_000 });
  const { body } = reply;
  if (body.kind === 'not_found' || body.booking.userId !== userId) {
    return exchange.error('booking_not_found');
  }
  if (body.barred !== undefined) return exchange.error(body.barred);
  const { cancellation } = body.booking;
  if (cancellation === undefined) return exchange.error('cancellation_not_allowed');
  const isOfPlaces = cancellation.ofPlaces === true;
  // QC1
  if (isOfPlaces !== (cancelling !== null)) {
    return exchange.error('unavailable', { retry_after_ms: 1_000 });
  }
  exchange.json(200, JSON.stringify(cancellationJson(cancellation)));
}

type Places = NonNullable<GetBookingCall['cancelling']>;

/** null: all that is left. */
function placesIn({ seat_ids: seats, areas }: QuoteRequest): Places | null {
  if (seats === undefined && areas === undefined) return null;
  return { what: 'places', seats: seats ?? [], areas: areas ?? [] };
}

export const cancellationJson = ({ untilMs, amountMinor, keptMinor }: CancellationView) => ({
  until: isoTime(untilMs),
  amount: amountMinor,
  kept: keptMinor,
});
