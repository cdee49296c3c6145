import { describe, expect, it } from '@jest/globals';

import type { SeatDiff } from '#libs/contracts/wire.js';
import type { EventId, Version } from '#libs/inventory/ids.js';

import { FakeCatalogue } from '../testing/fake-catalogue.js';
import { DiffRing } from './diff-ring.js';
import { SeatMap } from './seat-map.js';

const catalogue = new FakeCatalogue(3_000, 10);
const entry = { detail: catalogue.detail, layout: catalogue.layout };

const diff = (from: number, seats: readonly number[], areas: readonly number[] = []): SeatDiff => ({
  eventId: 'evt_show1' as EventId,
  epoch: 1,
  from: from as Version,
  to: (from + 1) as Version,
  seats,
  areas,
  notes: [],
});

describe('a seat map', () => {
  it('counts seats by status and places by area', () => {
    const map = new SeatMap(entry.layout.layout);
    map.apply(diff(0, [0, 1, 1, 2, 2, 3], [0, 4, 2, 1]));
    expect(map.counts).toEqual([2_997, 1, 1, 1]);
    expect(map.areas).toEqual([{ held: 4, booked: 2, blocked: 1 }]);
    expect(map.statuses.toString('latin1', 0, 4)).toBe('hbxf');
  });

  it.each([
    ['a seat outside the plan', [9_999, 1], []],
    ['a status that is none', [1, 7], []],
    ['an area outside the plan', [], [5, 1, 1, 1]],
  ])('refuses %s', (_what, seats, areas) => {
    const map = new SeatMap(entry.layout.layout);
    expect(map.apply(diff(0, seats, areas))).toBe(false);
  });
});

describe('the ring of recent changes', () => {
  const seats = (...list: number[]) => ({ seats: list, areas: [], saleStatus: false });

  it('forgets the oldest when there are too many entries or changes', () => {
    const ring = new DiffRing(3, 10);
    for (let i = 0; i < 20; i++) ring.push(i, i + 1, seats(i));
    expect(ring.length).toBe(3);
    expect(ring.since(16)).toBeNull();
    expect([...(ring.since(17)?.seats ?? [])].sort()).toEqual([17, 18, 19]);
    ring.push(20, 21, seats(1, 2, 3, 4, 5, 6, 7));
    expect(ring.since(18)).toBeNull();
    expect(ring.since(19)?.seats).toHaveLength(8);
  });
});
