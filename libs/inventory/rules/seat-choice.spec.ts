import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules, type PlainRow } from '#libs/testing/plain-layout.js';
import type { BestAvailable, Decision } from '../inventory.js';

/** Rows as they are drawn; `x` in place of a letter is a seat that is taken. */
function hall(rows: readonly (string | PlainRow)[], changes = {}): DeciderSpec {
  const plain = rows.map((row) => (typeof row === 'string' ? { seats: row } : row));
  const layout = plainLayout(
    plain.map((row) => ({ ...row, seats: row.seats.replaceAll('x', '.') })),
  );
  const rules = plainRules({ strandedSingles: 'refuse', ...changes });
  const taken = [...plain.map(({ seats }) => seats.replaceAll('|', '')).join('')].flatMap(
    (letter, seat) => (letter === 'x' ? [seat] : []),
  );
  const spec = new DeciderSpec(layout, rules).given(send.fact({ type: 'SaleOpened', atMs: 1 }));
  if (taken.length > 0) spec.run(send.blockSeats(taken));
  return spec;
}

function seatsOf(decision: Decision): unknown {
  if (decision.kind === 'refused') return decision.refusal.code;
  const outcome = decision.kind === 'accepted' ? decision.outcome : null;
  return outcome?.type === 'hold' ? outcome.seats : null;
}

const best = (spec: DeciderSpec, request: BestAvailable) =>
  seatsOf(spec.when(send.holdBest('h', request)));

/** One after the other, each as large as there is a block for. */
function splitBySize(spec: DeciderSpec, quantity: number): unknown {
  const seats: number[] = [];
  for (let size = quantity; seats.length < quantity;) {
    size = Math.min(size, quantity - seats.length);
    const block = best(spec, { quantity: size });
    if (Array.isArray(block)) {
      seats.push(...(block as number[]));
      spec.run(send.blockSeats(block as number[]));
    } else if (--size === 0) return 'no_block_available';
  }
  return seats.sort((a, b) => a - b);
}

describe('best available', () => {
  it('seats a party together in the middle of the nearest row', () => {
    expect(best(hall(['.......', '.......']), { quantity: 3 })).toEqual([2, 3, 4]);
  });

  it('never takes seats across an aisle or the end of a row for neighbours', () => {
    expect(best(hall(['..|..', 'x...']), { quantity: 3 })).toEqual([5, 6, 7]);
    expect(best(hall(['..|..', '..']), { quantity: 3 })).toBe('no_block_available');
  });

  it('would rather sit farther away than strand a single seat', () => {
    expect(best(hall(['xxx...xx', '........']), { quantity: 2 })).toEqual([11, 12]);
  });

  it('strands a seat when no other block is left', () => {
    expect(best(hall(['xxx...xx']), { quantity: 2 })).toEqual([3, 4]);
  });

  it('honours category, section and price', () => {
    const rows = [{ seats: '....' }, { seats: '....', category: 1, section: 1 }];
    expect(best(hall(rows), { quantity: 2, category: 1 })).toEqual([6, 7]);
    expect(best(hall(rows), { quantity: 2, section: 1 })).toEqual([6, 7]);
    expect(best(hall(rows), { quantity: 2, priceMax: 3_000 as never })).toEqual([6, 7]);
    expect(best(hall(rows), { quantity: 2, category: 1, section: 0 })).toBe('no_block_available');
  });

  it('gives wheelchair spaces to those who ask for them only, with their company beside', () => {
    const rows = ['wcwc', '....'];
    expect(best(hall(rows), { quantity: 2 })).toEqual([6, 7]);
    expect(best(hall(rows), { quantity: 2, wheelchairs: 1 })).toEqual([1, 2]);
    expect(best(hall(rows), { quantity: 3, wheelchairs: 2 })).toEqual([0, 1, 2]);
    expect(best(hall(['ww']), { quantity: 1 })).toBe('no_block_available');
  });

  it('seats company on a second wheelchair space when nothing else is beside one', () => {
    expect(best(hall(['ww', '..']), { quantity: 2, wheelchairs: 1 })).toEqual([0, 1]);
    expect(best(hall(['ww', 'wc']), { quantity: 2, wheelchairs: 1 })).toEqual([2, 3]);
    expect(best(hall(['www', '..']), { quantity: 3, wheelchairs: 1 })).toEqual([0, 1, 2]);
    expect(best(hall(['ww', '..']), { quantity: 2 })).toEqual([2, 3]);
    // Both of a split party's wheelchair users have a space before anybody else has a second one.
    const split = { quantity: 4, wheelchairs: 2, maySplit: true };
    expect(best(hall(['ww', '..']), split)).toEqual([0, 1, 2, 3]);
  });

  it('takes three companion seats with a wheelchair space, and leaves the fourth', () => {
    expect(best(hall(['wcccc', 'wccc.']), { quantity: 5, wheelchairs: 1 })).toEqual([
      5, 6, 7, 8, 9,
    ]);
    expect(best(hall(['wccc']), { quantity: 4, wheelchairs: 1 })).toEqual([0, 1, 2, 3]);
    expect(best(hall(['wcccc']), { quantity: 5, wheelchairs: 1 })).toBe('no_block_available');
    expect(best(hall(['wccc.']), { quantity: 5, wheelchairs: 1 })).toEqual([0, 1, 2, 3, 4]);
  });

  it('leaves companion seats to company', () => {
    expect(best(hall(['.ccc.']), { quantity: 1 })).toEqual([0]);
    expect(best(hall(['ccc']), { quantity: 1 })).toBe('no_block_available');
    expect(best(hall(['ccc', '.c.']), { quantity: 2, maySplit: true })).toEqual([3, 5]);
  });

  it('honours what each seat shall have, and what none', () => {
    const [restricted, loop] = [4, 8];
    expect(best(hall(['.rr.', '....']), { quantity: 2 })).toEqual([2, 3]);
    expect(best(hall(['.rr.', '....']), { quantity: 2, avoiding: restricted })).toEqual([6, 7]);
    expect(best(hall(['....', '.hh.']), { quantity: 2, having: loop })).toEqual([5, 6]);
    expect(best(hall(['.h.h']), { quantity: 2, having: loop })).toBe('no_block_available');
    const apart = { quantity: 2, having: loop, maySplit: true };
    expect(best(hall(['.h.h']), apart)).toEqual([1, 3]);
    const malformed: [BestAvailable, string][] = [
      [{ quantity: 1, having: 1 }, 'having'],
      [{ quantity: 1, avoiding: 0 }, 'avoiding'],
      [{ quantity: 1, having: 12, avoiding: 4 }, 'avoiding'],
    ];
    for (const [request, field] of malformed) {
      expect(hall(['.']).when(send.holdBest('h', request))).toMatchObject({
        refusal: { code: 'invalid_command', field: `best[0].${field}` },
      });
    }
  });

  it('splits a party only when it may be split', () => {
    const spec = hall(['x..x', 'x...', 'xx.x']);
    expect(best(spec, { quantity: 5 })).toBe('no_block_available');
    expect(best(spec, { quantity: 5, maySplit: true })).toEqual([1, 2, 5, 6, 7]);
    expect(best(spec, { quantity: 7, maySplit: true })).toBe('no_block_available');
  });

  it('looks at the house a few times to split a party, not once for each size', () => {
    const rows = Array.from({ length: 200 }, () => '.x'.repeat(20));
    const spec = hall(rows, { placesPerHoldMax: 50, placesPerBuyerMax: 50 });
    let looks = 0;
    const statuses = new Proxy(spec.state.statusOfSeat, {
      get(target, name) {
        looks += 1;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    Object.assign(spec.state, { statusOfSeat: statuses });
    expect(best(spec, { quantity: 50, maySplit: true })).toHaveLength(50);
    expect(looks).toBeLessThan(200 * 40 * 6);
  });

  it('splits a party as one search for each size would', () => {
    const party = fc.record({
      house: fc.array(fc.stringMatching(/^[.x|]{1,12}$/), { minLength: 1, maxLength: 5 }),
      quantity: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(party, ({ house, quantity }) => {
        const rows = house.map((row) => row.replaceAll(/^\|+|\|+$|\|(?=\|)/g, '') || '.');
        const limits = { placesPerHoldMax: 50, placesPerBuyerMax: 50 };
        const split = best(hall(rows, limits), { quantity, maySplit: true });
        expect(split).toEqual(splitBySize(hall(rows, limits), quantity));
      }),
    );
  });

  it('gives the blocks of one cart different seats', () => {
    const decision = hall(['....', '....']).when(
      send.holdBest('h', { quantity: 4 }, { quantity: 2 }, { quantity: 2 }),
    );
    expect(seatsOf(decision)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('seats a party across the joint of a round table, where no line has room', () => {
    const table = (seats: string) => hall([{ seats, round: true as const }]);
    expect(best(table('.xxxxxx.'), { quantity: 2 })).toEqual([0, 7]);
    expect(best(table('..xxxx..'), { quantity: 4 })).toEqual([0, 1, 6, 7]);
    expect(best(table('..xxxx..'), { quantity: 5 })).toBe('no_block_available');
    expect(best(table('....'), { quantity: 5 })).toBe('no_block_available');
    expect(best(table('.xxxxxxw'), { quantity: 2, wheelchairs: 1 })).toEqual([0, 7]);
    const split = hall(['xx.xx', 'xx.xx', { seats: '.xxx.', round: true }]);
    expect(best(split, { quantity: 3, maySplit: true })).toEqual([2, 10, 14]);
    expect(best(hall(['.xxxxxx.']), { quantity: 2 })).toBe('no_block_available');
  });

  it('seats nobody twice at a table that is too small, also beside overdue holds', () => {
    const spec = hall([{ seats: '....', round: true }, '.x']);
    spec.run(send.holdSeats('old', [4]), { user: 'bob' });
    const decision = spec.when(send.holdBest('h', { quantity: 5 }), { at: 10_000_000 });
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code: 'no_block_available' } });
  });

  it('counts the seats of an overdue hold as free', () => {
    const spec = hall(['....']);
    spec.run(send.holdSeats('old', [0, 1, 2, 3]), { user: 'bob' });
    const decision = spec.when(send.holdBest('h', { quantity: 4 }), { at: 10_000_000 });
    expect(decision).toMatchObject({ facts: [{ type: 'HoldExpired' }, { type: 'SeatsHeld' }] });
  });
});

describe('the rule on stranded singles', () => {
  const named = (spec: DeciderSpec, ...seats: number[]) =>
    spec.when(send.holdSeats('h', seats), { at: 1 });

  it('refuses a cart that leaves one seat alone, and offers the nearest that does not', () => {
    expect(named(hall(['......']), 1, 2)).toMatchObject({
      refusal: { code: 'stranded_single', seats: [0], alternative: [0, 1] },
    });
    expect(named(hall(['......']), 3, 4)).toMatchObject({
      refusal: { seats: [5], alternative: [2, 3] },
    });
    expect(named(hall(['.......']), 1, 3)).toMatchObject({
      refusal: { seats: [0, 2], alternative: [0, 1] },
    });
  });

  it('is judged across the gap to taken seats, aisles and wheelchair spaces alike', () => {
    expect(named(hall(['x.....']), 2)).toMatchObject({ refusal: { seats: [1] } });
    expect(named(hall(['..|...']), 3)).toMatchObject({ refusal: { seats: [2, 4] } });
    expect(named(hall(['w....w']), 2)).toMatchObject({ refusal: { seats: [1] } });
    expect(named(hall(['w....']), 1).kind).toBe('accepted');
  });

  it('gives way where it cannot be kept: a run just one seat longer than the cart', () => {
    expect(named(hall(['x...x']), 1, 2).kind).toBe('accepted');
    expect(named(hall(['x...x']), 1, 3).kind).toBe('accepted');
    expect(named(hall(['x...x']), 2)).toMatchObject({ refusal: { seats: [1, 3] } });
  });

  it('moves only the part of a cart that offends', () => {
    expect(named(hall(['.....', '.....']), 0, 1, 6)).toMatchObject({
      refusal: { seats: [5], alternative: [0, 1, 5] },
    });
  });

  it('says nothing at a round table, which has no end, nor across a table with two sides', () => {
    expect(named(hall([{ seats: '........', round: true as const }]), 1, 2).kind).toBe('accepted');
    // Side A is taken but for its first seat; across sits side B, free.
    expect(named(hall(['.xxx|....']), 4, 5).kind).toBe('accepted');
    expect(named(hall(['.xxx|....']), 0).kind).toBe('accepted');
  });

  it('counts against the buyer only what stands beside a seat of his own', () => {
    const loop = 8;
    const cart = (row: string, seat: number) =>
      hall([row]).when(send.holdSeats('h', [seat], { best: [{ quantity: 1, having: loop }] }));
    // The chosen seat, 4, leaves 5 alone, wherever the named one is.
    expect(cart('....h.', 0).kind).toBe('accepted');
    expect(cart('.....h.', 0).kind).toBe('accepted');
    expect(cart('.....h.', 1)).toMatchObject({ refusal: { seats: [0] } });
    expect(cart('.....h.', 3)).toMatchObject({ refusal: { seats: [4] } });
  });

  it('is off where the event allows it', () => {
    expect(named(hall(['......'], { strandedSingles: 'allow' }), 1).kind).toBe('accepted');
  });

  it('offers an alternative that can be held at once', () => {
    const spec = hall(['.......', '.......']);
    const refused = named(spec, 1, 2, 8, 9);
    const alternative = refused.kind === 'refused' ? (refused.refusal.alternative ?? []) : [];
    expect(alternative).toHaveLength(4);
    expect(named(spec, ...alternative).kind).toBe('accepted');
  });
});

describe('the alternative to seats that are gone', () => {
  const alternative = (spec: DeciderSpec, ...seats: number[]) => {
    const decision = spec.when(send.holdSeats('h', seats));
    return decision.kind === 'refused' ? decision.refusal.alternative : null;
  };

  it('is the nearest legal block of the same size in the same row, then in the next', () => {
    expect(alternative(hall(['..xx....', '........']), 2, 3)).toEqual([0, 1]);
    expect(alternative(hall(['.xx.....', '........']), 2, 3)).toEqual([3, 4]);
    expect(alternative(hall(['xxxx', 'xx..', '....']), 0, 1)).toEqual([6, 7]);
  });

  it('keeps the category and the kind of seat', () => {
    const rows = [{ seats: 'xx' }, { seats: '..', category: 1 }, { seats: '..' }];
    expect(alternative(hall(rows), 0, 1)).toEqual([4, 5]);
    expect(alternative(hall(['x.w']), 0)).toEqual([1]);
    expect(alternative(hall(['xw']), 0)).toBeUndefined();
  });
});
