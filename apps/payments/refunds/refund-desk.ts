import { createHash } from 'node:crypto';

import type { Pool } from 'pg';

import type { Catalogue, PublicLayout } from '#libs/catalogue/catalogue.js';
import type {
  CancelCall,
  CancellationView,
  RefundCall,
  RefundRefusal,
  RefundReply,
  RefundWishCall,
} from '#libs/contracts/payments.js';
import { eventOfBooking } from '#libs/contracts/ids.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { AreaIndex, BookingId, HoldId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import { derivedTrace, isTraceId } from '#libs/platform/trace.js';

import type { BookingViews } from '../bookings/booking-views.js';
import { bookedPrices, type BookedPrices } from './booked-prices.js';
import { keptOfCancelling, cancellingRule, type CancellingRule } from './cancelling.js';
import { namedRefund, type RefundId } from './refund.js';
import type { RefundAsk } from './refund-ask.js';
import type { RefundTable } from './refund-table.js';
import { whatGoesBack, type RefundWish } from './what-goes-back.js';

export interface RefundDeskPorts {
  readonly pool: Pick<Pool, 'query'>;
  readonly table: Pick<RefundTable, 'request' | 'capturedOf' | 'goneOf'>;
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
 * Who asks by a role has been let in by the gateway, which looked at it. A buyer asks for his own
 * booking alone, and gets what his event allows.
 */
export class RefundDesk {
  constructor(private readonly ports: RefundDeskPorts) {}

  refund(call: RefundCall): Promise<RefundReply> {
    const { bookingId, asker, role, reason } = call;
    const { currency = null, feePerPlaceMinor = 0, offSale = false } = call;
    const fingerprint = digestOf([call.wish, currency, feePerPlaceMinor, offSale]);
    return this.request(call, {
      ...{ bookingId, asker, role, reason, fingerprint, offSale, userId: null },
      terms: { feePerPlaceMinor, currency },
    });
  }

  /** The buyer himself: his booking or none, and only what its event allows. */
  cancel(call: CancelCall): Promise<RefundReply> {
    const { bookingId, userId, wish, amountMinor = null } = call;
    return this.request(call, {
      ...{ bookingId, userId, asker: userId, role: 'buyer', reason: 'cancelled by its buyer' },
      fingerprint: digestOf(['buyer', wish, amountMinor]),
      offSale: false,
      terms: { feePerPlaceMinor: 0, currency: null },
      cancelling: { amountMinor },
    });
  }

  /**
   * What cancelling would bring its buyer now, of all that is left or of these places; or why he
   * cannot. It is worked out as a request for the same would be, and promises nothing.
   */
  async cancellationOf(
    bookingId: BookingId,
    userId: UserId,
    asked: CancelCall['wish'] = { what: 'whole' },
  ): Promise<CancellationView | RefundRefusal> {
    const { pool, table } = this.ports;
    const rule = await cancellingRule(pool, eventOfBooking(bookingId));
    if (rule === null) return 'cancellation_not_allowed';
    const attempt = await table.capturedOf(bookingId, userId);
    // Not paid here, or its money is still on its way.
    if (attempt === null) return 'cancellation_not_allowed';
    const kept = keptOfCancelling(rule, attempt);
    if (typeof kept === 'string') return kept;
    const before = await table.goneOf(attempt);
    if (before === 'disputed') return 'booking_disputed';
    const wish = await this.wishOf({ bookingId, wish: asked });
    if (typeof wish === 'string') return wish;
    const isSome = wish.what === 'places';
    const isPart = isSome || (kept.keepsBookingFee === true && before.length > 0);
    const prices = isPart ? await bookedPrices(pool, attempt.eventId, attempt.holdId) : null;
    const terms = { wish, prices, ...kept, currency: null };
    const back = whatGoesBack(attempt, before, terms);
    if ('refused' in back) return back.refused;
    const { amountMinor, keptMinor } = back;
    return { untilMs: rule.untilMs, amountMinor, keptMinor, ...(isSome ? { ofPlaces: true } : {}) };
  }

  private async request(call: RefundCall | CancelCall, ask: Asked): Promise<RefundReply> {
    const { table, views, random, wake, log } = this.ports;
    const { asker, role, terms } = ask;
    const { idempotencyKey: requestKey, trace } = call;
    try {
      const wish = await this.wishOf(call);
      if (typeof wish === 'string') return { kind: 'refused', reason: wish };
      const requested = await table.request({
        ...ask,
        refundId: `rfd_${random.token(24)}` as RefundId,
        requestKey,
        terms: { ...terms, wish, prices: await this.pricesFor(ask, wish) },
        trace: isTraceId(trace) ? trace : derivedTrace(`${asker}/${requestKey}`),
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

  /** null: he cannot. */
  private async ruleFor(bookingId: BookingId, userId: UserId): Promise<CancellingRule | null> {
    const { pool, table } = this.ports;
    const rule = await cancellingRule(pool, eventOfBooking(bookingId));
    if (rule?.isOpen !== true) return null;
    return (await table.capturedOf(bookingId, userId)) === null ? null : rule;
  }

  /** In the words of the core; a name that the plan does not have is a refusal. */
  private async wishOf({
    bookingId,
    wish,
  }: Pick<RefundCall, 'bookingId' | 'wish'>): Promise<RefundWish | RefundRefusal> {
    if (wish.what !== 'places') return wish;
    const layout = await this.ports.catalogue.layoutOf(eventOfBooking(bookingId));
    return layout === null ? 'booking_not_found' : placesOf(layout, wish);
  }

  /**
   * A journal is read for them: for who may give back, or for a buyer who can, and not for all that
   * is left of what is his, which is what was paid less what went back, unless fees are kept of it.
   */
  private async pricesFor(
    { bookingId, userId }: Asked,
    wish: RefundWish,
  ): Promise<BookedPrices | null> {
    if (wish.what === 'amount') return null;
    if (userId !== null) {
      const rule = await this.ruleFor(bookingId, userId);
      if (rule === null || (wish.what === 'whole' && rule.keepsBookingFee !== true)) return null;
    }
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

/** What of an ask follows from the call alone. */
interface Asked extends Omit<RefundAsk, 'refundId' | 'requestKey' | 'terms' | 'trace'> {
  readonly terms: Omit<RefundAsk['terms'], 'wish' | 'prices'>;
}

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

const digestOf = (body: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');
