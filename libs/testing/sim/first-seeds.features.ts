import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileTree, type CompiledTree } from '#apps/payments/testing/compiled-tree.js';
import { faultKinds } from './swarm.js';

const run = promisify(execFile);
const seedsEach = 25;

interface Part {
  /** As many as were run. */
  readonly seeds: number;
  readonly failures: readonly unknown[];
  readonly met: readonly string[];
}

/**
 * A part of the seeds that run with every `npm test`: two spec files, so that two cores share. In
 * processes of their own, because the same code takes several times as long inside Jest.
 */
export function seedFeatures(firstSeeds: readonly number[]): void {
  let tree: CompiledTree;
  const met = new Set<string>();

  async function simulateFrom(firstSeed: number): Promise<Part> {
    const urlOf = (name: string): string =>
      JSON.stringify(pathToFileURL(tree.fileOf(`libs/testing/sim/${name}.ts`)).href);
    const script = `
      const { simulate } = await import(${urlOf('simulate')});
      const { SimReport } = await import(${urlOf('report')});
      const report = new SimReport(0);
      const met = new Set();
      for (let seed = ${firstSeed}; seed < ${firstSeed + seedsEach}; seed += 1) {
        const result = await simulate(seed);
        report.add(result);
        for (const kind of result.faults.keys()) met.add(kind);
      }
      const { seeds, failures } = report;
      process.stdout.write(JSON.stringify({ seeds, failures, met: [...met] }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    return JSON.parse(stdout) as Part;
  }

  describe('the system', () => {
    beforeAll(async () => {
      tree = await compileTree();
    }, 120_000);
    afterAll(() => tree.remove());

    it.each(firstSeeds)(
      `keeps its promises in ${seedsEach} seeds from %i on`,
      async (firstSeed) => {
        const part = await simulateFrom(firstSeed);
        expect(part.seeds).toBe(seedsEach);
        expect(part.failures).toEqual([]);
        for (const kind of part.met) met.add(kind);
      },
      180_000,
    );

    /** True of each part alone. */
    it('met every kind of fault in them', () => {
      expect(faultKinds.filter((kind) => !met.has(kind))).toEqual([]);
    });
  });
}
