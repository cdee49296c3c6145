import { stripeAmountOf } from '#libs/contracts/money/stripe-charging.js';
import { added, noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { SeatIndex } from '#libs/inventory/ids.js';

import type { RefundRefusal } from '#libs/contracts/payments.js';
import type { Attempt } from '../saga/attempt.js';
import type { BookedPrices } from './booked-prices.js';
import { atMost, partsBack, partsLeft, shareOfParts } from './parts-back.js';
import type { Refund } from './refund.js';

/** What somebody wants back. */
export type RefundWish =
  /** All that is left of the booking. */
  | { readonly what: 'whole' }
  | {
      readonly what: 'places';
      readonly seats: readonly SeatIndex[];
      readonly areas: readonly AreaQuantity[];
    }
  /** Money alone: the buyer keeps his places. */
  | { readonly what: 'amount'; readonly amountMinor: number };

export interface RefundTerms {
  readonly wish: RefundWish;
  /** Needed where only a part goes back, or went back before. */
  readonly prices: BookedPrices | null;
  /** Kept of each place that is taken back. */
  readonly feePerPlaceMinor: number;
  /** And the booking fee that was paid for it. Absent: it goes back. */
  readonly keepsBookingFee?: boolean;
  /** As who asks understands the amounts; null: he did not say. */
  readonly currency: string | null;
}

export interface GoesBack {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly amountMinor: number;
  readonly keptMinor: number;
  /** What of the amount is fee and tax (parts-back.ts). */
  readonly parts: PriceParts;
}

export type Refused = { readonly refused: RefundRefusal; readonly leftMinor?: number };

/** What went back before, or is gone otherwise. */
export type Gone = Pick<Refund, 'seats' | 'areas' | 'amountMinor' | 'keptMinor' | 'parts'>;
type Paid = Pick<
  Attempt,
  'seats' | 'areas' | 'amountMinor' | 'parts' | 'currency' | 'currencyDigits'
>;

/**
 * What of a captured attempt goes back, after what went back before (MR2): pure. All of `before`
 * counts: what failed may be tried again, and what was closed was paid otherwise.
 */
export function whatGoesBack(
  paid: Paid,
  before: readonly Gone[],
  { wish, prices, feePerPlaceMinor, keepsBookingFee = false, currency }: RefundTerms,
): GoesBack | Refused {
  if (currency !== null && currency !== paid.currency) return { refused: 'currency_mismatch' };
  // A bank may take back what was given back before.
  const gone = sumOf(before.map(({ amountMinor }) => amountMinor));
  const leftMinor = Math.max(0, paid.amountMinor - gone);
  const left = placesLeft(paid, before);
  if (left.seats.length + left.areas.length === 0 && wish.what !== 'amount') {
    return { refused: 'already_refunded' };
  }
  if (wish.what === 'amount') {
    const { amountMinor } = wish;
    if (leftMinor === 0) return { refused: 'already_refunded', leftMinor };
    if (amountMinor > leftMinor) return { refused: 'refund_too_high', leftMinor };
    const parts = shareOfParts(partsLeft(paid, before), amountMinor, leftMinor);
    return chargeable(paid, { seats: [], areas: [], amountMinor, keptMinor: 0, parts });
  }
  const places = wish.what === 'whole' ? left : { seats: wish.seats, areas: wish.areas };
  const foreign = notAmong(paid, left, places);
  if (foreign !== null) return { refused: foreign };
  const isAll = countOf(places) === countOf(left);
  // What was kept of other places stays kept.
  const keptBefore = sumOf(before.map((one) => one.keptMinor));
  const rest = leftMinor - Math.min(leftMinor, keptBefore);
  const priced = isAll && before.length === 0 ? null : valueOf(places, prices);
  if (priced === null && !isAll) return { refused: 'price_not_known', leftMinor };
  // Some of it may have gone back before, as an amount.
  const value = isAll ? Math.min(priced ?? rest, rest) : (priced ?? rest);
  if (value > rest) return { refused: 'refund_too_high', leftMinor: rest };
  const within = partsLeft(paid, before);
  const own =
    isAll && keptBefore === 0
      ? within
      : priced === null
        ? shareOfParts(within, value, leftMinor)
        : atMost(partsOf(places, prices), within);
  const bookingFee = keepsBookingFee ? own.feeMinor : 0;
  const keptMinor = Math.min(value, feePerPlaceMinor * countOf(places) + bookingFee);
  const amountMinor = value - keptMinor;
  const parts = partsBack(own, value, amountMinor, keepsBookingFee);
  return chargeable(paid, { ...places, amountMinor, keptMinor, parts });
}

type Places = Pick<GoesBack, 'seats' | 'areas'>;

function placesLeft(paid: Paid, before: readonly Gone[]): Places {
  const gone = new Set(before.flatMap(({ seats }) => seats));
  const goneOf = (area: number): number =>
    sumOf(before.flatMap(({ areas }) => areas.filter((one) => one.area === area)).map(quantityOf));
  return {
    seats: paid.seats.filter((seat) => !gone.has(seat)),
    areas: paid.areas
      .map(({ area, quantity }) => ({ area, quantity: quantity - goneOf(area) }))
      .filter(({ quantity }) => quantity > 0),
  };
}

function notAmong(paid: Places, left: Places, places: Places): RefundRefusal | null {
  const has = (whole: Places): boolean =>
    places.seats.every((seat) => whole.seats.includes(seat)) &&
    places.areas.every(({ area, quantity }) =>
      whole.areas.some((one) => one.area === area && one.quantity >= quantity),
    );
  if (has(left)) return null;
  return has(paid) ? 'already_refunded' : 'not_in_booking';
}

/** null: of some place it is not known. */
function valueOf({ seats, areas }: Places, prices: BookedPrices | null): number | null {
  if (prices === null) return null;
  let sum = 0;
  for (const seat of seats) {
    const price = prices.ofSeat(seat);
    if (price === null) return null;
    sum += price;
  }
  for (const { area, quantity } of areas) {
    const price = prices.ofArea(area);
    if (price === null) return null;
    sum += price * quantity;
  }
  return sum;
}

/** What is in the price of places that are known to have one. */
function partsOf({ seats, areas }: Places, prices: BookedPrices | null): PriceParts {
  if (prices === null) return noParts;
  const { parts } = prices;
  const ofPrice = (price: number | null): PriceParts => parts.get(price ?? 0) ?? noParts;
  const ofSeats = seats.reduce((sum, seat) => added(sum, ofPrice(prices.ofSeat(seat))), noParts);
  return areas.reduce(
    (sum, { area, quantity }) => added(sum, ofPrice(prices.ofArea(area)), quantity),
    ofSeats,
  );
}

/** Stripe's units are coarser in some currencies. What an older release charged is its to judge. */
function chargeable(
  { currency, currencyDigits: digits }: Paid,
  back: GoesBack,
): GoesBack | Refused {
  if (digits === null || back.amountMinor === 0) return back;
  const fits = stripeAmountOf({ minor: back.amountMinor, digits, currency }) !== null;
  return fits ? back : { refused: 'amount_not_chargeable' };
}

const quantityOf = ({ quantity }: AreaQuantity): number => quantity;
const countOf = ({ seats, areas }: Places): number => seats.length + sumOf(areas.map(quantityOf));
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
