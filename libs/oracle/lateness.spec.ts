import { describe, expect, it } from '@jest/globals';
import {
  announce,
  batch,
  bookedLate,
  broken,
  expired,
  held,
  paying,
  released,
  verdictOf,
} from './testing/hand-made.js';

const standing = [{ area: 0, quantity: 2 }];
/** Ann's hold, that time has ended while she paid. */
const lapsed = (seats: readonly number[], more: object = {}) => [
  held('h1', 'ann', seats, more),
  paying('h1', 'pay-h1'),
  expired('h1', 300),
];

/** The tables are beside the point. */
const judged = (...facts: readonly object[]) =>
  broken(verdictOf([announce(1), batch(1, ...facts)])).filter((name) => !name.endsWith('_table'));

describe('The oracle on what is booked late', () => {
  it('finds nothing where it is what the hold had, or seats like those', () => {
    const whole = lapsed([0, 1], { areas: standing });
    expect(judged(...whole, bookedLate('b1', 'h1', 'ann', [0, 1], { areas: standing }))).toEqual(
      [],
    );
    const other = bookedLate('b1', 'h1', 'ann', [1], { insteadOf: [0] });
    expect(judged(...lapsed([0]), other)).toEqual([]);
  });

  it('knows what the hold had last, where a part was given back before', () => {
    const part = released('h1', [1], { totalMinor: 40 });
    const ended = [held('h1', 'ann', [0, 1]), part, expired('h1', 300)];
    expect(judged(...ended, bookedLate('b1', 'h1', 'ann', [0], { totalMinor: 40 }))).toEqual([]);
    expect(judged(...ended, bookedLate('b1', 'h1', 'ann', [0, 1], { totalMinor: 40 }))).toEqual([
      'late_as_held',
    ]);
  });

  it.each([
    ['a hold of somebody else', bookedLate('b1', 'h1', 'bob', [0])],
    ['a hold that never was', bookedLate('b1', 'h2', 'ann', [0])],
    ['other seats, and says nothing of it', bookedLate('b1', 'h1', 'ann', [1])],
    ['more seats', bookedLate('b1', 'h1', 'ann', [0, 1])],
    ['more seats in the place of fewer', bookedLate('b1', 'h1', 'ann', [1, 2], { insteadOf: [0] })],
    ['places in areas that were not held', bookedLate('b1', 'h1', 'ann', [0], { areas: standing })],
    ['seats of another category', bookedLate('b1', 'h1', 'ann', [2], { insteadOf: [0] })],
    ['a wheelchair space for a seat', bookedLate('b1', 'h1', 'ann', [3], { insteadOf: [0] })],
  ])('finds what is booked late over %s', (_, late) => {
    expect(judged(...lapsed([0]), late)).toEqual(['late_as_held']);
  });

  it('finds a seat in the place of a wheelchair space, and of seats that differ', () => {
    const space = bookedLate('b1', 'h1', 'ann', [1], { insteadOf: [3] });
    expect(judged(...lapsed([3]), space)).toEqual(['late_as_held']);
    const mixed = bookedLate('b1', 'h1', 'ann', [0, 1], { insteadOf: [0, 2] });
    expect(judged(...lapsed([0, 2]), mixed)).toEqual(['late_as_held']);
  });

  it('finds areas that are missing', () => {
    const late = bookedLate('b1', 'h1', 'ann', [0]);
    expect(judged(...lapsed([0], { areas: standing }), late)).toEqual(['late_as_held']);
  });

  it('finds another price', () => {
    const late = bookedLate('b1', 'h1', 'ann', [0], { totalMinor: 99 });
    expect(judged(...lapsed([0]), late)).toEqual(['charged_as_held']);
  });

  it('finds a buyer who holds other places, and not one whose hold only waits for its end', () => {
    const more = (deadlineMs: number) => held('h2', 'ann', [1], { atMs: 300, deadlineMs });
    const late = bookedLate('b1', 'h1', 'ann', [0]);
    expect(judged(...lapsed([0]), more(401), late)).toEqual(['late_as_held']);
    expect(judged(...lapsed([0]), more(400), late)).toEqual([]);
  });
});
