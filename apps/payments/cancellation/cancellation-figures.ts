import type { Pool, PoolClient } from 'pg';

import { limits } from '#libs/contracts/limits.js';
import type {
  CancellationOutcome,
  CancellationTotal,
  CancellationTrouble,
  EventCancellationView,
} from '#libs/contracts/event-cancellation.js';
import { inSnapshot } from '#libs/database/transaction.js';
import type { BookingId, EventId } from '#libs/inventory/ids.js';

import { cancellationAsker, passingReasons, type EventCancellation } from './event-cancellation.js';

/**
 * How far the cancellation of an event is, and its report when it is done: counted from bookings
 * and refunds as they are at one moment, so that it says what they say and its parts agree. A
 * refund that fails after that, or is tried again, is in it. null: there is no such event.
 */
export function cancellationFigures(
  pool: Pool,
  eventId: EventId,
): Promise<EventCancellationView | null> {
  return inSnapshot(pool, (client) => read(client, eventId));
}

async function read(
  client: Pick<PoolClient, 'query'>,
  eventId: EventId,
): Promise<EventCancellationView | null> {
  const found = await client.query<AskedRow>(askedStatement, [eventId]);
  const asked = found.rows.at(0);
  if (asked === undefined) return null;
  const totals = await client.query<TotalRow>(totalsStatement, [
    eventId,
    cancellationAsker,
    passingReasons,
  ]);
  const troubles = await client.query<TroubleRow>(troublesStatement, [
    eventId,
    cancellationAsker,
    passingReasons,
    limits.cancellationTroublesMax,
  ]);
  return {
    eventId,
    state: asked.state ?? 'NONE',
    asked: asked.state === null ? null : askedOf(asked),
    totals: totals.rows.map(totalOf),
    troubles: troubles.rows.map(({ bookingId, outcome, reason, refundId }) => ({
      ...{ bookingId, outcome, reason },
      ...(refundId === null ? {} : { refundId }),
    })),
  };
}

interface AskedRow {
  readonly state: EventCancellation['state'] | null;
  readonly asker: string;
  readonly reason: string;
  readonly fee_per_place_minor: string;
  readonly keeps_booking_fee: boolean;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly error: string | null;
}

const askedStatement = `
  SELECT state, asker, reason, fee_per_place_minor, keeps_booking_fee, created_at, ended_at, error
  FROM event LEFT JOIN event_cancellation USING (event_id) WHERE event_id = $1`;

const askedOf = (row: AskedRow): NonNullable<EventCancellationView['asked']> => ({
  by: row.asker,
  reason: row.reason,
  atMs: row.created_at.getTime(),
  endedAtMs: row.ended_at?.getTime() ?? null,
  feePerPlaceMinor: Number(row.fee_per_place_minor),
  keepsBookingFee: row.keeps_booking_fee,
  error: row.error,
});

interface TotalRow {
  readonly outcome: CancellationOutcome;
  readonly currency: string;
  readonly bookings: number;
  readonly amount: string;
  readonly kept: string;
}

const totalOf = (row: TotalRow): CancellationTotal => ({
  outcome: row.outcome,
  currency: row.currency,
  bookings: row.bookings,
  amountMinor: Number(row.amount),
  keptMinor: Number(row.kept),
});

/** What the refunds of the cancellation are, and which bookings have none. */
const asked = `
  refund.event_id = $1 AND refund.asker = $2`;

const livingWithout = `
  booking.event_id = $1 AND booking.cancelled_at IS NULL AND NOT EXISTS (
    SELECT FROM refund WHERE refund.booking_id = booking.booking_id AND refund.asker = $2)`;

const totalsStatement = `
  SELECT CASE
      WHEN refund.state IN ('REQUESTED', 'SEATS_FREED', 'SENT') THEN 'UNDER_WAY'
      WHEN refund.state <> 'DONE' THEN refund.state
      WHEN refund.amount_minor > 0 THEN 'REFUNDED'
      WHEN attempt.amount_minor = 0 THEN 'FREE'
      ELSE 'NOTHING_LEFT' END AS outcome,
    refund.currency, count(*)::int AS bookings, sum(refund.amount_minor) AS amount,
    sum(refund.kept_minor) AS kept
  FROM refund JOIN payment_attempt AS attempt USING (attempt_id)
  WHERE ${asked} GROUP BY 1, 2
  UNION ALL
  SELECT CASE WHEN reason IS NULL OR reason = ANY ($3) THEN 'WAITING' ELSE 'LEFT' END AS outcome,
    event.currency, count(*)::int, sum(booking.total_minor - coalesce(gone.amount, 0)), 0
  FROM booking JOIN event USING (event_id)
    LEFT JOIN event_cancellation_left AS known USING (event_id, booking_id)
    LEFT JOIN LATERAL (
      SELECT sum(refund.amount_minor + refund.kept_minor) AS amount FROM refund
      WHERE refund.booking_id = booking.booking_id) AS gone ON true
  WHERE ${livingWithout} GROUP BY 1, 2
  ORDER BY 1, 2`;

interface TroubleRow extends Omit<CancellationTrouble, 'refundId'> {
  readonly bookingId: BookingId;
  readonly refundId: string | null;
}

const troublesStatement = `
  SELECT booking_id AS "bookingId", 'FAILED' AS outcome, coalesce(failure, '') AS reason,
    refund_id AS "refundId"
  FROM refund WHERE ${asked} AND state = 'FAILED'
  UNION ALL
  SELECT booking_id, 'LEFT', reason, NULL
  FROM event_cancellation_left JOIN booking USING (event_id, booking_id)
  WHERE ${livingWithout} AND reason <> ALL ($3)
  ORDER BY 2, 1 LIMIT $4`;
