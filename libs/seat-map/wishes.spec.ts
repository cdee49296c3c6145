import { describe, expect, it } from '@jest/globals';
import { SeatPlan } from './seat-plan.js';
import { hallOf } from './testing/hall.js';
import { hasWishes, isAsWished, noWishes, wishesIn, type Wishes } from './wishes.js';

const hall = hallOf({ sections: 3, rows: 1, seats: 2 });
const all = [0, 1, 2, 3, 4, 5];
const seats = { ...hall.seats, restricted_view: [1, 2], hearing_loop: all, plus_size: [2, 3] };
const plan = new SeatPlan({ ...hall, seats });
/** Of three categories, one a section; the last is not for sale. */
const prices = [3_000, 2_000, null];

const left = (wishes: Partial<Wishes>): number[] =>
  all.filter((seat) => isAsWished(plan, prices, { ...noWishes, ...wishes }, seat));

describe('wishes', () => {
  it('leave what fulfils all of them', () => {
    expect(left({})).toEqual(all);
    expect(left({ category: 1 })).toEqual([2, 3]);
    expect(left({ priceMax: 2_500 })).toEqual([2, 3]);
    expect(left({ priceMax: 3_000 })).toEqual([0, 1, 2, 3]);
    expect(left({ flags: ['restricted_view'] })).toEqual([0, 3, 4, 5]);
    expect(left({ flags: ['plus_size'] })).toEqual([2, 3]);
    expect(left({ flags: ['plus_size', 'restricted_view'] })).toEqual([3]);
    expect(left({ category: 2, priceMax: 9_999 })).toEqual([]);
  });

  it('are asked where they make a difference (WS1)', () => {
    expect(wishesIn(plan)).toEqual(['restricted_view', 'plus_size']);
    expect(hasWishes(noWishes)).toBe(false);
    expect(hasWishes({ ...noWishes, priceMax: 0 })).toBe(true);
  });
});
