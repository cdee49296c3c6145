import { describe, expect, it } from '@jest/globals';
import { knownMutations, swarmFor } from './known-mutations.js';
import { simulate } from './simulate.js';

const seedsMax = 12;

/** A simulator that never finds anything proves nothing: here it must. */
describe('the simulator notices when', () => {
  it.each(knownMutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    async (_name, mutation) => {
      const found: string[] = [];
      for (let seed = 1; seed <= seedsMax && found.length === 0; seed += 1) {
        const { violations } = await simulate(seed, { mutation, swarm: swarmFor(mutation) });
        found.push(...violations);
      }
      expect(found).not.toEqual([]);
    },
    120_000,
  );
});
