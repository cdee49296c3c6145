import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { Announcer } from './announcer.js';
import { ReaderGrid, type GridKey } from './reader-grid.js';
import { look, looks } from './seat-looks.js';
import { seatFlagNames, SeatPlan } from './seat-plan.js';
import { hallOf } from './testing/hall.js';
import { catalogue, describeSeat } from './words.js';

const plan = new SeatPlan(hallOf({ sections: 2, rows: 3, seats: 4 }));

describe('the grid for screen readers', () => {
  const grid = new ReaderGrid(plan);

  it('says where a seat is in the whole, and which rows are around it', () => {
    expect(grid.rowCount).toBe(6);
    expect(grid.placeOf(9)).toEqual({ row: 3, column: 2 });
    expect(grid.windowAround(9, 4)).toEqual({ firstRow: 0, endRow: 4 });
    expect(grid.windowAround(23, 4)).toEqual({ firstRow: 2, endRow: 6 });
    expect(grid.windowAround(0, 40)).toEqual({ firstRow: 0, endRow: 6 });
    expect(grid.cellsOf(1)).toEqual({ first: 4, end: 8 });
  });

  it.each<[GridKey, number, number]>([
    ['right', 1, 2],
    ['right', 3, 3],
    ['left', 4, 4],
    ['home', 2, 0],
    ['end', 0, 3],
    ['down', 2, 6],
    ['up', 6, 2],
    ['up', 1, 1],
    ['page_down', 2, 20],
    ['down', 22, 22],
  ])('moves %s from seat %d to %d and never leaves (RG1)', (key, from, to) => {
    expect(grid.move(from, key)).toBe(to);
  });

  it('moves the other way where pages are read from the right (RG2)', () => {
    const arabic = new ReaderGrid(plan, true);
    expect([arabic.move(1, 'left'), arabic.move(1, 'right')]).toEqual([2, 0]);
  });
});

describe('the words of the map', () => {
  it('say of a seat where it is, what it costs and whether it can be had', () => {
    const name = plan.nameOf(1);
    expect(
      describeSeat(catalogue.en, name, {
        look: 'free',
        price: '£24.50',
        flags: ['restricted_view'],
      }),
    ).toBe('Block 1, row A, seat 2, £24.50, restricted view, available');
    expect(
      describeSeat(catalogue.de, name, {
        look: 'booked',
        price: null,
        flags: [],
      }),
    ).toBe('Block 1, Reihe A, Platz 2, verkauft');
  });

  it.each(['en', 'de'] as const)('are all there in %s, and none twice', (language) => {
    const words = catalogue[language];
    expect(Object.keys(words.look)).toEqual([...looks]);
    expect(new Set(Object.values(words.look)).size).toBe(looks.length);
    expect(Object.keys(words.flag)).toEqual(seatFlagNames);
    const counted = [words.left, words.chosen, words.taken, words.offered];
    for (const say of counted) expect(say(1)).not.toBe(say(2).replace('2', '1'));
    expect(words.noRoom(0, 3)).not.toContain('0');
    expect(words.changed(1, 0)).not.toBe(words.changed(0, 1));
  });
});

describe('announcements', () => {
  it('come when things have calmed down, in one sentence (AN1)', async () => {
    const clock = new VirtualClock();
    const said: string[] = [];
    const announcer = new Announcer(catalogue.en, {
      after: clock.after.bind(clock),
      say: (text) => void said.push(text),
    });
    announcer.changed(1, look.free, look.held);
    announcer.changed(2, look.free, look.held);
    await clock.advance(900);
    announcer.changed(2, look.held, look.free);
    announcer.changed(3, look.booked, look.free);
    announcer.changed(4, look.unknown, look.free);
    await clock.advance(999);
    expect(said).toEqual([]);
    await clock.advance(1);
    expect(said).toEqual(['1 seat was taken. 1 seat is back.']);
    await clock.advance(60_000);
    expect(said).toHaveLength(1);
  });

  it('come after a while when things do not calm down, and not after the end', async () => {
    const clock = new VirtualClock();
    const said: string[] = [];
    const ports = {
      after: clock.after.bind(clock),
      say: (text: string) => void said.push(text),
    };
    const announcer = new Announcer(catalogue.de, ports);
    for (let seat = 0; seat < 11; seat += 1) {
      announcer.changed(seat, look.free, look.held);
      await clock.advance(500);
    }
    expect(said).toEqual(['10 Plätze wurden vergeben.']);
    announcer.stop();
    await clock.advance(60_000);
    expect(said).toHaveLength(1);
  });
});
