import { describe, expect, it } from '@jest/globals';
import { comparison } from './baseline.js';

describe('figures beside their baseline', () => {
  it('show a change of more than a tenth, either way', () => {
    const before = { a: 100, b: 100, c: 100, d: 100 };
    const lines = comparison({ a: 109, b: 111, c: 80, d: 91, e: 5 }, before);
    expect(lines.map((line) => /SLOWER|faster/.exec(line)?.[0] ?? '')).toEqual([
      ...['', 'SLOWER', 'faster', '', ''],
    ]);
    expect(lines[1]).toContain('+11 %');
    expect(lines[4]).not.toContain('baseline');
    expect(comparison({ a: 1 }, null)).toHaveLength(1);
  });
});
