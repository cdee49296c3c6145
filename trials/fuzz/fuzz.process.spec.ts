import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allTargets } from './all-targets.js';
import { knownInputs } from './corpus.js';
import { fuzz } from './engine.js';
import { promise, pureTarget, textBytes } from './target.js';

const fixedSeed = 20_261_125;
const randomSeed = Math.floor(Math.random() * 2 ** 31);

/** Long runs are `npm run fuzz`. Every finding of one stays here, as an input that is run first. */
describe('whatever bytes come from outside', () => {
  it.each(allTargets.map((target) => [target.name, target] as const))(
    'promises are kept by: %s',
    async (name, target) => {
      const known = knownInputs(name);
      for (const seed of [fixedSeed, randomSeed]) {
        const report = await fuzz(target, known, { seed, inputsMax: 1_500, msMax: 800 });
        const { finding } = report;
        const hex = finding === null ? null : Buffer.from(finding.input).toString('hex');
        expect({ seed, found: finding?.message ?? null, hex }).toEqual({
          seed,
          found: null,
          hex: null,
        });
        expect(report.inputs).toBeGreaterThan(known.length);
      }
    },
    120_000,
  );
});

describe('the fuzzer', () => {
  const bounds = { seed: 1, inputsMax: 20_000, msMax: 20_000 };

  it('finds a planted bug, makes it small, and finds it again by its seed', async () => {
    const target = pureTarget('planted', fc.constant(textBytes('hello, world')), (input) => {
      promise(!input.includes(0xff) || input.length < 3, 'a planted bug');
      return 'accepted';
    });
    const report = await fuzz(target, [], bounds);
    expect(report.finding?.message).toBe('a planted bug');
    expect(report.finding?.input).toHaveLength(3);
    expect((await fuzz(target, [], bounds)).inputs).toBe(report.inputs);
  });

  it('counts memory that a length claims as a finding', async () => {
    const kept: Uint8Array[] = [];
    const target = pureTarget('greedy', fc.constant(textBytes('x')), (input) => {
      if (input.length > 20) kept.push(new Uint8Array(256 * 1024 * 1024));
      return 'accepted';
    });
    const report = await fuzz(target, [], bounds);
    expect(report.finding?.message).toBe('it took too much memory');
  });
});
