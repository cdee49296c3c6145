import type { Pool } from 'pg';

import { limits } from '#libs/contracts/limits.js';
import type {
  BookingState,
  BookingView,
  BuyerAction,
  GetBookingCall,
  GetBookingReply,
  ListBookingsCall,
  ListBookingsReply,
  RefundView,
} from '#libs/contracts/payments.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';

import { disputeOfBooking, disputeViewOf, type DisputeJson } from '../disputes/dispute-view.js';
import type { Refund } from '../refunds/refund.js';
import { refundOfJson, type RefundJson } from '../refunds/refund-row.js';
import type { SagaState } from '../saga/attempt.js';
import { partsOf } from '../store/attempt-row.js';
import { actionOf, told, type BookingViews } from './booking-views.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { bookingStateOf } from './outcome.js';

/**
 * Bookings as buyers see them. The booking row, written with the journal batch, is the truth about
 * seats; the payment attempt tells what was before it, and why there is none.
 */
interface BookingRow {
  readonly booking_id: BookingId;
  readonly event_id: EventId;
  readonly hold_id: HoldId;
  readonly user_id: UserId;
  readonly attempt_state: SagaState | null;
  readonly booked: boolean;
  readonly cancelled: boolean;
  readonly seats: readonly number[];
  readonly areas: readonly AreaQuantity[];
  readonly total_minor: string;
  readonly fee_minor: string | null;
  readonly tax_minor: string | null;
  readonly fee_tax_minor: string | null;
  readonly currency: string | null;
  readonly decline_code: string | null;
  readonly challenge: BuyerAction | null;
  readonly created_at: Date;
  /** The oldest first. */
  readonly refunds: readonly RefundJson[];
  readonly dispute: DisputeJson | null;
}

/** Seats that were cancelled one by one are no longer part of a booking that still lives. */
const liveSeats = `CASE WHEN b.cancelled_at IS NOT NULL THEN b.seats ELSE ARRAY(
  SELECT seat FROM booked_seat s WHERE s.booking_id = b.booking_id AND s.cancelled_batch IS NULL
  ORDER BY seat) END`;

const attempts = `
  SELECT a.booking_id, a.event_id, a.hold_id, a.user_id, a.state AS attempt_state,
    b.booking_id IS NOT NULL AS booked, b.cancelled_at IS NOT NULL AS cancelled,
    CASE WHEN b.booking_id IS NULL THEN a.seats ELSE ${liveSeats} END AS seats,
    COALESCE(b.areas, a.areas) AS areas,
    COALESCE(b.total_minor, a.amount_minor) AS total_minor, a.fee_minor,
    a.tax_minor, a.fee_tax_minor, a.currency, a.decline_code, a.challenge, a.created_at
  FROM payment_attempt a LEFT JOIN booking b USING (booking_id)
  WHERE a.state <> 'REJECTED'`;

/** Sold without a payment of ours, for instance by an organiser. */
const otherBookings = `
  SELECT b.booking_id, b.event_id, b.hold_id, b.user_id, NULL AS attempt_state,
    true AS booked, b.cancelled_at IS NOT NULL AS cancelled, ${liveSeats} AS seats, b.areas,
    b.total_minor, NULL AS fee_minor, NULL AS tax_minor, NULL AS fee_tax_minor,
    NULL AS currency, NULL AS decline_code, NULL AS challenge,
    b.booked_at AS created_at
  FROM booking b
  WHERE NOT EXISTS (SELECT FROM payment_attempt a WHERE a.booking_id = b.booking_id)`;

/** What became of its money, in the moment in which the booking was read (OM1). */
const afterwards = `
  ARRAY(SELECT to_jsonb(r) FROM refund AS r WHERE r.booking_id = shown.booking_id
    ORDER BY r.created_at, r.refund_id) AS refunds,
  ${disputeOfBooking('shown.booking_id')} AS dispute`;

/**
 * OM1  A booking and what went back of it are read by one statement, so they are of one moment:
 *      nobody is shown his money back and the seats still his, nor seats that are gone and nothing
 *      that is to come for them.
 */
export class BookingReader {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly views: BookingViews,
  ) {}

  async get({ userId, bookingId }: GetBookingCall): Promise<GetBookingReply> {
    const { rows } = await this.pool.query<BookingRow>(
      `SELECT shown.*, ${afterwards} FROM (
         (${attempts} AND a.booking_id = $1 AND a.user_id = $2)
         UNION ALL (${otherBookings} AND b.booking_id = $1 AND b.user_id = $2)) AS shown`,
      [bookingId, userId],
    );
    if (rows.length === 0) return { kind: 'not_found' };
    return { kind: 'found', booking: await this.viewOf(rows[0]) };
  }

  async list(call: ListBookingsCall): Promise<ListBookingsReply> {
    const cursor = call.cursor === null ? null : decodeCursor(call.cursor);
    if (cursor === null && call.cursor !== null) return { kind: 'invalid_cursor' };
    const limit = Math.max(1, Math.min(call.limit, limits.pageSizeMax));
    const before = (alias: string, column: string): string =>
      `${alias}.user_id = $1 AND ($2::float8 IS NULL OR
         (${alias}.${column}, ${alias}.booking_id) < (to_timestamp($2::float8 / 1000), $3))
       ORDER BY ${alias}.${column} DESC, ${alias}.booking_id DESC LIMIT $4`;
    const result = await this.pool.query<BookingRow>(
      `SELECT shown.*, ${afterwards} FROM (
         (${attempts} AND ${before('a', 'created_at')})
         UNION ALL (${otherBookings} AND ${before('b', 'booked_at')})
         ORDER BY created_at DESC, booking_id DESC LIMIT $4) AS shown
       ORDER BY created_at DESC, booking_id DESC`,
      [call.userId, cursor?.createdAtMs ?? null, cursor?.bookingId ?? '', limit + 1],
    );
    const rows = result.rows.slice(0, limit);
    const bookings: BookingView[] = [];
    for (const row of rows) bookings.push(await this.viewOf(row));
    const last = result.rows.length > limit ? rows.at(-1) : undefined;
    return {
      kind: 'page',
      bookings,
      nextCursor:
        last === undefined
          ? null
          : encodeCursor({ createdAtMs: last.created_at.getTime(), bookingId: last.booking_id }),
    };
  }

  private async viewOf(row: BookingRow): Promise<BookingView> {
    const refunds = row.refunds.map(refundOfJson);
    const dispute = row.dispute === null ? null : disputeViewOf(row.dispute);
    const shown: RefundView[] = [];
    for (const refund of refunds) shown.push(await this.views.ofRefund(refund));
    return this.views.of(
      {
        bookingId: row.booking_id,
        eventId: row.event_id,
        holdId: row.hold_id,
        userId: row.user_id,
        state: stateOf(row),
        totalMinor: Number(row.total_minor),
        ...told(partsOf(row)),
        currency: row.currency ?? (await this.views.currencyOf(row.event_id)),
        ...(row.decline_code === null ? {} : { declineCode: row.decline_code }),
        createdAtMs: row.created_at.getTime(),
        ...(row.booked ? {} : actionOf(row.challenge)),
        ...(shown.length === 0 ? {} : { refunds: shown }),
        ...(dispute === null ? {} : { dispute }),
      },
      row.seats,
      row.cancelled ? row.areas : areasLeft(row.areas, refunds),
    );
  }
}

/** Places of an area that were given back are none of a booking that still lives. */
const areasLeft = (
  areas: readonly AreaQuantity[],
  refunds: readonly Refund[],
): readonly AreaQuantity[] =>
  areas
    .map(({ area, quantity }) => {
      const back = refunds.flatMap((refund) => refund.areas).filter((one) => one.area === area);
      return { area, quantity: back.reduce((left, one) => left - one.quantity, quantity) };
    })
    .filter(({ quantity }) => quantity > 0);

function stateOf(row: BookingRow): BookingState {
  if (row.cancelled && row.attempt_state !== 'FAILED') return 'CANCELLED';
  if (row.booked && !row.cancelled) return 'CONFIRMED';
  const state = row.attempt_state === null ? null : bookingStateOf({ state: row.attempt_state });
  return state ?? 'CANCELLED';
}
