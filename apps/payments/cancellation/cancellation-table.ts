import type { Pool, PoolClient } from 'pg';

import { limits } from '#libs/contracts/limits.js';
import type { CancelEventRefusal } from '#libs/contracts/event-cancellation.js';
import { inTransaction } from '#libs/database/transaction.js';
import { levelWithLate } from '#libs/inventory/codec/fact-kinds.js';
import type { BookingId, EventId } from '#libs/inventory/ids.js';

import type { CancellationStore } from './cancellation-store.js';
import {
  afterRound,
  cancellationAsker,
  passingReasons,
  type CancellationPage,
  type EventCancellation,
  type PageDone,
  type RoundCount,
} from './event-cancellation.js';

/** Who wants an event cancelled, and why. */
export type CancellationAsk = Pick<
  EventCancellation,
  'eventId' | 'asker' | 'role' | 'reason' | 'feePerPlaceMinor' | 'keepsBookingFee' | 'trace'
>;

export type CancellationAsked =
  | { readonly kind: 'asked'; readonly isNew: boolean }
  | { readonly kind: 'refused'; readonly reason: CancelEventRefusal };

export interface CancellationPace {
  /** Between two pages of one event. */
  readonly pageMs: number;
  /** Until what was to be waited for is looked at again. */
  readonly roundMs: number;
}

const usualPace: CancellationPace = {
  pageMs: limits.cancellationPaceMs,
  roundMs: limits.cancellationRoundMs,
};

/** Cancellations of events in Postgres. */
export class CancellationTable implements CancellationStore {
  constructor(
    private readonly pool: Pool,
    /** Names this process and this start of it. */
    private readonly worker: string,
    private readonly leaseMs: number,
    private readonly pace: CancellationPace = usualPace,
  ) {}

  /**
   * Once for an event; asked again it goes on, where there may be something to do again: with a
   * booking whose bank has decided meanwhile. `also`: what is done in the same transaction, such as
   * a line on record.
   */
  request(
    ask: CancellationAsk,
    also?: (client: PoolClient) => Promise<void>,
  ): Promise<CancellationAsked> {
    const { eventId, asker, role, reason, feePerPlaceMinor, keepsBookingFee, trace } = ask;
    return inTransaction(this.pool, async (client) => {
      const found = await client.query<{ level: number }>(
        'SELECT level FROM event, fact_format WHERE event_id = $1',
        [eventId],
      );
      if (found.rows.length === 0) return { kind: 'refused', reason: 'event_not_found' };
      if (found.rows[0].level < levelWithLate) return { kind: 'refused', reason: 'not_finalized' };
      const made = await client.query(
        `INSERT INTO event_cancellation
           (event_id, state, asker, role, reason, fee_per_place_minor, keeps_booking_fee, trace)
         VALUES ($1, 'REQUESTED', $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [eventId, asker, role, reason, feePerPlaceMinor, keepsBookingFee, trace],
      );
      if (made.rowCount === 0) {
        const same = [eventId, feePerPlaceMinor, keepsBookingFee];
        const again = await client.query(againStatement, same);
        if (again.rowCount === 0) return { kind: 'refused', reason: 'event_cancelled' };
      }
      await also?.(client);
      return { kind: 'asked', isNew: made.rowCount === 1 };
    });
  }

  async claimDue(): Promise<EventCancellation | null> {
    const { rows } = await this.pool.query<CancellationRow>(
      `UPDATE event_cancellation SET lease_owner = $1, lease_no = lease_no + 1,
         lease_until = clock_timestamp() + $2 * interval '1 ms'
       WHERE event_id = (
         SELECT event_id FROM event_cancellation
         WHERE state <> 'DONE' AND next_try_at <= clock_timestamp()
           AND lease_until < clock_timestamp()
         ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING *`,
      [this.worker, this.leaseMs],
    );
    return rows.length === 0 ? null : cancellationOf(rows[0]);
  }

  async began({ eventId, leaseNo }: EventCancellation): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `WITH begun AS (
         UPDATE event_cancellation SET state = 'REFUNDING', error = NULL, tries = 0,
           lease_owner = NULL, lease_until = '-infinity', next_try_at = clock_timestamp()
         WHERE event_id = $1 AND lease_no = $2 AND state = 'REQUESTED' RETURNING event_id
       ), shown AS (
         UPDATE event SET cancelled_at = clock_timestamp() FROM begun
         WHERE event.event_id = begun.event_id AND cancelled_at IS NULL
       )
       SELECT FROM begun`,
      [eventId, leaseNo],
    );
    return rowCount === 1;
  }

  async page({ eventId }: EventCancellation): Promise<CancellationPage> {
    const busy = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM refund
       WHERE state IN ('REQUESTED', 'SEATS_FREED') AND asker = $1`,
      [cancellationAsker],
    );
    const room = Math.max(0, limits.cancellationRefundsMax - busy.rows[0].count);
    if (room === 0) return { room, bookings: [] };
    const { rows } = await this.pool.query<{ bookingId: BookingId; isPaid: boolean }>(
      `SELECT booking_id AS "bookingId", EXISTS (SELECT FROM payment_attempt
           WHERE payment_attempt.booking_id = booking.booking_id) AS "isPaid"
       FROM booking JOIN event_cancellation USING (event_id)
       WHERE event_id = $1 AND cancelled_at IS NULL
         AND (booked_at, booking_id) > (cursor_at, cursor_id)
       ORDER BY booked_at, booking_id LIMIT $2`,
      [eventId, room],
    );
    return { room, bookings: rows };
  }

  keep(
    cancellation: EventCancellation,
    { asked, left, isLast }: PageDone,
  ): Promise<EventCancellation['state'] | null> {
    const { eventId, leaseNo } = cancellation;
    return inTransaction(this.pool, async (client) => {
      const own = await client.query(
        'SELECT FROM event_cancellation WHERE event_id = $1 AND lease_no = $2 FOR UPDATE',
        [eventId, leaseNo],
      );
      if (own.rowCount === 0) return null;
      await client.query(
        'DELETE FROM event_cancellation_left WHERE event_id = $1 AND booking_id = ANY ($2)',
        [eventId, asked],
      );
      await client.query(
        `INSERT INTO event_cancellation_left (event_id, booking_id, reason)
         SELECT $1, * FROM unnest($2::text[], $3::text[])
         ON CONFLICT (event_id, booking_id) DO UPDATE SET reason = excluded.reason`,
        [eventId, left.map(({ bookingId }) => bookingId), left.map(({ reason }) => reason)],
      );
      const after = isLast ? afterRound(await countRound(client, eventId)) : 'on';
      await client.query(keepStatement, [
        eventId,
        after === 'done',
        after === 'again',
        after === 'on' ? this.pace.pageMs : this.pace.roundMs,
        [...asked, ...left.map(({ bookingId }) => bookingId)],
      ]);
      return after === 'done' ? 'DONE' : 'REFUNDING';
    });
  }

  async miss(
    { eventId, leaseNo }: EventCancellation,
    error: string,
    delayMs: number,
  ): Promise<void> {
    await this.pool.query(
      `UPDATE event_cancellation SET error = $3, tries = tries + 1, lease_owner = NULL,
         lease_until = '-infinity', next_try_at = clock_timestamp() + $4 * interval '1 ms'
       WHERE event_id = $1 AND lease_no = $2`,
      [eventId, leaseNo, error, delayMs],
    );
  }

  /** Bookings that live, of events whose cancellation is not done, and are not left. */
  async census(): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count
       FROM event_cancellation JOIN booking USING (event_id)
         LEFT JOIN event_cancellation_left AS known USING (event_id, booking_id)
       WHERE state <> 'DONE' AND cancelled_at IS NULL
         AND (known.reason IS NULL OR known.reason = ANY ($1))`,
      [passingReasons],
    );
    return rows[0].count;
  }
}

/** Bookings that went meanwhile, by whatever way, are not waited for. */
async function countRound(client: PoolClient, eventId: EventId): Promise<RoundCount> {
  const { rows } = await client.query<RoundCount>(
    `SELECT
       (SELECT count(*)::int FROM event_cancellation_left JOIN booking USING (booking_id)
        WHERE event_cancellation_left.event_id = $1 AND reason = ANY ($2)
          AND cancelled_at IS NULL) AS passing,
       (SELECT count(*)::int FROM refund
        WHERE state IN ('REQUESTED', 'SEATS_FREED', 'SENT')
          AND asker = $3 AND event_id = $1) AS open`,
    [eventId, passingReasons, cancellationAsker],
  );
  return rows[0];
}

interface CancellationRow {
  readonly event_id: EventId;
  readonly state: EventCancellation['state'];
  readonly asker: string;
  readonly role: string;
  readonly reason: string;
  readonly fee_per_place_minor: string;
  readonly keeps_booking_fee: boolean;
  readonly tries: number;
  readonly lease_no: number;
  readonly trace: string;
}

const cancellationOf = (row: CancellationRow): EventCancellation => ({
  eventId: row.event_id,
  state: row.state,
  asker: row.asker,
  role: row.role,
  reason: row.reason,
  feePerPlaceMinor: Number(row.fee_per_place_minor),
  keepsBookingFee: row.keeps_booking_fee,
  tries: row.tries,
  leaseNo: row.lease_no,
  trace: row.trace,
});

/** What is under way goes on as it is; what is done begins another round. */
const againStatement = `
  UPDATE event_cancellation SET
    state = CASE state WHEN 'DONE' THEN 'REFUNDING' ELSE state END, ended_at = NULL,
    cursor_at = CASE state WHEN 'DONE' THEN '-infinity' ELSE cursor_at END,
    cursor_id = CASE state WHEN 'DONE' THEN '' ELSE cursor_id END,
    next_try_at = clock_timestamp()
  WHERE event_id = $1 AND fee_per_place_minor = $2 AND keeps_booking_fee = $3`;

/** The cursor is the last of what was looked at, as its row has it. */
const keepStatement = `
  WITH last AS (
    SELECT booked_at, booking_id FROM booking WHERE booking_id = ANY ($5)
    ORDER BY booked_at DESC, booking_id DESC LIMIT 1
  )
  UPDATE event_cancellation SET
    state = CASE WHEN $2 THEN 'DONE' ELSE state END,
    ended_at = CASE WHEN $2 THEN clock_timestamp() END,
    cursor_at = CASE WHEN $3 THEN '-infinity'
      ELSE coalesce((SELECT booked_at FROM last), cursor_at) END,
    cursor_id = CASE WHEN $3 THEN '' ELSE coalesce((SELECT booking_id FROM last), cursor_id) END,
    error = NULL, tries = 0, lease_owner = NULL, lease_until = '-infinity',
    next_try_at = clock_timestamp() + $4 * interval '1 ms'
  WHERE event_id = $1`;
