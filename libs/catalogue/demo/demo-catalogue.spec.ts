import { describe, expect, it } from '@jest/globals';
import { SEAT_FLAG_COMPANION, SEAT_FLAG_WHEELCHAIR } from '#libs/inventory/layout.js';
import { compilePlan } from '../compile-plan.js';
import { demoEventFile, demoPlan } from './demo-catalogue.js';
import { demoEventIds, demoEvents, type DemoPlan } from './events.js';

const seatCounts: Readonly<Record<DemoPlan, number>> = {
  theatre: 622,
  arena: 15_040,
  stadium: 50_000,
};

describe.each(Object.entries(seatCounts) as [DemoPlan, number][])('the demo %s', (name, seats) => {
  const { layout, hash } = compilePlan(demoPlan(name), { areas: [] });

  it('has its number of seats and is the same every time', () => {
    expect(layout.seatCount).toBe(seats);
    expect(compilePlan(demoPlan(name), { areas: [] }).hash).toBe(hash);
  });

  it('has no two seats on top of each other', () => {
    expect(closest(layout.x, layout.y)).toBeGreaterThan(17);
  });

  it('has a companion seat beside every wheelchair space', () => {
    const spaces = [...layout.flagsOfSeat.keys()].filter(
      (seat) => (layout.flagsOfSeat[seat] & SEAT_FLAG_WHEELCHAIR) !== 0,
    );
    expect(spaces.length).toBeGreaterThanOrEqual(4);
    const accompanied = spaces.filter((seat) => {
      const isCompanion = (other: number, link: number) =>
        layout.neighbourNext[link] === 1 && (layout.flagsOfSeat[other] & SEAT_FLAG_COMPANION) !== 0;
      return isCompanion(seat + 1, seat) || isCompanion(seat - 1, seat - 1);
    });
    expect(accompanied).toEqual(spaces);
  });
});

describe('the demo', () => {
  it('splits the rows of its theatre by two aisles', () => {
    const { layout } = compilePlan(demoPlan('theatre'), { areas: [] });
    for (let row = 0; row < layout.rowCount; row += 1) {
      const links = layout.neighbourNext.subarray(layout.rowStart[row], layout.rowStart[row + 1]);
      const breaks = links.length - 1 - links.reduce((sum, link) => sum + link, 0);
      expect(breaks).toBe(2);
    }
    expect(layout.sections).toEqual(['Stalls', 'Circle', 'Balcony']);
  });

  it('is a dozen events with ids of their own, in several cities, two not yet on sale', () => {
    const ids = demoEvents.map((event) => event.file.id);
    expect(new Set(ids).size).toBe(12);
    expect(ids).toEqual(expect.arrayContaining(Object.values(demoEventIds)));
    expect(new Set(demoEvents.map((event) => event.file.city)).size).toBeGreaterThanOrEqual(5);
    const nowMs = Date.UTC(2027, 5, 1);
    const starts = demoEvents.map((event) => String(demoEventFile(event, nowMs).start));
    expect(new Set(starts.map((start) => start.slice(-6)))).toEqual(
      new Set(['+01:00', '+02:00', '-05:00', '+09:00']),
    );
    const later = demoEvents.filter((event) => event.onSaleInDays !== undefined);
    expect(later).toHaveLength(2);
  });
});

/** Smallest distance of any two seats, found through a grid of cells. */
function closest(x: Float32Array, y: Float32Array): number {
  const cell = 40;
  const cells = new Map<string, number[]>();
  let best = Infinity;
  for (let seat = 0; seat < x.length; seat += 1) {
    const [column, line] = [Math.floor(x[seat] / cell), Math.floor(y[seat] / cell)];
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (const other of cells.get(`${column + dx},${line + dy}`) ?? []) {
          best = Math.min(best, Math.hypot(x[seat] - x[other], y[seat] - y[other]));
        }
      }
    }
    const here = `${column},${line}`;
    cells.set(here, [...(cells.get(here) ?? []), seat]);
  }
  return best;
}
