import { describe, it, expect } from '@jest/globals';
import { BuyerCounts } from './buyer-counts.js';
import { grown, grownLength } from './columns.js';
import { HoldTable } from './hold-table.js';
import { holdKey, userKey } from './id-key.js';
import type { HoldId, MinorUnits, SeatIndex, TimeMs, UserId } from '../ids.js';

describe('columns that grow', () => {
  it.each([
    [50_001, [16, 256, 4_096, 50_001, 100_002]],
    [200_001, [16, 256, 4_096, 65_536, 200_001, 400_002]],
  ])('reach their usual length of %i in few steps, and double behind it', (usual, steps) => {
    const lengths = [16];
    while (lengths[lengths.length - 1] <= usual) {
      lengths.push(grownLength(lengths[lengths.length - 1], 0, usual));
    }
    expect(lengths).toEqual(steps);
    expect(grownLength(16, 0, 0)).toBe(32);
    expect(grownLength(16, 1_000, 20)).toBe(1_000);
  });

  it('keep what they had', () => {
    expect([...grown(Int32Array.of(1, -2), 3, 4)]).toEqual([1, -2, 0, 0]);
    expect([...grown(Float64Array.of(1.5), 1)]).toEqual([1.5, 0]);
  });

  it.each([0, 1, 40, 3_000])('hold 5,000 holds in an event of %i seats', (seatCount) => {
    const buyers = new BuyerCounts(seatCount + 1);
    const holds = new HoldTable(new Uint32Array(Math.max(seatCount, 5_001)), buyers);
    const small = new HoldTable(new Uint32Array(seatCount), buyers);
    for (let n = 1; n <= 5_000; n++) {
      const buyer = buyers.keep(userKey.read(`usr_${n}`));
      buyers.addAt(buyer, 1);
      const hold = {
        seats: [n as SeatIndex],
        areas: [],
        totalMinor: (n * 2 ** 33 + n) as MinorUnits,
        prices: (n * 2 ** 33 + n) as MinorUnits,
        deadlineMs: (1_800_000_000_000 - n) as TimeMs,
        atMs: (1_700_000_000_000 + n) as TimeMs,
      };
      expect(holds.add(holdKey.read(`rsv_${n}`), buyer, hold, n)).toBe(n);
      expect(small.add(holdKey.read(`rsv_${n}`), buyer, { ...hold, seats: [] }, n)).toBe(n);
    }
    for (const table of [holds, small]) {
      for (let n = 1; n <= 5_000; n += 7) {
        expect(table.find(`rsv_${n}` as HoldId)).toBe(n);
        expect(table.userOf(n)).toBe(`usr_${n}`);
        expect(table.totalMinor(n)).toBe(n * 2 ** 33 + n);
        expect(table.madeAtMs(n)).toBe(1_700_000_000_000 + n);
        expect(table.deadlineMs(n)).toBe(1_800_000_000_000 - n);
      }
      expect(table.expiry.due(Infinity, 3)).toEqual([5_000, 4_999, 4_998]);
      expect(table.inOrder()).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1));
    }
    expect(holds.seatsOf(77)).toEqual([77]);
    expect(buyers.of('usr_4999' as UserId)).toBe(1);
  });
});
