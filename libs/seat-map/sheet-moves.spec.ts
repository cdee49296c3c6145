import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandsOf, emptiedBy, pixelsAround, snapped, type Pixels } from './sheet-moves.js';

const size = { width: 23, height: 17 };

/** How often each pixel of the sheet is in one of them, row by row. */
function covered(parts: readonly Pixels[]): number[] {
  const times = new Array<number>(size.width * size.height).fill(0);
  for (const { left, top, width, height } of parts) {
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1) times[y * size.width + x] += 1;
    }
  }
  return times;
}

describe('a sheet that is moved', () => {
  it('has empty pixels where nothing was before, each named once (SHM1)', () => {
    const move = fc.integer({ min: -40, max: 40 });
    const property = fc.property(move, move, (dx, dy) => {
      const expected = covered([{ left: 0, top: 0, ...size }]).map((_one, at) => {
        const [x, y] = [(at % size.width) - dx, Math.floor(at / size.width) - dy];
        return x >= 0 && x < size.width && y >= 0 && y < size.height ? 0 : 1;
      });
      expect(covered(emptiedBy(dx, dy, size))).toEqual(expected);
    });
    fc.assert(property);
  });

  it('is painted in bands that cover each pixel once (SHM2)', () => {
    for (const count of [1, 4, 16, 17, 40]) {
      expect(new Set(covered(bandsOf(size, count)))).toEqual(new Set([1]));
    }
  });

  it('stands on whole pixels of the screen', () => {
    const view = { scale: 1.3, offsetX: -10.3, offsetY: 4.26 };
    expect(snapped(view, 2)).toEqual({ scale: 1.3, offsetX: -10.5, offsetY: 4.5 });
  });

  it('is painted anew around a seat as far as it is on the sheet', () => {
    expect(pixelsAround(10.5, 8, 3, size)).toEqual({ left: 7, top: 5, width: 7, height: 6 });
    expect(pixelsAround(-1, 16, 3, size)).toEqual({ left: 0, top: 13, width: 2, height: 4 });
    expect(pixelsAround(-4, 8, 3, size)).toBeNull();
    expect(pixelsAround(10, 21, 3, size)).toBeNull();
  });
});
