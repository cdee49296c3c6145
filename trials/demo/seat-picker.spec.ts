import { describe, expect, it } from '@jest/globals';
import { LiveMap } from '#libs/client/live-map.js';
import { snapshotOf } from '#libs/testing/map-frames.js';
import { pickBlindly, pickFromMap } from './seat-picker.js';

const seatIds = ['A-1', 'A-2', 'A-3', 'B-1', 'B-2', 'B-3'];
const next = [1, 1, 0, 1, 1, 0];
const hall = { seatIds, next, contested: 6 };

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
    const map = new LiveMap();
    map.apply(snapshotOf(1, 'hfhhff'));
    for (let i = 0; i < 50; i++) expect(pickFromMap(hall, map, 3)).toEqual(['B-2', 'B-3']);
    map.apply(snapshotOf(1, 'bbbbbb'));
    expect(pickFromMap(hall, map, 3)).toEqual([]);
  });
});
