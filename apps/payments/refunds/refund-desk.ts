import { createHash } from 'node:crypto';

import type { Pool } from 'pg';

import type { Catalogue, PublicLayout } from '#libs/catalogue/catalogue.js';
import type {
  RefundCall,
  RefundRefusal,
  RefundReply,
  RefundWishCall,
} from '#libs/contracts/payments.js';
import { eventOfBooking } from '#libs/contracts/ids.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { AreaIndex, BookingId, HoldId, SeatIndex } from '#libs/inventory/ids.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import { derivedTrace, isTraceId } from '#libs/platform/trace.js';

import type { BookingViews } from '../bookings/booking-views.js';
import { bookedPrices, type BookedPrices } from './booked-prices.js';
import { namedRefund, type RefundId } from './refund.js';
import type { RefundTable } from './refund-table.js';
import type { RefundWish } from './what-goes-back.js';

export interface RefundDeskPorts {
  readonly pool: Pick<Pool, 'query'>;
  readonly table: Pick<RefundTable, 'request'>;
  readonly catalogue: Pick<Catalogue, 'layoutOf'>;
  readonly views: Pick<BookingViews, 'ofRefund'>;
  /** Work is due. */
  readonly wake: () => void;
  readonly random: Random;
  readonly log: Log;
}

/**
 * Where refunds are asked for. The key is the asker's: one key is one refund, however often and
 * wherever it is sent (G4). What is answered is in its row, and goes on whatever dies.
 *
 * Who asks has been let in by the gateway, which looked at his role.
 */
export class RefundDesk {
  constructor(private readonly ports: RefundDeskPorts) {}

  async refund(call: RefundCall): Promise<RefundReply> {
    const { table, views, random, wake, log } = this.ports;
    const { bookingId, asker, role, reason, idempotencyKey: requestKey } = call;
    try {
      const wish = await this.wishOf(call);
      if (typeof wish === 'string') return { kind: 'refused', reason: wish };
      const requested = await table.request({
        refundId: `rfd_${random.token(24)}` as RefundId,
        bookingId,
        userId: null,
        ...{ asker, role, reason, requestKey },
        fingerprint: fingerprintOf(call),
        offSale: call.offSale === true,
        terms: {
          wish,
          prices: await this.pricesFor(bookingId, wish),
          feePerPlaceMinor: call.feePerPlaceMinor ?? 0,
          currency: call.currency ?? null,
        },
        trace: isTraceId(call.trace) ? call.trace : derivedTrace(`${asker}/${requestKey}`),
      });
      if (requested.kind !== 'refund') return requested;
      if (requested.isNew) log.info({ ...namedRefund(requested.refund), role }, 'a refund begins');
      wake();
      return { kind: 'refund', refund: await views.ofRefund(requested.refund) };
    } catch (error) {
      if (isDatabaseAway(error)) return { kind: 'unavailable', retryAfterMs };
      throw error;
    }
  }

  /** In the words of the core; a name that the plan does not have is a refusal. */
  private async wishOf({ bookingId, wish }: RefundCall): Promise<RefundWish | RefundRefusal> {
    if (wish.what !== 'places') return wish;
    const layout = await this.ports.catalogue.layoutOf(eventOfBooking(bookingId));
    return layout === null ? 'booking_not_found' : placesOf(layout, wish);
  }

  private async pricesFor(bookingId: BookingId, wish: RefundWish): Promise<BookedPrices | null> {
    if (wish.what === 'amount') return null;
    const { rows } = await this.ports.pool.query<{ hold_id: HoldId; is_needed: boolean }>(
      `SELECT hold_id, $2 OR EXISTS (SELECT FROM refund WHERE refund.booking_id = $1) AS is_needed
       FROM payment_attempt WHERE booking_id = $1`,
      [bookingId, wish.what === 'places'],
    );
    const found = rows.at(0);
    if (found?.is_needed !== true) return null;
    return bookedPrices(this.ports.pool, eventOfBooking(bookingId), found.hold_id);
  }
}

const retryAfterMs = 1_000;

function placesOf(
  layout: Pick<PublicLayout, 'seats' | 'indexOfArea'>,
  wish: Extract<RefundWishCall, { what: 'places' }>,
): RefundWish | RefundRefusal {
  const seats = wish.seats.map((id) => layout.seats.find(id));
  if (seats.some((seat) => seat < 0)) return 'unknown_seat';
  const areas = new Map<AreaIndex, number>();
  for (const { area: name, quantity } of wish.areas) {
    const area = layout.indexOfArea.get(name) as AreaIndex | undefined;
    if (area === undefined) return 'unknown_area';
    areas.set(area, (areas.get(area) ?? 0) + quantity);
  }
  return {
    what: 'places',
    seats: [...new Set(seats as SeatIndex[])].sort((a, b) => a - b),
    areas: [...areas].map(([area, quantity]) => ({ area, quantity })),
  };
}

function fingerprintOf(call: RefundCall): string {
  const { wish, currency = null, feePerPlaceMinor = 0, offSale = false } = call;
  const body = JSON.stringify([wish, currency, feePerPlaceMinor, offSale]);
  return createHash('sha256').update(body).digest('hex');
}
