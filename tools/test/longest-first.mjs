import Sequencer from '@jest/test-sequencer';

/**
 * Spec files that take half a minute or more on two cores. On a clean clone Jest does not know how
 * long a file takes and goes by its size: a long one that is small comes last, and one core waits.
 */
export const longest = [
  'trials/sim/mutations/mutations.spec.ts',
  'trials/sim/seeds/seeds-1-100.spec.ts',
  'trials/sim/seeds/seeds-101-200.spec.ts',
  'trials/sim/sim.spec.ts',
  'trials/chaos/chaos.process.spec.ts',
  'ops/holdfastctl/every-command.process.spec.ts',
  'apps/inventory-shard/standby.process.spec.ts',
  'ops/start/start.process.spec.ts',
  'apps/inventory-shard/shard.process.spec.ts',
];

/** Those first, the others as Jest has them. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`/${name}`));
      return found < 0 ? longest.length : found;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
