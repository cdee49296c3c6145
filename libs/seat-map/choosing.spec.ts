import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Picker } from './picker.js';
import { blockAround, runsOfRow, startsIn } from './seat-groups.js';
import { SeatLooks } from './seat-looks.js';
import { SeatPlan } from './seat-plan.js';
import { SectionSigns } from './section-signs.js';
import { Selection } from './selection.js';
import { hallOf } from './testing/hall.js';

const plan = new SeatPlan(hallOf({ sections: 2, rows: 2, seats: 8 }));

/** One letter a seat, as on a live map. */
function looksOf(letters: string): SeatLooks {
  const shown = new SeatLooks(plan.seatCount);
  const padded = letters.padEnd(plan.seatCount, 'b');
  shown.setAll(
    Uint8Array.from(padded, (letter) => 'fhbx'.indexOf(letter)),
    true,
  );
  return shown;
}

describe('seats together', () => {
  it('strand nobody where that can be (SG1)', () => {
    expect(startsIn({ first: 0, count: 8 }, 3)).toEqual([0, 2, 3, 5]);
    expect(startsIn({ first: 10, count: 3 }, 2)).toEqual([10, 11]);
    expect(startsIn({ first: 0, count: 2 }, 3)).toEqual([]);
  });

  it('are around the seat that was tapped, each free, in one row', () => {
    const letters = fc.array(fc.constantFrom('f', 'f', 'f', 'h', 'b'), {
      minLength: 32,
      maxLength: 32,
    });
    const property = fc.property(
      letters,
      fc.nat(31),
      fc.integer({ min: 1, max: 8 }),
      (row, seat, size) => {
        const { bytes } = looksOf(row.join(''));
        const block = blockAround(plan, bytes, seat, size);
        if (block === null) return;
        expect(block).toHaveLength(size);
        expect(block).toContain(seat);
        expect(block.every((one) => bytes[one] === 0)).toBe(true);
        expect(new Set(block.map((one) => plan.rowOfSeat[one])).size).toBe(1);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('are found where they are', () => {
    const { bytes } = looksOf('ffbfffhf');
    expect(runsOfRow(plan, bytes, 0, 2)).toEqual([
      { first: 0, count: 2 },
      { first: 3, count: 3 },
    ]);
    expect(blockAround(plan, bytes, 4, 3)).toEqual([3, 4, 5]);
    expect(blockAround(plan, bytes, 0, 3)).toBeNull();
  });
});

describe('a selection', () => {
  let shown: SeatLooks;
  let selection: Selection;

  beforeEach(() => {
    shown = looksOf('ffbfffhf');
    selection = new Selection(plan, shown, 2);
  });

  it('takes the whole party with one tap, and gives it up with another', () => {
    expect(selection.tap(0)).toEqual({ kind: 'chosen', seats: [0, 1] });
    expect([shown.lookOf(0), shown.lookOf(1), shown.lookOf(3)]).toEqual(['mine', 'mine', 'free']);
    expect(selection.tap(1)).toEqual({ kind: 'none' });
    expect(shown.lookOf(0)).toBe('free');
  });

  it('says how many are together where the party does not fit', () => {
    selection.setParty(4);
    expect(selection.tap(4)).toEqual({ kind: 'no_room', seat: 4, most: 3 });
    expect(selection.tap(2)).toEqual({ kind: 'no_room', seat: 2, most: 0 });
  });

  it('is over when a seat of it is taken, and says which (CH2)', () => {
    selection.tap(0);
    expect(selection.lostTo([5, 7])).toBe(false);
    expect(selection.lostTo([1, 7])).toBe(true);
    expect(selection.choice).toEqual({ kind: 'taken', lost: [1], offer: [] });
    selection.refused([1], [3, 4]);
    expect(selection.choice).toMatchObject({ offer: [3, 4] });
    selection.choose([3, 4]);
    expect(shown.lookOf(3)).toBe('mine');
    expect(() => selection.choose([3])).toThrow(RangeError);
  });

  it('is another one with another party (CH1)', () => {
    selection.tap(0);
    selection.setParty(1);
    expect(selection.choice.kind).toBe('none');
    expect(selection.tap(7)).toEqual({ kind: 'chosen', seats: [7] });
  });
});

describe('looks of seats', () => {
  it('show nothing that nobody knows, not the own choice either (LK1)', () => {
    const shown = looksOf('ff');
    shown.setMine([0]);
    shown.setAll(new Uint8Array(plan.seatCount), false);
    expect([shown.lookOf(0), shown.lookOf(1)]).toEqual(['unknown', 'unknown']);
    shown.setStatus(1, 0);
    expect(shown.lookOf(1)).toBe('unknown');
    shown.setAll(new Uint8Array(plan.seatCount), true);
    expect([shown.lookOf(0), shown.lookOf(1)]).toEqual(['mine', 'free']);
  });

  it('tell each who follows them of each seat that looks otherwise once (LK2)', () => {
    const shown = looksOf('ff');
    const [drawn, counted] = [shown.follow(), shown.follow()];
    expect(drawn.take()).toHaveLength(plan.seatCount);
    shown.setStatus(0, 1);
    shown.setStatus(0, 2);
    shown.setStatus(1, 0);
    expect([...drawn.take()]).toEqual([0]);
    expect([...drawn.take()]).toEqual([]);
    expect(counted.take()).toHaveLength(plan.seatCount);
  });
});

describe('the picker', () => {
  const prices = { byCategory: [2_500, 1_000, null] };
  const picker = new Picker(plan, looksOf(`ffbfffhf${'b'.repeat(8)}ffffffff`), prices);

  it('lists only what the party can have (PI1)', () => {
    expect(picker.sections(2)).toEqual([
      { at: 0, name: 'Block 1', seats: 5, prices: [2_500, 2_500] },
      { at: 1, name: 'Block 2', seats: 8, prices: [1_000, 1_000] },
    ]);
    expect(picker.sections(4).map(({ name }) => name)).toEqual(['Block 2']);
    expect(picker.rows(0, 2)).toMatchObject([{ at: 0, name: 'A', seats: 5 }]);
    expect(picker.sections(9)).toEqual([]);
  });

  it('says what a look at every seat would, whatever has changed (PI3, SIG1)', () => {
    const changes = fc.array(
      fc.tuple(fc.nat(plan.seatCount - 1), fc.nat(3), fc.integer({ min: 1, max: 4 })),
    );
    const property = fc.property(changes, (steps) => {
      const shown = looksOf('');
      const known = new Picker(plan, shown, prices);
      const signs = new SectionSigns(plan, shown, prices.byCategory);
      for (const [seat, status, party] of steps) {
        shown.setStatus(seat, status);
        const anew = new Picker(plan, shown, prices);
        expect(known.sections(party)).toEqual(anew.sections(party));
        signs.count();
      }
      const counted = new SectionSigns(plan, shown, prices.byCategory);
      counted.count();
      expect(signs.signs).toEqual(counted.signs);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('offers groups that do not overlap, with what they cost together (PI2)', () => {
    expect(picker.groups(2, 3)).toEqual([
      { seats: [16, 17, 18], total: 3_000 },
      { seats: [19, 20, 21], total: 3_000 },
    ]);
    expect(picker.groups(0, 2).map(({ seats }) => seats)).toEqual([
      [0, 1],
      [3, 4],
    ]);
  });
});
