import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileTree, type CompiledTree } from '#apps/payments/testing/compiled-tree.js';

let tree: CompiledTree;

beforeAll(async () => {
  tree = await compileTree();
}, 120_000);

afterAll(() => tree.remove());

/** In a process of its own: another process id, other addresses, other timings. */
function hashesOf(seeds: readonly number[]): Promise<string> {
  const module = `
    import { simulate } from '#libs/testing/sim/simulate.js';
    for (const seed of ${JSON.stringify(seeds)}) {
      const { traceHash } = await simulate(seed);
      process.stdout.write(traceHash + '\\n');
    }`;
  return tree.evaluate(module, 60_000);
}

describe('a seed', () => {
  it('is the same run in every process, in whatever order seeds are run', async () => {
    const [first, second] = [await hashesOf([2, 5, 9]), await hashesOf([9, 5, 2])];
    const lines = first.trim().split('\n');
    expect(new Set(lines).size).toBe(3);
    expect(second.trim().split('\n')).toEqual(lines.reverse());
  }, 120_000);
});
