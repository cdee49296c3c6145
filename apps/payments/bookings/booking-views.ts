import type { Catalogue, PublicLayout } from '#libs/catalogue/catalogue.js';
import type {
  BookingView,
  BuyerAction,
  RefundStatus,
  RefundView,
} from '#libs/contracts/payments.js';
import { isPlain, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { EventId } from '#libs/inventory/ids.js';

import { isOpen, type Refund } from '../refunds/refund.js';
import { waitsForBuyer, type Attempt } from '../saga/attempt.js';
import { bookingStateOf } from './outcome.js';

/** Bookings in the words of the catalogue: public seat ids and names of areas. */
export class BookingViews {
  constructor(private readonly catalogue: Catalogue) {}

  /** Without a look at the booking row: for an attempt that was just read. */
  ofAttempt(attempt: Attempt): Promise<BookingView> {
    return this.of(
      {
        bookingId: attempt.bookingId,
        eventId: attempt.eventId,
        holdId: attempt.holdId,
        userId: attempt.userId,
        state: bookingStateOf(attempt) ?? 'EXPIRED',
        totalMinor: attempt.amountMinor,
        ...told(attempt.parts),
        currency: attempt.currency,
        ...(attempt.declineCode === null ? {} : { declineCode: attempt.declineCode }),
        createdAtMs: attempt.createdAtMs,
        ...(waitsForBuyer(attempt) ? actionOf(attempt.challenge) : {}),
      },
      attempt.seats,
      attempt.areas,
    );
  }

  async of(
    head: Omit<BookingView, 'seats' | 'areas'>,
    seats: readonly number[],
    areas: readonly AreaQuantity[],
  ): Promise<BookingView> {
    if (seats.length === 0 && areas.length === 0) return { ...head, seats: [], areas: [] };
    const layout = await this.catalogue.layoutOf(head.eventId);
    if (layout === null)
      throw new Error(`event ${head.eventId} is booked but not in the catalogue`);
    return {
      ...head,
      seats: seats.map((seat) => layout.seats.ids[seat]),
      seatLabels: seats.map((seat) => layout.labels.of(seat)),
      areas: areas.map(({ area, quantity }) => ({ area: areaName(layout, area), quantity })),
    };
  }

  async ofRefund(refund: Refund): Promise<RefundView> {
    const { seats, areas } = refund;
    const none = seats.length === 0 && areas.length === 0;
    const layout = none ? null : await this.catalogue.layoutOf(refund.eventId);
    return {
      refundId: refund.refundId,
      bookingId: refund.bookingId,
      status: isOpen(refund.state)
        ? 'UNDER_WAY'
        : (refund.state as Exclude<RefundStatus, 'UNDER_WAY'>),
      seats: layout === null ? [] : seats.map((seat) => layout.seats.ids[seat]),
      areas:
        layout === null
          ? []
          : areas.map(({ area, quantity }) => ({ area: areaName(layout, area), quantity })),
      amountMinor: refund.amountMinor,
      keptMinor: refund.keptMinor,
      ...told(refund.parts),
      currency: refund.currency,
      reason: refund.reason,
      createdAtMs: refund.createdAtMs,
    };
  }

  async currencyOf(eventId: EventId): Promise<string> {
    return (await this.catalogue.eventOf(eventId))?.currency ?? '';
  }
}

/** Of face value alone nothing is said. */
export const told = (parts: PriceParts | null): { readonly parts?: PriceParts } =>
  parts === null || isPlain(parts) ? {} : { parts };

/** For the buyer, and for him alone. */
export const actionOf = (challenge: BuyerAction | null): Pick<BookingView, 'action'> =>
  challenge === null ? {} : { action: challenge };

const areaName = (layout: PublicLayout, area: number): string => layout.layout.areas[area].name;
