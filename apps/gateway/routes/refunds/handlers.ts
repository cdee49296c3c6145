import type { Bus } from '#libs/bus/bus.js';
import type { ControlReply } from '#libs/bus/control-call.js';
import { repeatedCall } from '#libs/bus/repeated-call.js';
import { bookingIdOf, eventOfBooking } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { RefundCall, RefundReply, RefundWishCall } from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Office } from '#libs/office/office.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import type { Exchange } from '../../http/exchange.js';
import { roleFor } from '../admin/role-for.js';
import type { Handlers } from '../area.js';
import { answerRefund } from '../bookings/answer-refund.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import { powersOf } from '../shared/own-events.js';
import { refundRows } from './rows.js';

/**
 * Refunds that somebody with a role asks for: on record with their reason before payments hear of
 * them (OF1). The key makes one of all that are sent with it (G4).
 */
export interface RefundParts extends Pick<EventStepParts, 'events'> {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly office: Office;
  readonly log: Log;
}

export const refundHandlers = (parts: RefundParts): Handlers<typeof refundRows> => ({
  startRefund: (exchange) => startRefund(parts, exchange),
});

interface RefundRequest {
  readonly reason: string;
  readonly idempotency_key: string;
  readonly seat_ids?: readonly string[];
  readonly areas?: readonly { readonly area: string; readonly quantity: number }[];
  readonly amount?: number;
  readonly currency?: string;
  readonly fee_per_place?: number;
  readonly off_sale?: boolean;
}

export async function startRefund(parts: RefundParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { eventId } = entry.detail;
  const bookingId = bookingIdOf(exchange.params[1]);
  if (bookingId === null || eventOfBooking(bookingId) !== eventId) {
    return exchange.error('booking_not_found');
  }
  const body = exchange.body as RefundRequest;
  const wish = wishOf(body);
  if (wish === null) return exchange.error('invalid_request', { field: 'amount' });
  const role = roleFor(exchange, refundRows.startRefund.auth.roles);
  const { name: who } = powersOf(exchange);
  const { office, log } = parts;
  const { reason } = body;
  const asked = { who, role, what: 'startRefund', eventId, reason, trace: exchange.trace };
  const id = await office.begin(asked);
  const call: RefundCall = {
    ...{ bookingId, asker: who, role, reason, wish },
    idempotencyKey: body.idempotency_key,
    ...(body.currency === undefined ? {} : { currency: body.currency }),
    feePerPlaceMinor: body.fee_per_place ?? 0,
    offSale: body.off_sale === true,
    trace: exchange.trace,
  };
  const reply = await repeatedCall<RefundReply>(parts, subjects.payments('refund'), call, {
    withinMs: limits.controlCallTimeoutMs,
    againMs: limits.hopTimeoutMs,
    asksMax: 3,
  });
  answerRefund(exchange, reply);
  // What was done is answered whether its row could be settled or not: the refund tells as well.
  await office.settle(id, outcomeOf(reply)).catch((error: unknown) => {
    log.error({ err: error, trace: exchange.trace }, 'the outcome of a refund is not on record');
  });
}

/** null: an amount and places at once. */
function wishOf({ seat_ids: seats, areas, amount }: RefundRequest): RefundWishCall | null {
  const places = seats !== undefined || areas !== undefined;
  if (amount !== undefined) return places ? null : { what: 'amount', amountMinor: amount };
  return places ? { what: 'places', seats: seats ?? [], areas: areas ?? [] } : { what: 'whole' };
}

function outcomeOf(reply: ControlReply<RefundReply>): string {
  if (reply.kind !== 'ok') return reply.kind;
  const { body } = reply;
  if (body.kind === 'refund') return 'done';
  return body.kind === 'refused' ? `refused: ${body.reason}` : body.kind;
}
