import { describe, expect, it } from '@jest/globals';

import { systemRandom } from './random.js';

describe('a random token', () => {
  it('has its length, in letters and digits, each about as often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 3_600; i++) {
      const token = systemRandom.token(20);
      expect(token).toMatch(/^[a-z0-9]{20}$/);
      for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    // 2,000 of each are expected; twelve standard deviations are 530.
    expect(counts.size).toBe(36);
    for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(530);
  });

  it('is never the same, also across the pieces in which it is made', () => {
    const tokens = Array.from({ length: 5_000 }, () => systemRandom.token(17));
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(systemRandom.token(10_000)).toMatch(/^[a-z0-9]{10000}$/);
  });
});
