import { beforeEach, describe, expect, it } from '@jest/globals';
import { diffOf, snapshotOf } from '#libs/testing/map-frames.js';
import { LiveMap, type SeatWord } from './live-map.js';

const floor = { area: 'Floor', capacity: 50, free: 38, held: 2, booked: 10, blocked: 0 };
describe('a live map', () => {
  const words: readonly SeatWord[] = ['free', 'held', 'booked', 'blocked'];
  let heard: string[];
  let map: LiveMap;
  const counts = () => words.map((word) => map.count(word));

  beforeEach(() => {
    heard = [];
    map = new LiveMap((seat, before, after) => heard.push(`${seat} ${before} ${after}`));
  });

  it('knows nothing before the first snapshot, and nobody can buy what it does not know', () => {
    expect(map.version).toBeNull();
    expect(map.wordOf(0)).toBe('blocked');
    expect(map.apply(diffOf(0, 1, []))).toBe(false);
    expect(map.version).toBeNull();
  });

  it('takes a snapshot as it is', () => {
    expect(map.apply({ ...snapshotOf(17, 'fhbx'), layout_hash: 'plan', areas: [floor] })).toBe(
      true,
    );
    expect(map).toMatchObject({ version: 17, saleStatus: 'open', layoutHash: 'plan' });
    expect([0, 1, 2, 3].map((seat) => map.wordOf(seat))).toEqual(words);
    expect([...map.areas]).toEqual([['Floor', floor]]);
    expect(map).toMatchObject({ statuses: 'fhbx', seatCount: 4 });
    expect(counts()).toEqual([1, 1, 1, 1]);
  });

  it('goes on with a diff that continues its version, and says which seats changed', () => {
    map.apply(snapshotOf(17, 'fhbx'));
    heard.length = 0;
    const areas = [{ ...floor, free: 36, held: 4 }];
    const changes = [
      [0, 'h'],
      [1, 'f'],
      [2, 'b'],
    ] as const;
    expect(map.apply({ ...diffOf(17, 19, changes), areas, sale_status: 'closed' })).toBe(true);
    expect(map).toMatchObject({ version: 19, statuses: 'hfbx', saleStatus: 'closed' });
    expect(map.areas.get('Floor')?.held).toBe(4);
    expect(heard).toEqual(['0 free held', '1 held free']);
    expect(counts()).toEqual([1, 1, 1, 1]);
  });

  it.each([
    ['begins after its version', diffOf(18, 19, [[0, 'h']])],
    ['begins before its version', diffOf(16, 19, [[0, 'h']])],
    [
      'names a seat that the plan does not have',
      diffOf(17, 19, [
        [0, 'h'],
        [4, 'b'],
      ]),
    ],
  ])('is left as it was by a diff that %s (G6)', (_what, frame) => {
    map.apply(snapshotOf(17, 'ffff'));
    expect(map.apply(frame)).toBe(false);
    expect(map).toMatchObject({ version: 17, statuses: 'ffff' });
    expect(map.apply(diffOf(17, 20, [[3, 'b']]))).toBe(true);
    expect(map).toMatchObject({ version: 20, statuses: 'fffb' });
  });

  it('is replaced by any later snapshot, also one of another plan or an older version', () => {
    map.apply(snapshotOf(17, 'bbbb'));
    map.apply(snapshotOf(3, 'hf'));
    expect(map).toMatchObject({ version: 3, statuses: 'hf', seatCount: 2 });
    expect(counts()).toEqual([1, 1, 0, 0]);
  });

  it('sells nothing whose letter it does not know', () => {
    map.apply(snapshotOf(1, 'f?'));
    expect(map.wordOf(1)).toBe('blocked');
    expect(counts()).toEqual([1, 0, 0, 1]);
  });
});
