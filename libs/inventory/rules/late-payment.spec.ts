import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import * as send from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { decodeState, digest, encodeState, levelWithLate, type SaleRules } from '../inventory.js';

const lateMs = 700_000;

const house = [{ seats: '......' }, { seats: '......' }, { seats: '..wc..' }];

/** Ann's hold of these seats is paid for, and over: nobody has ticked since. */
function overdue(
  seats: readonly number[],
  rules: Partial<SaleRules> = {},
  rows: Parameters<typeof plainLayout>[0] = house,
): DeciderSpec {
  const layout = plainLayout(rows, [{ capacity: 4 }]);
  const spec = new DeciderSpec(layout, plainRules(rules));
  spec.given(send.fact({ type: 'SaleOpened', atMs: 1 }));
  spec.run(send.holdSeats('rsv', seats), { at: 1 });
  spec.run(send.beginPayment('rsv'), { at: 2 });
  return spec;
}

const total = (seats: readonly number[]) => seats.length * 5_000;

/** What becomes of the money: the seats that are booked, or the code of the refusal. */
function late(
  spec: DeciderSpec,
  seats: readonly number[],
  more: Parameters<typeof send.bookLate>[4] = {},
  sender: Sender = {},
): unknown {
  const command = send.bookLate('rsv', 'bkg', seats, total(seats), more);
  const decision = spec.run(command, { at: lateMs, id: 'late', ...sender });
  if (decision.kind === 'refused') return decision.refusal.code;
  const answer = decision.kind === 'replayed' ? decision.answer : decision;
  return answer.kind === 'accepted' && answer.outcome.type === 'booking'
    ? answer.outcome.seats
    : answer;
}

const takeBy = (spec: DeciderSpec, user: string, seats: readonly number[]): unknown =>
  spec.run(send.holdSeats(`of ${user}`, seats), { user, at: lateMs - 1 });

describe('a payment that comes when its hold is gone', () => {
  it('books the same seats where they are free, whether or not the hold was ticked', () => {
    const spec = overdue([1, 2]);
    expect(late(spec, [1, 2])).toEqual([1, 2]);
    expect(spec.facts.slice(-2)).toMatchObject([
      { type: 'HoldExpired', holdId: 'rsv' },
      { type: 'SeatsBookedLate', bookingId: 'bkg', userId: 'ann', totalMinor: 10_000 },
    ]);
    const ticked = overdue([1, 2]);
    ticked.run(send.tick, { at: lateMs });
    expect(late(ticked, [1, 2])).toEqual([1, 2]);
    expect(ticked.facts.at(-1)).toMatchObject({ insteadOf: [] });
  });

  it('costs what the hold cost, whatever the seats cost by now', () => {
    const spec = overdue([1, 2]);
    spec.run(send.changeRules({ prices: [9_000, 1, 1, 1] }), { at: 3 });
    expect(late(spec, [1, 2])).toEqual([1, 2]);
    expect(spec.state.bookings.get('bkg' as never)).toMatchObject({ totalMinor: 10_000 });
  });

  it('books area places while there is room, and none when there is not', () => {
    const areas: [number, number][] = [[0, 3]];
    expect(late(overdue([1]), [1], { areas })).toEqual([1]);
    const spec = overdue([1]);
    spec.run(send.holdSeats('bob', [], { areas: [[0, 2]] }), { user: 'bob', at: lateMs - 1 });
    expect(late(spec, [1], { areas })).toBe('area_full');
  });

  it('books the hold itself, should that be there after all', () => {
    const spec = overdue([1, 2]);
    expect(late(spec, [1, 2], {}, { at: 3 })).toEqual([1, 2]);
    expect(spec.facts.at(-1)).toMatchObject({ type: 'SeatsBooked' });
  });

  it('takes the nearest equal block only from who agreed to one', () => {
    const spec = overdue([1, 2]);
    takeBy(spec, 'bob', [2, 3]);
    expect(late(spec, [1, 2])).toBe('seats_unavailable');
    expect(late(spec, [1, 2], { alternative: true }, { id: 'again' })).toEqual([0, 1]);
    expect(spec.facts.at(-1)).toMatchObject({ insteadOf: [1, 2] });
  });

  it('takes no block that costs anything else', () => {
    const spec = overdue([1, 2]);
    takeBy(spec, 'bob', [2, 3]);
    spec.run(send.changeRules({ prices: [4_999, 1, 1, 1] }), { at: lateMs - 1 });
    expect(late(spec, [1, 2], { alternative: true })).toBe('seats_unavailable');
  });

  it('takes no block for seats that are not alike', () => {
    const rows = [{ seats: '......' }, { seats: '......', category: 1 }, { seats: '..wc..' }];
    const rules = { accessibleRelease: 1 as never };
    for (const held of [[1, 6], [1, 14], [1, 15], [14, 15], [15]]) {
      const spec = overdue(held, rules, rows);
      takeBy(spec, 'bob', held.slice(-1));
      expect(late(spec, held, { alternative: true })).toBe('seats_unavailable');
    }
  });

  it('finds no place in a house that is full', () => {
    const spec = overdue([1, 2], { placesPerHoldMax: 20, placesPerBuyerMax: 20 });
    takeBy(spec, 'bob', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16]);
    expect(late(spec, [1, 2], { alternative: true })).toBe('seats_unavailable');
  });

  it('is answered once, also when newer attempts are known by then (G4)', () => {
    const spec = overdue([1, 2]);
    expect(late(spec, [1, 2])).toEqual([1, 2]);
    const before = digest(spec.state);
    expect(late(spec, [1, 2], { newer: ['bkg_x'] })).toEqual([1, 2]);
    expect(digest(spec.state)).toBe(before);
  });

  it('is not asked for below the level at which the journal can say it', () => {
    const spec = overdue([1, 2]);
    const old = { factLevel: levelWithLate - 1 };
    expect(late(spec, [1, 2], {}, old)).toBe('not_finalized');
    expect(late(spec, [1, 2])).toEqual([1, 2]);
  });

  it('leaves a state that a snapshot keeps', () => {
    const spec = overdue([1, 2]);
    late(spec, [1, 2]);
    const { layout, rules } = spec.state;
    const kept = decodeState(layout, rules, encodeState(spec.state));
    expect(digest(kept)).toBe(digest(spec.state));
    expect(kept.placesOfBuyer.of('ann' as never)).toBe(2);
  });
});

describe('a payment that comes late gives its money back', () => {
  const freeHouse = () => overdue([1, 2]);

  it('when the sale is over, closed or cancelled', () => {
    expect(late(overdue([1, 2], { endsAtMs: lateMs as never }), [1, 2])).toBe('sale_ended');
    const closed = freeHouse();
    closed.run(send.closeSale, { at: 5 });
    expect(late(closed, [1, 2])).toBe('sale_closed');
    const cancelled = freeHouse();
    cancelled.run(send.cancelEvent, { at: 5 });
    expect(late(cancelled, [1, 2])).toBe('event_cancelled');
  });

  it('when the hold was of somebody else, given back, or never there', () => {
    expect(late(freeHouse(), [1, 2], {}, { user: 'bob' })).toBe('hold_not_found');
    const released = freeHouse();
    released.run(send.failPayment('rsv'), { at: 4 });
    released.run(send.releaseHold('rsv'), { at: 5 });
    expect(late(released, [1, 2])).toBe('hold_not_found');
    const unknown = send.bookLate('rsv_x', 'bkg', [1], 5_000);
    expect(freeHouse().when(unknown)).toMatchObject({ refusal: { code: 'hold_not_found' } });
  });

  it('when its buyer holds other places by now', () => {
    const spec = freeHouse();
    takeBy(spec, 'ann', [8]);
    expect(late(spec, [1, 2])).toBe('superseded');
  });

  it('when a newer attempt has booked', () => {
    const spec = freeHouse();
    spec.run(send.holdSeats('rsv_2', [8]), { at: lateMs - 3 });
    spec.run(send.beginPayment('rsv_2', 'pay2'));
    spec.run(send.bookHold('rsv_2', 'bkg_2', 'pay2'));
    expect(late(spec, [1, 2], { newer: ['bkg_2'] })).toBe('superseded');
    expect(late(spec, [1, 2], {}, { id: 'other' })).toEqual([1, 2]);
  });

  it('when it would be more than one buyer may have', () => {
    const spec = overdue([1, 2], { placesPerBuyerMax: 3 });
    spec.run(send.holdSeats('rsv_2', [8, 9, 10]), { at: lateMs - 3 });
    spec.run(send.beginPayment('rsv_2', 'pay2'));
    spec.run(send.bookHold('rsv_2', 'bkg_2', 'pay2'));
    expect(late(spec, [1, 2])).toBe('buyer_limit');
  });

  it('when its seats are kept for who needs them', () => {
    const spec = overdue([1]);
    expect(late(spec, [14])).toBe('accessible_seats_protected');
  });
});

describe('the late-payment ladder, whatever the house', () => {
  const seat = fc.integer({ min: 0, max: 11 });

  it('sells as many seats as were paid for, all of them free, or none', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(seat, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(seat, { maxLength: 9 }),
        fc.boolean(),
        (held, taken, alternative) => {
          const spec = overdue(held, { placesPerHoldMax: 12, placesPerBuyerMax: 12 });
          if (taken.length > 0) takeBy(spec, 'bob', taken);
          const before = [...spec.state.statusOfSeat];
          const got = late(spec, held, { alternative });
          const sold = Array.isArray(got) ? (got as number[]) : [];
          const asked = [...held].sort((a, b) => a - b);
          const free = held.every((one) => !taken.includes(one));
          expect(sold.length).toBe(sold.length === 0 ? 0 : held.length);
          if (free) expect(sold).toEqual(asked);
          else if (!alternative) expect(sold).toEqual([]);
          for (const one of sold) expect(taken.includes(one) ? before[one] : 0).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('an event that is cancelled', () => {
  it('holds, books and opens nothing any more, and lets places be given back', () => {
    const spec = overdue([1, 2]);
    spec.run(send.holdSeats('rsv_2', [8, 9]), { user: 'bob', at: 3 });
    spec.run(send.beginPayment('rsv_2', 'pay2'), { user: 'bob', at: 3 });
    spec.run(send.bookHold('rsv_2', 'bkg_2', 'pay2'), { user: 'bob', at: 3 });
    spec.run(send.cancelEvent, { at: 4 });
    const over = { refusal: { code: 'event_cancelled' } };
    const refused = [
      send.holdSeats('rsv_3', [5]),
      send.extendHold('rsv'),
      send.beginPayment('rsv'),
      send.bookHold('rsv', 'bkg'),
      send.openSale,
      send.closeSale,
      send.cancelEvent,
    ];
    for (const command of refused) expect(spec.when(command, { at: 5 })).toMatchObject(over);
    expect(spec.run(send.failPayment('rsv'), { at: 6 }).kind).toBe('accepted');
    expect(spec.run(send.releaseHold('rsv'), { at: 7 }).kind).toBe('accepted');
    expect(spec.run(send.cancelBooking('bkg_2', [8])).kind).toBe('accepted');
    spec.run(send.cancelBooking('bkg_2', [9], { offSale: true }));
    expect([...spec.state.statusOfSeat.subarray(8, 10)]).toEqual([0, 3]);
    expect(spec.state.bookings.size).toBe(0);
  });

  it('is not cancelled below the level at which the journal can say it', () => {
    const old = { factLevel: levelWithLate - 1 };
    const refusal = { refusal: { code: 'not_finalized' } };
    expect(overdue([1]).when(send.cancelEvent, old)).toMatchObject(refusal);
    const off = send.cancelBooking('bkg', [1], { offSale: true });
    expect(overdue([1]).when(off, old)).toMatchObject(refusal);
  });
});
