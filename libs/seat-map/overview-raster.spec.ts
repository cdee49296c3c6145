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

const room = new Uint32Array(tileSide * tileSide);

/** Every tile as it is now. */
function tilesOf(raster: OverviewRaster): Uint32Array[] {
  return Array.from({ length: raster.tileCount }, (_none, tile) => {
    raster.paintTile(tile, room);
    return room.slice();
  });
}

/** Seats by their pixels: the highest of those that lie over each other. */
function seatAt(plan: SeatPlan, { scale, side }: OverviewRaster): Map<string, [number, number]> {
  const found = new Map<string, [number, number]>();
  const { bounds, pitch } = plan;
  const margin = (pitch * scale - side) / 2;
  for (let seat = 0; seat < plan.seatCount; seat += 1) {
    const left = Math.max(0, Math.trunc((plan.x[seat] - bounds.left) * scale + margin));
    const top = Math.max(0, Math.trunc((plan.y[seat] - bounds.top) * scale + margin));
    for (let at = 0; at < side * side; at += 1) {
      found.set(`${left + (at % side)} ${top + Math.floor(at / side)}`, [seat, at]);
    }
  }
  return found;
}

describe('the raster of an overview', () => {
  const houses = [
    ['a plain house at 1 pixel a seat', plain, 0.01],
    ['a plain house', plain, 0.3],
    ['seats over each other', overlapping, 0.35],
    ['seats over each other at 1 pixel', overlapping, 0.01],
  ] as const;

  it.each(houses)('shows of each place the highest seat: %s (OR1)', (_what, plan, scale) => {
    const shown = new SeatLooks(plan.seatCount);
    const sold = Uint8Array.from({ length: plan.seatCount }, (_none, seat) => seat % 4);
    shown.setAll(sold, true);
    const raster = new OverviewRaster(plan, shown, palettes.light, scale);
    const marks = marksOf(raster.side);
    const expected = seatAt(plan, raster);
    const differing = tilesOf(raster).flatMap((pixels, tile) =>
      Array.from(pixels).filter((pixel, index) => {
        const x = (tile % raster.columns) * tileSide + (index % tileSide);
        const y = Math.floor(tile / raster.columns) * tileSide + Math.floor(index / tileSide);
        const [seat, at] = expected.get(`${x} ${y}`) ?? [-1, 0];
        const isPainted = seat !== -1 && marks[shown.bytes[seat]][at] === 1;
        return isPainted !== (pixel !== 0);
      }),
    );
    expect(differing).toEqual([]);
  });

  it.each(houses)('is dirty wherever it looks otherwise: %s (OR2)', (_what, plan, scale) => {
    const changes = fc.array(fc.tuple(fc.nat(plan.seatCount - 1), fc.nat(3)), { maxLength: 40 });
    const property = fc.property(changes, (steps) => {
      const shown = new SeatLooks(plan.seatCount);
      shown.setAll(new Uint8Array(plan.seatCount), true);
      const followed = shown.follow();
      followed.take();
      const raster = new OverviewRaster(plan, shown, palettes.light, scale);
      const kept = tilesOf(raster);
      for (const [seat, status] of steps) shown.setStatus(seat, status);
      raster.patch(followed.take());
      kept.forEach((tile, at) => raster.isDirty(at) && raster.paintTile(at, tile));
      const now = tilesOf(raster);
      const isStale = (tile: Uint32Array, at: number) =>
        !Buffer.from(tile.buffer).equals(Buffer.from(now[at].buffer));
      expect(kept.findIndex(isStale)).toBe(-1);
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('is dirty in one tile until it is painted, in two for a seat on their border (OR2)', () => {
    const plan = new SeatPlan(hallOf({ sections: 4, rows: 20, seats: 40 }));
    const shown = new SeatLooks(plan.seatCount);
    const raster = new OverviewRaster(plan, shown, palettes.light, 0.45);
    const dirty = (): number[] => {
      const found = Array.from({ length: raster.tileCount }, (_none, tile) => tile);
      const tiles = found.filter((tile) => raster.isDirty(tile));
      tiles.forEach((tile) => raster.paintTile(tile, room));
      return tiles;
    };
    expect(raster.columns).toBeGreaterThan(3);
    expect(dirty()).toHaveLength(raster.tileCount);
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
    const { categories, gone } = palettes.dark;
    const used = new Set(tilesOf(raster).flatMap((tile) => [...new Set(tile)]));
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
