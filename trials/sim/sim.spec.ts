import { describe, expect, it } from '@jest/globals';
import { corpus, type NastySeed } from './seeds/corpus.js';
import { simulate, type SimResult } from './simulate.js';
import { lastDrawn, laterDrawn, newlyDrawn, type FaultKind, type Swarm } from './faults/swarm.js';

/** A seed of the corpus does not know what was drawn only after it was found. */
function asItWas(drawn: Swarm, { saga, organiser, rules, afterwards }: NastySeed): Swarm {
  if (afterwards === true) return drawn;
  const old = without(drawn, newlyDrawn);
  if (rules === true) return old;
  const known = without(old, lastDrawn);
  return organiser === true ? known : { ...without(known, laterDrawn), saga: saga === true };
}

const without = (drawn: Swarm, kinds: readonly FaultKind[]): Swarm => {
  const none = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  return { ...drawn, intensity: { ...drawn.intensity, ...none } };
};

describe('the simulator', () => {
  it('repeats a run byte for byte, whatever ran in between', async () => {
    for (const seed of [1, 2, 5]) {
      const first = await simulate(seed);
      const second = await simulate(seed);
      expect(second.traceHash).toBe(first.traceHash);
      expect(second.traceLines).toBe(first.traceLines);
      expect(second.violations).toEqual(first.violations);
    }
  }, 60_000);

  it('runs the same whether a promise or the event loop calls it', async () => {
    const plain = await simulate(7);
    const called = await new Promise<SimResult>((resolve) => {
      setImmediate(() => void simulate(7).then(resolve));
    });
    expect(called.traceHash).toBe(plain.traceHash);
  }, 60_000);

  it('runs the same when its trace is kept, and keeps every line of it', async () => {
    const plain = await simulate(7);
    const shown = await simulate(7, { trace: true });
    expect(shown.traceHash).toBe(plain.traceHash);
    expect(plain.trace).toBe('');
    expect(shown.trace.split('\n').length).toBeGreaterThanOrEqual(shown.traceLines);
  }, 60_000);

  it('runs another run for another seed', async () => {
    const [first, second] = [await simulate(3), await simulate(4)];
    expect(second.traceHash).not.toBe(first.traceHash);
  }, 60_000);
});

describe('the system', () => {
  it.each(corpus)(
    'keeps them in the nasty seed $seed: $why',
    async (nasty) => {
      const swarm = (drawn: Swarm): Swarm => asItWas(drawn, nasty);
      expect((await simulate(nasty.seed, { swarm })).violations).toEqual([]);
    },
    60_000,
  );
});
