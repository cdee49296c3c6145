import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeatNames } from './seat-names.js';

const distinctIds = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
  maxLength: 60,
});

describe('the names of seats', () => {
  it('find every seat by its id, and nothing by any other text', () => {
    fc.assert(
      fc.property(distinctIds, fc.array(fc.string({ unit: 'grapheme' })), (ids, others) => {
        const names = new SeatNames(ids);
        ids.forEach((id, seat) => expect(names.find(id)).toBe(seat));
        for (const other of others) expect(names.find(other)).toBe(ids.indexOf(other));
      }),
    );
  });

  it('find an id in the middle of other bytes, and no part of it', () => {
    const names = new SeatNames(['A-1', 'A-10', 'A-100']);
    const bytes = Buffer.from('["A-100"]');
    expect(names.findBytes(bytes, 2, 7)).toBe(2);
    expect(names.findBytes(bytes, 2, 6)).toBe(1);
    expect(names.findBytes(bytes, 2, 5)).toBe(0);
    expect(names.findBytes(bytes, 2, 4)).toBe(-1);
    expect(names.findBytes(bytes, 2, 2)).toBe(-1);
  });

  it('tell ids that share a prefix apart in a large plan', () => {
    const ids = Array.from({ length: 50_000 }, (_, i) => `North-${i >> 5}-${i & 31}`);
    const names = new SeatNames(ids);
    expect(ids.every((id, seat) => names.find(id) === seat)).toBe(true);
    expect(names.find('North-1-32')).toBe(-1);
  });

  it('are written as JSON, escaped where that is needed', () => {
    fc.assert(
      fc.property(distinctIds, (ids) => {
        const names = new SeatNames(ids);
        ids.forEach((id, seat) => expect(JSON.parse(names.json(seat))).toBe(id));
      }),
    );
    expect(new SeatNames(['Row "A"', 'B\\1']).json(0)).toBe('"Row \\"A\\""');
  });
});
