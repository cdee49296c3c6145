import { describe, expect, it } from '@jest/globals';
import { knownMutations, swarmFor } from './known-mutations.js';
import { afterwardsMutations } from '../payments/afterwards-mutations.js';
import { moneyMutations } from '../payments/money-mutations.js';
import { simulate } from '../simulate.js';
import type { Swarm } from '../faults/swarm.js';

const seedsMax = 12;

/** A simulator that never finds anything proves nothing: here it must. */
describe.each([
  [false, knownMutations],
  [true, [...moneyMutations, ...afterwardsMutations]],
] as const)('the simulator (saga: %s) notices when', (saga, mutations) => {
  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s',
    async (_name, mutation) => {
      const found: string[] = [];
      for (let seed = 1; seed <= seedsMax && found.length === 0; seed += 1) {
        const swarm = (drawn: Swarm): Swarm => ({ ...swarmFor(mutation)(drawn), saga });
        const { violations } = await simulate(seed, { mutation, swarm });
        found.push(...violations);
      }
      expect(found).not.toEqual([]);
    },
    120_000,
  );
});
