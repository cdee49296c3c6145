import type pg from 'pg';
import type { BookedSeatRow, BookingRow, EventHistory, JournalRow } from './history.js';

/**
 * Reads one event's rows with SQL of its own, in one snapshot of the database, so that journal and
 * tables belong together even while the event is being sold.
 */
export async function readHistory(pool: pg.Pool, eventId: string): Promise<EventHistory> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows = await readRows(client, eventId);
    const bookedSeats = await client.query<BookedSeatRow>(bookedSeatsSql, [eventId]);
    const bookings = await client.query<BookingRow>(bookingsSql, [eventId]);
    await client.query('COMMIT');
    return { eventId, rows, bookedSeats: bookedSeats.rows, bookings: bookings.rows };
  } catch (error) {
    // Its transaction is still open, or worse: nobody may be given this connection again.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

const bookedSeatsSql = `
  SELECT seat, booking_id AS "bookingId" FROM booked_seat
  WHERE event_id = $1 AND cancelled_batch IS NULL`;

const bookingsSql = `
  SELECT booking_id AS "bookingId", hold_id AS "holdId", user_id AS "userId", seats,
         cancelled_at IS NOT NULL AS cancelled
  FROM booking WHERE event_id = $1`;

const rowsSql = `
  SELECT batch_no AS "batchNo", epoch, first_seq AS "firstSeq", last_seq AS "lastSeq",
         prev_hash AS "prevHash", hash, facts,
         (extract(epoch FROM written_at) * 1000)::float8 AS "writtenAtMs"
  FROM journal WHERE event_id = $1 AND batch_no > $2 ORDER BY batch_no LIMIT $3`;

const pageRows = 5_000;

async function readRows(client: pg.PoolClient, eventId: string): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for (;;) {
    const after = rows.at(-1)?.batchNo ?? 0;
    const page = await client.query<JournalRow>(rowsSql, [eventId, after, pageRows]);
    rows.push(...page.rows);
    if (page.rows.length < pageRows) return rows;
  }
}
