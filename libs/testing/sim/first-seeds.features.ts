import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileTree, type CompiledTree } from '#apps/payments/testing/compiled-tree.js';
import { faultKinds } from './swarm.js';

const seedsEach = 25;
const limitMs = 180_000;

/** Of what SimReport tells. */
interface Report {
  readonly seeds: number;
  readonly failures: readonly unknown[];
  readonly faults: Readonly<Record<string, number>>;
}

/**
 * A part of the seeds that run with every `npm test`: two spec files, so that two cores share. In
 * processes of their own, because the same code takes several times as long inside Jest.
 */
export function seedFeatures(firstSeeds: readonly number[]): void {
  let tree: CompiledTree;

  async function simulateFrom(firstSeed: number): Promise<Report> {
    const module = `
      import { simulate } from '#libs/testing/sim/simulate.js';
      import { SimReport } from '#libs/testing/sim/report.js';
      const report = new SimReport(0);
      for (let seed = ${firstSeed}; seed < ${firstSeed + seedsEach}; seed += 1) {
        report.add(await simulate(seed));
      }
      process.stdout.write(JSON.stringify(report.plain('', 0)));`;
    return JSON.parse(await tree.evaluate(module, limitMs)) as Report;
  }

  describe('the system', () => {
    const met = new Set<string>();

    beforeAll(async () => {
      tree = await compileTree();
    }, 120_000);
    afterAll(() => tree.remove());

    it.each(firstSeeds)(
      `keeps its promises in ${seedsEach} seeds from %i on`,
      async (firstSeed) => {
        const report = await simulateFrom(firstSeed);
        for (const kind of Object.keys(report.faults)) met.add(kind);
        expect(report.seeds).toBe(seedsEach);
        expect(report.failures).toEqual([]);
      },
      limitMs + 5_000,
    );

    /** True of each part alone. */
    it('met every kind of fault in them', () => {
      expect(faultKinds.filter((kind) => !met.has(kind))).toEqual([]);
    });
  });
}
