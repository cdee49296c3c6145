import { describe, expect, it } from '@jest/globals';
import { LiveMap } from './live-map.js';
import { pickBlindly, pickFromMap } from './seat-picker.js';

const seatIds = ['A-1', 'A-2', 'A-3', 'B-1', 'B-2', 'B-3'];
const next = [1, 1, 0, 1, 1, 0];
const hall = { seatIds, next, contested: 6 };

describe('A live map folded from frames', () => {
  it('follows a snapshot and diffs, and notes every frame for the check', () => {
    const map = new LiveMap(seatIds);
    map.apply({ type: 'snapshot', version: 3, statuses: 'fhbxff' }, 10);
    const changes = [
      [1, 'b'],
      [4, 'h'],
      [2, 'f'],
    ] as const;
    map.apply({ type: 'diff', from: 3, to: 7, changes }, 20);
    expect(map.version).toBe(7);
    expect([...map.taken()]).toEqual([
      ['A-2', 'booked'],
      ['B-1', 'blocked'],
      ['B-2', 'held'],
    ]);
    expect(['free', 'held', 'booked', 'blocked'].map((word) => map.count(word as 'free'))).toEqual([
      3, 1, 1, 1,
    ]);
    expect(map.frames).toMatchObject([
      { kind: 'snapshot', from: 3, to: 3, receivedAtMs: 10 },
      { kind: 'diff', from: 3, to: 7, receivedAtMs: 20 },
    ]);
  });

  it('has the same hash for the same map, however it came about', () => {
    const short = new LiveMap(seatIds);
    short.apply({ type: 'snapshot', version: 9, statuses: 'hffffb' }, 0);
    const long = new LiveMap(seatIds);
    long.apply({ type: 'snapshot', version: 1, statuses: 'xxxxxx' }, 0);
    long.apply({ type: 'snapshot', version: 2, statuses: 'ffffff' }, 0);
    long.apply({ type: 'diff', from: 2, to: 3, changes: [[0, 'h']] }, 0);
    long.apply({ type: 'diff', from: 3, to: 4, changes: [[5, 'b']] }, 0);
    expect(long.frames.at(-1)?.mapHash).toBe(short.frames.at(-1)?.mapHash);
    expect(long.frames.at(-2)?.mapHash).not.toBe(short.frames.at(-1)?.mapHash);
  });
});

describe('How buyers pick seats', () => {
  it('picks neighbours of one row, and only seats that are fought for', () => {
    const contested = { ...hall, contested: 5 };
    for (let i = 0; i < 200; i++) {
      const picked = pickBlindly(contested, 3);
      const first = seatIds.indexOf(picked[0]);
      expect(picked.length).toBeGreaterThan(0);
      expect(picked).toEqual(seatIds.slice(first, first + picked.length));
      expect(new Set(picked.map((seat) => seat[0])).size).toBe(1);
      expect(picked).not.toContain('B-3');
    }
  });

  it('picks free neighbours from the map, fewer when it must, none when sold out', () => {
    const map = new LiveMap(seatIds);
    map.apply({ type: 'snapshot', version: 1, statuses: 'hfhhff' }, 0);
    for (let i = 0; i < 50; i++) expect(pickFromMap(hall, map, 3)).toEqual(['B-2', 'B-3']);
    map.apply({ type: 'snapshot', version: 2, statuses: 'bbbbbb' }, 0);
    expect(pickFromMap(hall, map, 3)).toEqual([]);
  });
});
