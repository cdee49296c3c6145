import { describe, expect, it } from '@jest/globals';
import { SimReport } from '../report.js';
import { simulate } from '../simulate.js';
import { faultKinds } from '../faults/swarm.js';

const seedsEach = 15;

/** The seeds that run with every `npm test`; `npm run sim` is for more. */
describe('the system', () => {
  const met = new Set<string>();

  it.each([1, 16, 31, 46])(
    `keeps its promises in ${seedsEach} seeds from %i on`,
    async (firstSeed) => {
      const report = new SimReport(0);
      for (let seed = firstSeed; seed < firstSeed + seedsEach; seed += 1) {
        const result = await simulate(seed);
        report.add(result);
        for (const kind of result.faults.keys()) met.add(kind);
      }
      expect(report.seeds).toBe(seedsEach);
      expect(report.failures).toEqual([]);
    },
    180_000,
  );

  it('met every kind of fault in them', () => {
    expect(faultKinds.filter((kind) => !met.has(kind))).toEqual([]);
  });
});
