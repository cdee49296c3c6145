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

import type { DisputeOfBooking, DisputeTable } from '../disputes/dispute-table.js';
import type { Refund } from '../refunds/refund.js';
import type { RefundTable } from '../refunds/refund-table.js';
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

export class BookingReader {
  constructor(
    private readonly pool: Pool,
    private readonly views: BookingViews,
    private readonly refunds: Pick<RefundTable, 'ofBookings'>,
    private readonly disputes: Pick<DisputeTable, 'ofBookings'>,
  ) {}

  /**
   * The booking is read after what went back of it: seats are freed before money is sent (MR1), so
   * nobody sees the money back and the seats still his.
   */
  async get({ userId, bookingId }: GetBookingCall): Promise<GetBookingReply> {
    const [after] = await this.after([bookingId]);
    const result = await this.pool.query<BookingRow>(
      `(${attempts} AND a.booking_id = $1 AND a.user_id = $2)
       UNION ALL (${otherBookings} AND b.booking_id = $1 AND b.user_id = $2)`,
      [bookingId, userId],
    );
    if (result.rows.length === 0) return { kind: 'not_found' };
    return { kind: 'found', booking: await this.viewOf(result.rows[0], after) };
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
      `(${attempts} AND ${before('a', 'created_at')})
       UNION ALL (${otherBookings} AND ${before('b', 'booked_at')})
       ORDER BY created_at DESC, booking_id DESC LIMIT $4`,
      [call.userId, cursor?.createdAtMs ?? null, cursor?.bookingId ?? '', limit + 1],
    );
    const rows = result.rows.slice(0, limit);
    const bookings: BookingView[] = [];
    const after = await this.after(rows.map((row) => row.booking_id));
    for (const [at, row] of rows.entries()) bookings.push(await this.viewOf(row, after[at]));
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

  /** Of each, in the same order. */
  private async after(bookingIds: readonly BookingId[]): Promise<readonly Afterwards[]> {
    const refunds = await this.refunds.ofBookings(bookingIds);
    const disputes = await this.disputes.ofBookings(bookingIds);
    return bookingIds.map((id) => ({
      refunds: refunds.filter(({ bookingId }) => bookingId === id),
      dispute: disputes.find(({ bookingId }) => bookingId === id) ?? null,
    }));
  }

  private async viewOf(row: BookingRow, { refunds, dispute }: Afterwards): Promise<BookingView> {
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

/** What became of a booking's money once it was captured. */
interface Afterwards {
  readonly refunds: readonly Refund[];
  readonly dispute: DisputeOfBooking | null;
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
