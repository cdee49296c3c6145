import { describe, expect, it } from '@jest/globals';
import type { LayoutDocument, PlanDrawing } from './layout-document.js';
import { nearestBlock } from './nearest-block.js';
import { boundsOfPlan, boxOfDrawing } from './plan-drawings.js';
import { look, SeatLooks } from './seat-looks.js';
import { SeatPlan } from './seat-plan.js';
import { SectionSigns } from './section-signs.js';
import { hallOf } from './testing/hall.js';

const hall = hallOf({ sections: 3, rows: 2, seats: 6 });
const plan = new SeatPlan(hall);

function looksOf(letters: string): SeatLooks {
  const shown = new SeatLooks(plan.seatCount);
  const bytes = Uint8Array.from(letters.padEnd(plan.seatCount, 'b'), (one) => 'fhbx'.indexOf(one));
  shown.setAll(bytes, true);
  return shown;
}

describe('what is offered in place of a seat', () => {
  it('is the nearest block that strands nobody (NB1)', () => {
    const { bytes } = looksOf('bbffff' + 'bbbbbb' + 'ffffff');
    // Beside seat 1: seats 2 and 3 leave 4 and 5 together; 3 and 4 would leave singles.
    expect(nearestBlock(plan, bytes, 1, 2)).toEqual([2, 3]);
    expect(nearestBlock(plan, bytes, 1, 4)).toEqual([2, 3, 4, 5]);
    expect(nearestBlock(plan, bytes, 1, 5)).toEqual([12, 13, 14, 15, 16]);
    expect(nearestBlock(plan, bytes, 1, 7)).toBeNull();
  });

  it('costs the same where that is not much further', () => {
    // Two rows of a section cost the same, the next section does not.
    const { bytes } = looksOf('bbbbbb' + 'ffbbbb' + 'ffffff');
    expect(nearestBlock(plan, bytes, 5, 2)).toEqual([6, 7]);
  });
});

describe('a sign over a section', () => {
  it('stands in its middle and says what can be had there, from which price on', () => {
    const shown = looksOf('ffbbbb' + 'bbbbbb' + 'ffffff' + 'bbbbbb');
    const signs = new SectionSigns(plan, shown, [5_000, null, 2_000]);
    signs.count();
    expect(signs.signs.map(({ short, free, from }) => [short, free, from])).toEqual([
      ['1', 2, 5_000],
      ['2', 6, null],
      ['3', 0, null],
    ]);
    expect(signs.signs[0]).toMatchObject({ x: 50, y: 12.5 });
    shown.setAll(new Uint8Array(plan.seatCount).fill(look.booked), true);
    signs.count();
    expect(signs.signs.every(({ free, from }) => free === 0 && from === null)).toBe(true);
  });
});

describe('what is drawn beside the seats', () => {
  const drawing: PlanDrawing = {
    ...{ shape: 'rectangle', x: 100, y: -60, rotation: 0, width: 40, height: 20 },
    ...{ text: 'Stage', text_x: 20, text_y: 10, text_size: null, color: null },
  };
  const without = { width: 0, height: 0 };

  it('has a box around it, turned as it is', () => {
    expect(boxOfDrawing(drawing)).toEqual({ left: 100, top: -60, right: 140, bottom: -40 });
    const turned = boxOfDrawing({ ...drawing, rotation: 90 });
    expect(turned.left).toBeCloseTo(80);
    expect(turned.bottom).toBeCloseTo(-20);
    const round = { ...drawing, ...without, radius_x: 5, radius_y: 8 };
    expect(boxOfDrawing(round)).toEqual({ left: 95, top: -68, right: 105, bottom: -52 });
    const points = [
      { x: 0, y: 0 },
      { x: 30, y: 4 },
      { x: -2, y: 9 },
    ];
    expect(boxOfDrawing({ ...drawing, ...without, points })).toEqual({
      ...{ left: 98, top: -60, right: 130, bottom: -51 },
    });
  });

  it('is on a map that shows everything, with a seat’s width around the seats', () => {
    const drawn: LayoutDocument = { ...hall, drawings: [drawing] };
    expect(boundsOfPlan(new SeatPlan(drawn)).top).toBe(-60);
    expect(boundsOfPlan(plan)).toMatchObject({ left: -20, top: -20 });
  });
});

describe('a seat that is not for this buyer', () => {
  it('is shown as not for sale while it is free, and as what it is else (LK3)', () => {
    const looks = looksOf('ffhb');
    const shown = new Uint8Array(plan.seatCount);
    shown.fill(look.blocked, 0, 4);
    const changes = looks.follow();
    changes.take();
    looks.setFreeAs(shown);
    expect(Array.from(looks.bytes.subarray(0, 4))).toEqual([look.blocked, look.blocked, 1, 2]);
    expect(Array.from(changes.take())).toEqual([0, 1]);
    looks.setStatus(2, look.free);
    expect(looks.lookOf(2)).toBe('blocked');
    looks.setFreeAs(new Uint8Array(plan.seatCount));
    expect(Array.from(looks.bytes.subarray(0, 4))).toEqual([0, 0, 0, 2]);
  });
});
