import { describe, expect, it } from '@jest/globals';

import { added, noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaIndex, SeatIndex } from '#libs/inventory/ids.js';
import type { Prices } from '#libs/inventory/prices.js';

import { pricesOf } from './booked-prices.js';
import { whatGoesBack, type Gone, type RefundTerms, type RefundWish } from './what-goes-back.js';

const seats = [4, 5, 6] as SeatIndex[];
const area = 0 as AreaIndex;
const areas = [{ area, quantity: 2 }];
/** Seats of 30, 30 and 20, places of 10. */
const prices = pricesOf({
  seats,
  areas,
  prices: [
    { count: 2, priceMinor: 30 },
    { count: 1, priceMinor: 20 },
    { count: 2, priceMinor: 10 },
  ] as unknown as Prices,
});
const paid = { seats, areas, amountMinor: 100, currency: 'EUR', currencyDigits: 2, parts: null };
const terms = (wish: RefundWish, more: Partial<RefundTerms> = {}): RefundTerms => ({
  wish,
  prices,
  feePerPlaceMinor: 0,
  currency: null,
  ...more,
});
const places = (some: readonly number[], quantity = 0): RefundWish => ({
  what: 'places',
  seats: some as SeatIndex[],
  areas: quantity === 0 ? [] : [{ area, quantity }],
});
const whole: RefundWish = { what: 'whole' };
const none = { seats: [], areas: [], amountMinor: 0, keptMinor: 0, parts: noParts };

describe('what goes back', () => {
  it('is all of a booking, less a fee for each place', () => {
    expect(whatGoesBack(paid, [], terms(whole))).toEqual({
      ...{ seats, areas, amountMinor: 100, keptMinor: 0, parts: noParts },
    });
    const kept = whatGoesBack(paid, [], terms(whole, { feePerPlaceMinor: 3 }));
    expect(kept).toMatchObject({ amountMinor: 85, keptMinor: 15 });
    const dear = whatGoesBack(paid, [], terms(whole, { feePerPlaceMinor: 1_000 }));
    expect(dear).toMatchObject({ amountMinor: 0, keptMinor: 100 });
  });

  it('is of chosen places what they cost when they were held', () => {
    expect(whatGoesBack(paid, [], terms(places([5, 6], 1)))).toMatchObject({ amountMinor: 60 });
    const unknown = terms(places([5]), { prices: pricesOf(null) });
    expect(whatGoesBack(paid, [], unknown)).toMatchObject({ refused: 'price_not_known' });
  });

  it('of an equal block is what each place of the hold cost', () => {
    const moved = { ...paid, seats: [70, 71] as SeatIndex[], areas: [] };
    const same = pricesOf({ seats, areas: [], prices: 50 as unknown as Prices });
    expect(whatGoesBack(moved, [], terms(places([70]), { prices: same }))).toMatchObject({
      amountMinor: 50,
    });
  });

  it('of what is left leaves out what went back, and what was kept of it', () => {
    const before = [{ ...none, seats: [4] as SeatIndex[], amountMinor: 25, keptMinor: 5 }];
    const rest = { seats: [5, 6], areas, amountMinor: 70, keptMinor: 0, parts: noParts };
    expect(whatGoesBack(paid, before, terms(whole))).toEqual(rest);
    expect(whatGoesBack(paid, before, terms(whole, { prices: null }))).toEqual(rest);
    expect(whatGoesBack(paid, before, terms(places([5, 6], 2)))).toEqual(rest);
    const twice = whatGoesBack(paid, before, terms(places([4])));
    expect(twice).toEqual({ refused: 'already_refunded' });
    const all = [{ ...none, seats, areas, amountMinor: 100 }];
    expect(whatGoesBack(paid, all, terms(whole))).toEqual({ refused: 'already_refunded' });
  });

  it('is never more than what was captured, by whatever ways together', () => {
    const before = [{ ...none, amountMinor: 90 }];
    const high = { refused: 'refund_too_high', leftMinor: 10 };
    expect(whatGoesBack(paid, before, terms({ what: 'amount', amountMinor: 11 }))).toEqual(high);
    expect(whatGoesBack(paid, before, terms(places([4])))).toEqual(high);
    expect(whatGoesBack(paid, before, terms(whole))).toMatchObject({ amountMinor: 10 });
    const nothing = whatGoesBack(paid, [{ ...none, amountMinor: 100 }], {
      ...terms({ what: 'amount', amountMinor: 1 }),
    });
    expect(nothing).toEqual({ refused: 'already_refunded', leftMinor: 0 });
  });

  it('leaves what was kept of other places, whatever went back as an amount', () => {
    const before = [
      { ...none, seats: [4] as SeatIndex[], amountMinor: 25, keptMinor: 5 },
      { ...none, amountMinor: 2 },
    ];
    expect(whatGoesBack(paid, before, terms(whole))).toMatchObject({ amountMinor: 68 });
    const more = [...before, { ...none, amountMinor: 40 }];
    expect(whatGoesBack(paid, more, terms(places([5])))).toEqual({
      ...{ refused: 'refund_too_high', leftMinor: 28 },
    });
    // Who names an amount may give that back as well.
    expect(whatGoesBack(paid, more, terms({ what: 'amount', amountMinor: 33 }))).toMatchObject({
      amountMinor: 33,
    });
  });

  it('is nothing of what banks took back besides, and the places all the same', () => {
    const before = [
      { ...none, seats: [4] as SeatIndex[], amountMinor: 30 },
      { ...none, amountMinor: 100 },
    ];
    expect(whatGoesBack(paid, before, terms(whole))).toEqual({
      ...{ seats: [5, 6], areas, amountMinor: 0, keptMinor: 0, parts: noParts },
    });
  });

  it('is refused of strange places, in another currency, or finer than is charged', () => {
    expect(whatGoesBack(paid, [], terms(places([9])))).toEqual({ refused: 'not_in_booking' });
    expect(whatGoesBack(paid, [], terms(places([], 3)))).toEqual({ refused: 'not_in_booking' });
    expect(whatGoesBack(paid, [], terms(whole, { currency: 'USD' }))).toEqual({
      refused: 'currency_mismatch',
    });
    const forint = { ...paid, amountMinor: 100_000, currency: 'ISK' };
    expect(whatGoesBack(forint, [], terms({ what: 'amount', amountMinor: 150 }))).toEqual({
      refused: 'amount_not_chargeable',
    });
  });
});

describe('fee and tax of what goes back', () => {
  const parts = (feeMinor: number, taxMinor: number, feeTaxMinor: number): PriceParts => ({
    ...{ feeMinor, taxMinor, feeTaxMinor },
  });
  /** Two seats of 33.00 with a fee of 3.00, one of 13.20 with 1.20; a fifth of the net is tax. */
  const within = new Map([
    [3_300, parts(300, 550, 50)],
    [1_320, parts(120, 220, 20)],
  ]);
  const told = pricesOf(
    {
      seats,
      areas: [],
      prices: [
        { count: 2, priceMinor: 3_300 },
        { count: 1, priceMinor: 1_320 },
      ] as unknown as Prices,
    },
    within,
  );
  const order = { ...paid, areas: [], amountMinor: 7_920, parts: parts(720, 1_320, 120) };
  const ask = (wish: RefundWish, more: Partial<RefundTerms> = {}) =>
    terms(wish, { prices: told, ...more });
  const back = (
    wish: RefundWish,
    before: readonly Gone[] = [],
    more: Partial<RefundTerms> = {},
  ) => {
    const goes = whatGoesBack(order, before, ask(wish, more));
    if ('refused' in goes) throw new Error(goes.refused);
    return goes;
  };

  it('are all of them with all of a booking, and those of its price with a place (PB2)', () => {
    expect(back(whole).parts).toEqual(order.parts);
    expect(back(places([6]))).toMatchObject({ amountMinor: 1_320, parts: parts(120, 220, 20) });
  });

  it('are gone to the last unit when the money is, in whatever pieces it went (PB1)', () => {
    for (const pieces of [
      [1, 1, 1, 7_917],
      [2_640, 2_640, 2_640],
      [3_333, 7, 4_580],
    ]) {
      const before: Gone[] = [];
      for (const amountMinor of pieces) before.push(back({ what: 'amount', amountMinor }, before));
      const sum = before.reduce((all, one) => added(all, one.parts), noParts);
      expect(sum).toEqual(order.parts);
    }
    const first = back(places([4]));
    const amount = back({ what: 'amount', amountMinor: 1_000 }, [first]);
    const rest = back(whole, [first, amount]);
    const all = [first, amount, rest].reduce((sum, one) => added(sum, one.parts), noParts);
    expect(all).toEqual(order.parts);
  });

  it('leave the fee where the event keeps it, and the tax of the fee with it (PB3)', () => {
    const kept = { keepsBookingFee: true };
    const first = back(places([4]), [], kept);
    expect(first).toMatchObject({ amountMinor: 3_000, keptMinor: 300, parts: parts(0, 500, 0) });
    const rest = back(whole, [first], kept);
    expect(rest).toMatchObject({ amountMinor: 4_200, keptMinor: 420, parts: parts(0, 700, 0) });
    const dearer = back(whole, [], { ...kept, feePerPlaceMinor: 100 });
    expect(dearer).toMatchObject({
      amountMinor: 6_900,
      keptMinor: 1_020,
      parts: parts(0, 1_150, 0),
    });
  });

  it('are kept in proportion where a cancellation costs something', () => {
    const goes = back(whole, [], { feePerPlaceMinor: 660 });
    expect(goes).toMatchObject({
      amountMinor: 5_940,
      keptMinor: 1_980,
      parts: parts(540, 990, 90),
    });
  });

  it('are a share where the price of a place is not known any more', () => {
    const before = [back(places([4]), [], { keepsBookingFee: true })];
    const rest = back(whole, before, { prices: null });
    // 720 of the 4,920 that are left.
    expect(rest).toMatchObject({ amountMinor: 4_620, parts: { feeMinor: 676 } });
  });
});
