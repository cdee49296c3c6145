import Sequencer from '@jest/test-sequencer';

/**
 * Spec files that take half a minute or more on two cores. On a clean clone Jest does not know how
 * long a file takes and goes by its size: a long one that is small comes last, and one core waits.
 */
export const longest = [
  'trials/mutation/quick.process.spec.ts',
  'trials/sim/mutations/mutations.spec.ts',
  'trials/sim/seeds/seeds-1-60.spec.ts',
  'trials/sim/sim.spec.ts',
  'trials/chaos/chaos.process.spec.ts',
  'ops/holdfastctl/every-command.process.spec.ts',
  'apps/inventory-shard/standby.process.spec.ts',
  'ops/start/start.process.spec.ts',
  'apps/inventory-shard/shard.process.spec.ts',
];

/**
 * Those first. Of the others, process specs and plain ones alternate, as many of each as there are:
 * the ones mostly wait and the others compute, so that the cores have work all the time.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`/${name}`));
      return found < 0 ? longest.length : found;
    };
    const sorted = super.sort(tests);
    const first = sorted.filter((test) => rankOf(test) < longest.length);
    first.sort((a, b) => rankOf(a) - rankOf(b));
    const others = sorted.filter((test) => rankOf(test) === longest.length);
    return [...first, ...alternating(others)];
  }
}

/** Each kind in its order, spread evenly over the whole. */
function alternating(tests) {
  const kinds = [true, false].map((starts) => tests.filter((one) => startsServers(one) === starts));
  const places = kinds.flatMap((some) =>
    some.map((test, i) => ({ test, place: (i + 0.5) / some.length })),
  );
  return places.sort((a, b) => a.place - b.place).map(({ test }) => test);
}

const startsServers = ({ path }) => /\.process\.spec\.tsx?$/.test(path);
