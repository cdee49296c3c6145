import { describe, expect, it } from '@jest/globals';
import { diffOf, snapshotOf } from './map-frames.js';
import { MapRecord } from './map-record.js';

const seatIds = ['A-1', 'A-2', 'A-3', 'B-1', 'B-2', 'B-3'];
describe('a record of a live map', () => {
  it('notes every frame for the check, and the map at the end', () => {
    const record = new MapRecord('w', seatIds);
    expect(record.evidence()).toEqual({ name: 'w', frames: [], finalMap: new Map() });
    record.apply(snapshotOf(3, 'fhbxff'), 10);
    const changes = [
      [1, 'b'],
      [4, 'h'],
      [2, 'f'],
    ] as const;
    record.apply(diffOf(3, 7, changes), 20);
    expect([...record.evidence().finalMap]).toEqual([
      ['A-2', 'booked'],
      ['B-1', 'blocked'],
      ['B-2', 'held'],
    ]);
    expect(record.frames).toMatchObject([
      { kind: 'snapshot', from: 3, to: 3, receivedAtMs: 10 },
      { kind: 'diff', from: 3, to: 7, receivedAtMs: 20 },
    ]);
  });

  it('has the same hash for the same map, however it came about', () => {
    const short = new MapRecord('short', seatIds);
    short.apply(snapshotOf(9, 'hffffb'), 0);
    const long = new MapRecord('long', seatIds);
    long.apply(snapshotOf(1, 'xxxxxx'), 0);
    long.apply(snapshotOf(2, 'ffffff'), 0);
    long.apply(diffOf(2, 3, [[0, 'h']]), 0);
    long.apply(diffOf(3, 4, [[5, 'b']]), 0);
    expect(long.frames.at(-1)?.mapHash).toBe(short.frames.at(-1)?.mapHash);
    expect(long.frames.at(-2)?.mapHash).not.toBe(short.frames.at(-1)?.mapHash);
  });

  it('keeps a diff that did not fit as evidence, and the map as it was', () => {
    const record = new MapRecord('w', seatIds);
    record.apply(snapshotOf(3, 'ffffff'), 0);
    expect(record.apply(diffOf(4, 5, [[0, 'h']]), 0)).toBe(false);
    const [before, after] = record.frames;
    expect(after).toMatchObject({ kind: 'diff', from: 4, to: 5, mapHash: before.mapHash });
  });
});
