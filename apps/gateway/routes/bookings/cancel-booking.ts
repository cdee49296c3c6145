import { repeatedCall } from '#libs/bus/repeated-call.js';
import { bookingIdOf } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { CancelCall, RefundReply } from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import { assert } from '#libs/platform/assert.js';

import type { Exchange } from '../../http/exchange.js';
import { answerRefund } from './answer-refund.js';
import type { BookingParts } from './booking-parts.js';

interface CancelRequest {
  readonly idempotency_key: string;
  readonly seat_ids?: readonly string[];
  readonly areas?: readonly { readonly area: string; readonly quantity: number }[];
  readonly amount?: number;
}

/**
 * A buyer gives his booking back. Whose it is and what its event allows, payments look up; the key
 * makes one of all that are sent with it (G4), so after "outcome unknown" he asks again with it.
 */
export async function cancelBooking(
  parts: Pick<BookingParts, 'bus' | 'clock'>,
  exchange: Exchange,
): Promise<void> {
  assert(exchange.caller !== null, 'the route needs a user');
  const bookingId = bookingIdOf(exchange.params[0]);
  if (bookingId === null) return exchange.error('booking_not_found');
  exchange.booking = bookingId;
  const {
    idempotency_key: idempotencyKey,
    seat_ids: seats,
    areas,
    amount,
  } = exchange.body as CancelRequest;
  const all = seats === undefined && areas === undefined;
  const call: CancelCall = {
    userId: exchange.caller.userId,
    bookingId,
    idempotencyKey,
    wish: all ? { what: 'whole' } : { what: 'places', seats: seats ?? [], areas: areas ?? [] },
    ...(amount === undefined ? {} : { amountMinor: amount }),
    trace: exchange.trace,
  };
  const subject = subjects.payments('cancel');
  answerRefund(
    exchange,
    await repeatedCall<RefundReply>(parts, subject, call, {
      withinMs: limits.controlCallTimeoutMs,
      againMs: limits.hopTimeoutMs,
      asksMax: 3,
    }),
  );
}
