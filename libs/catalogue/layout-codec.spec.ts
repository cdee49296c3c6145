import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePlan, sha256 } from './compile-plan.js';
import { demoPlan } from './demo/demo-catalogue.js';
import { decodeLayout, encodeLayout, LayoutCorrupt } from './layout-codec.js';

const areas = [{ name: 'Parkett – Stehplätze', capacity: 300, category: 'Stehplatz €' }];
const theatre = compilePlan(demoPlan('theatre'), { areas });

describe('the codec of compiled plans', () => {
  it('gives back what was encoded, also from an odd place in a larger buffer', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), theatre.compiled]).subarray(3);
    const { layout, documentDigest } = decodeLayout(shifted, theatre.hash);
    expect(layout).toEqual(theatre.layout);
    expect(Buffer.from(documentDigest)).toEqual(sha256(theatre.document));
    expect(Buffer.from(encodeLayout(layout, documentDigest))).toEqual(
      Buffer.from(theatre.compiled),
    );
  });

  it('encodes an event of areas only', () => {
    const plan = { name: 'Club', categories: [], zones: [] };
    const { compiled, layout, hash } = compilePlan(plan, { areas });
    expect(decodeLayout(compiled, hash).layout).toEqual(layout);
  });

  it('decodes 50,000 seats fast enough for an activation', () => {
    const { compiled, hash } = compilePlan(demoPlan('stadium'), { areas: [] });
    const times = Array.from({ length: 15 }, () => {
      const startMs = performance.now();
      decodeLayout(compiled, hash);
      return performance.now() - startMs;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another file', Buffer.alloc(200, 'x')],
    ['a cut off end', theatre.compiled.subarray(0, -1)],
    ['a longer end', Buffer.concat([theatre.compiled, Buffer.alloc(4)])],
    ['a format of the future', withByte(4, 2)],
    ['a byte that must be zero', withByte(6, 1)],
    ['another spelling of its header', withByte(lastHeaderByte(), 0x0a)],
  ])('refuses %s', (_title, bytes) => {
    expect(() => decodeLayout(bytes, 'x')).toThrow(LayoutCorrupt);
  });

  it('never returns a layout that contradicts itself, whatever byte is changed', () => {
    const bytes = fc.record({
      at: fc.nat({ max: theatre.compiled.length - 1 }),
      value: fc.nat({ max: 255 }),
    });
    let refused = 0;
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 4 }), (changes) => {
        const copy = Buffer.from(theatre.compiled);
        for (const { at, value } of changes) copy[at] = value;
        try {
          const { layout } = decodeLayout(copy, 'x');
          expect(layout.rowStart[layout.rowCount]).toBe(layout.seatCount);
          expect(Math.max(...layout.categoryOfSeat)).toBeLessThan(layout.categories.length);
          expect(Math.max(...layout.sectionOfRow)).toBeLessThan(layout.sections.length);
        } catch (error) {
          if (!(error instanceof LayoutCorrupt)) throw error;
          refused += 1;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(0);
  });
});

function withByte(at: number, value: number): Buffer {
  const copy = Buffer.from(theatre.compiled);
  copy[at] = value;
  return copy;
}

/** A blank that pads the header: JSON would take another one as well. */
function lastHeaderByte(): number {
  const bytes = Buffer.from(theatre.compiled);
  const at = 43 + bytes.readUInt32LE(40);
  if (bytes[at] !== 0x20) throw new Error('this header needs no padding: change a name');
  return at;
}
