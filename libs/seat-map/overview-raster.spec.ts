import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OverviewRaster, tileSide } from './overview-raster.js';
import { palettes, pixelOf } from './palette.js';
import { look, looks, SeatLooks } from './seat-looks.js';
import { marksOf } from './seat-marks.js';
import { SeatPlan } from './seat-plan.js';
import { hallOf } from './testing/hall.js';

const plain = new SeatPlan(hallOf({ sections: 3, rows: 6, seats: 12 }));
/** Blocks that were copied over each other, as real plans have them. */
const overlapping = new SeatPlan(
  (() => {
    const hall = hallOf({ sections: 2, rows: 3, seats: 8 });
    const x = hall.seats.x.map((at, seat) => (seat < 24 ? at : (at - 260) * 0.7 + 3));
    return { ...hall, seats: { ...hall.seats, x } };
  })(),
);

describe('the raster of an overview', () => {
  const changes = fc.array(fc.tuple(fc.nat(215), fc.nat(3)), { maxLength: 60 });

  it.each([
    ['a plain house at 1 pixel a seat', plain, 0.01],
    ['a plain house', plain, 0.3],
    ['seats over each other', overlapping, 0.35],
    ['seats over each other at 1 pixel', overlapping, 0.01],
  ])('patched is the same as painted anew: %s (OR1)', (_what, plan, scale) => {
    const property = fc.property(changes, (steps) => {
      const shown = new SeatLooks(plan.seatCount);
      shown.setAll(new Uint8Array(plan.seatCount), true);
      const raster = new OverviewRaster(plan, shown, palettes.light, scale);
      shown.takeChanged();
      raster.paint();
      for (const [seat, status] of steps) {
        shown.setStatus(seat % plan.seatCount, status);
        if (seat % 4 === 0) raster.patch(shown.takeChanged());
      }
      raster.patch(shown.takeChanged());
      const anew = new OverviewRaster(plan, shown, palettes.light, scale);
      anew.paint();
      const differing = raster.tiles.filter((tile, at) =>
        tile.some((pixel, index) => pixel !== anew.tiles[at][index]),
      );
      expect(differing).toHaveLength(0);
    });
    fc.assert(property, { numRuns: 40 });
  });

  it('names the tiles that changed, once, also two for a seat on their border (OR2)', () => {
    const plan = new SeatPlan(hallOf({ sections: 4, rows: 20, seats: 40 }));
    const shown = new SeatLooks(plan.seatCount);
    const raster = new OverviewRaster(plan, shown, palettes.light, 0.45);
    const dirty = (): number[] => {
      const found: number[] = [];
      raster.takeDirty((tile) => void found.push(tile));
      return found;
    };
    expect(raster.columns).toBeGreaterThan(3);
    raster.paint();
    expect(dirty()).toHaveLength(raster.tiles.length);
    raster.patch(Uint32Array.of(0, 1));
    expect(dirty()).toEqual([0]);
    expect(dirty()).toEqual([]);
    const inColumn = (x: number): number => Math.floor(x * 0.45 + 1) % tileSide;
    const border = plan.x.findIndex((x) => inColumn(x) > tileSide - 7);
    raster.patch(Uint32Array.of(border));
    expect(dirty()).toEqual([0, 1]);
  });

  it('shows a category by its colour and what is gone without one', () => {
    const shown = new SeatLooks(plain.seatCount);
    shown.setAll(
      Uint8Array.from({ length: plain.seatCount }, (_none, seat) => (seat % 2 === 0 ? 0 : 2)),
      true,
    );
    const raster = new OverviewRaster(plain, shown, palettes.dark, 0.3);
    raster.paint();
    const { categories, gone } = palettes.dark;
    const used = new Set(raster.tiles.flatMap((tile) => [...new Set(tile)]));
    expect([...used].sort((a, b) => a - b)).toEqual(
      [0, ...[...categories.slice(0, 3), gone].map(pixelOf)].sort((a, b) => a - b),
    );
  });
});

describe('the mark of a seat', () => {
  it.each([3, 4, 5, 8, 12])('says without colour what a seat is, at %d pixels (MK1)', (side) => {
    const shapes = marksOf(side).map((mask) => mask.join(''));
    expect(new Set(shapes).size).toBe(looks.length);
    expect(shapes[look.free]).toBe('1'.repeat(side * side));
  });
});
