import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GridIndex } from './grid-index.js';

const place = fc.record({
  x: fc.integer({ min: 0, max: 60 }),
  y: fc.integer({ min: 0, max: 60 }),
});
const houses = fc.array(place, { maxLength: 40 });

function indexOf(places: readonly { x: number; y: number }[], cell: number): GridIndex {
  const x = Float32Array.from(places, (one) => one.x);
  const y = Float32Array.from(places, (one) => one.y);
  const bounds = { left: 0, top: 0, right: 60, bottom: 60 };
  return new GridIndex(x, y, bounds, cell);
}

describe('a grid index', () => {
  it('finds the seat that a look at each would find (GI1)', () => {
    const spot = fc.record({
      x: fc.integer({ min: -9, max: 69 }),
      y: fc.integer({ min: -9, max: 69 }),
    });
    const property = fc.property(houses, spot, fc.nat(30), fc.integer({ min: 1, max: 40 }), check);
    fc.assert(property, { numRuns: 500 });
  });

  const check = (
    places: readonly { x: number; y: number }[],
    { x, y }: { x: number; y: number },
    reach: number,
    cell: number,
  ): void => {
    const squares = places.map((one) => (one.x - x) ** 2 + (one.y - y) ** 2);
    const least = Math.min(...squares);
    const wanted = least <= reach ** 2 ? squares.indexOf(least) : -1;
    expect(indexOf(places, cell).nearest(x, y, reach)).toBe(wanted);
  };

  it('finds the seats of a box, also more than there is room for', () => {
    const property = fc.property(houses, place, place, fc.nat(5), (places, a, b, room) => {
      const box = {
        left: Math.min(a.x, b.x),
        right: Math.max(a.x, b.x),
        top: Math.min(a.y, b.y),
        bottom: Math.max(a.y, b.y),
      };
      const inside = places.flatMap(({ x, y }, seat) =>
        x >= box.left && x <= box.right && y >= box.top && y <= box.bottom ? [seat] : [],
      );
      const index = indexOf(places, 7);
      const all = new Uint32Array(places.length);
      expect(index.inBox(box, all)).toBe(inside.length);
      expect([...all.subarray(0, inside.length)].sort((one, other) => one - other)).toEqual(inside);
      expect(index.inBox(box, new Uint32Array(room))).toBe(inside.length);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
