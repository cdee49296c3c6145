import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.js';

describe('the simulator', () => {
  it('repeats a run byte for byte, whatever ran in between', async () => {
    for (const seed of [1, 2, 5]) {
      const first = await simulate(seed);
      const second = await simulate(seed);
      expect(second.traceHash).toBe(first.traceHash);
      expect(second.traceLines).toBe(first.traceLines);
      expect(second.violations).toEqual(first.violations);
    }
  });

  it('runs another run for another seed', async () => {
    const [first, second] = [await simulate(3), await simulate(4)];
    expect(second.traceHash).not.toBe(first.traceHash);
  });
});
