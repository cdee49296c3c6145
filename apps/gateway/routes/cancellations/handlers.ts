import type { Bus } from '#libs/bus/bus.js';
import type { ControlReply } from '#libs/bus/control-call.js';
import { repeatedCall } from '#libs/bus/repeated-call.js';
import type {
  CancelEventCall,
  CancellationReply,
  EventCancellationView,
  ShowCancellationCall,
} from '#libs/contracts/event-cancellation.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Office } from '#libs/office/office.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

import type { Exchange } from '../../http/exchange.js';
import { roleFor } from '../admin/role-for.js';
import type { Handlers } from '../area.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import { isoTime } from '../shared/iso-time.js';
import { powersOf } from '../shared/own-events.js';
import { cancellationRows } from './rows.js';

/** An event is cancelled on record, with its reason, before payments hear of it (OF1). */
export interface CancellationParts extends Pick<EventStepParts, 'events'> {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly office: Office;
  readonly log: Log;
}

export const cancellationHandlers = (
  parts: CancellationParts,
): Handlers<typeof cancellationRows> => ({
  cancelEvent: (exchange) => cancelEvent(parts, exchange),
  showCancellation: (exchange) => showCancellation(parts, exchange),
});

interface CancelRequest {
  readonly reason: string;
  readonly fee_per_place?: number;
  readonly booking_fee_kept?: boolean;
}

export async function cancelEvent(parts: CancellationParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { eventId } = entry.detail;
  const { trace, body } = exchange;
  const {
    reason,
    fee_per_place: fee = 0,
    booking_fee_kept: keepsBookingFee = false,
  } = body as CancelRequest;
  const role = roleFor(exchange, cancellationRows.cancelEvent.auth.roles);
  const { name: who } = powersOf(exchange);
  const { office, log } = parts;
  const id = await office.begin({ who, role, what: 'cancelEvent', eventId, reason, trace });
  const call: CancelEventCall = {
    ...{ eventId, asker: who, role, reason, trace },
    feePerPlaceMinor: fee,
    keepsBookingFee,
  };
  const reply = await asked(parts, 'cancel_event', call);
  answer(exchange, 202, reply);
  await office.settle(id, outcomeOf(reply)).catch((error: unknown) => {
    log.error({ err: error, trace }, 'the outcome of a cancellation is not on record');
  });
}

async function showCancellation(parts: CancellationParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { trace } = exchange;
  const call: ShowCancellationCall = { eventId: entry.detail.eventId, trace };
  answer(exchange, 200, await asked(parts, 'cancellation', call));
}

/** Both may be asked again: the event is the key. */
const asked = (
  parts: CancellationParts,
  what: 'cancel_event' | 'cancellation',
  call: CancelEventCall | ShowCancellationCall,
): Promise<ControlReply<CancellationReply>> =>
  repeatedCall<CancellationReply>(parts, subjects.payments(what), call, {
    withinMs: limits.controlCallTimeoutMs,
    againMs: limits.hopTimeoutMs,
    asksMax: 3,
  });

function answer(exchange: Exchange, status: number, reply: ControlReply<CancellationReply>): void {
  if (reply.kind === 'overloaded') {
    return exchange.error('overloaded', { retry_after_ms: reply.retryAfterMs });
  }
  // Whether it was done or not: who asks again changes nothing by it.
  if (reply.kind !== 'ok') return exchange.error('unavailable', { retry_after_ms: 1_000 });
  const { body } = reply;
  switch (body.kind) {
    case 'cancellation':
      return exchange.json(status, JSON.stringify(cancellationJson(body.cancellation)));
    case 'refused':
      return exchange.error(body.reason);
    case 'unavailable':
      return exchange.error('unavailable', { retry_after_ms: body.retryAfterMs });
  }
}

function cancellationJson({ eventId, state, asked: by, totals, troubles }: EventCancellationView) {
  const endedAtMs = by?.endedAtMs ?? null;
  return {
    event_id: eventId,
    state,
    asked_by: by?.by ?? null,
    reason: by?.reason ?? null,
    asked_at: by === null ? null : isoTime(by.atMs),
    ended_at: endedAtMs === null ? null : isoTime(endedAtMs),
    fee_per_place: by?.feePerPlaceMinor ?? null,
    booking_fee_kept: by?.keepsBookingFee ?? null,
    error: by?.error ?? null,
    totals: totals.map(({ outcome, currency, bookings, amountMinor, keptMinor }) => ({
      ...{ outcome, currency, bookings, amount: amountMinor, kept: keptMinor },
    })),
    troubles: troubles.map(({ bookingId, outcome, reason, refundId }) => ({
      ...{ booking_id: bookingId, outcome, reason },
      ...(refundId === undefined ? {} : { refund_id: refundId }),
    })),
  };
}

function outcomeOf(reply: ControlReply<CancellationReply>): string {
  if (reply.kind !== 'ok') return reply.kind;
  const { body } = reply;
  if (body.kind === 'cancellation') return 'done';
  return body.kind === 'refused' ? `refused: ${body.reason}` : body.kind;
}
