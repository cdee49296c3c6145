import { describe, expect, it } from '@jest/globals';
import { faultNames } from './fault-names.js';
import { helpText, parseOptions, type ChaosOptions } from './options.js';
import { Seeded } from './seeded.js';

const optionsOf = (...args: string[]): ChaosOptions => {
  const parsed = parseOptions(args);
  if (parsed.kind !== 'options') throw new Error(JSON.stringify(parsed));
  return parsed.options;
};

describe('npm run chaos', () => {
  it('breaks everything for three minutes unless told otherwise', () => {
    expect(optionsOf()).toMatchObject({ minutes: 3, faults: faultNames, buyers: 200, json: false });
    expect([optionsOf().tls, optionsOf('--tls').tls]).toEqual([false, true]);
    const told = optionsOf('--minutes', '0.5', '--faults', 'kill-nats,operators', '--seed', '7');
    expect(told).toMatchObject({ minutes: 0.5, faults: ['kill-nats', 'operators'], seed: 7 });
  });

  it.each([
    [['--minutes', '0'], '--minutes wants a number from 0.2 to 60, not "0"'],
    [['--minutes', '1e3'], '--minutes wants a number from 0.2 to 60, not "1e3"'],
    [['--faults', 'earthquake'], '--faults does not know "earthquake"'],
    [['--seed', '-1'], /--seed/],
    [['--fast'], /Unknown option '--fast'/],
    [['soon'], /Unexpected argument 'soon'/],
  ])('refuses %j in one line', (args, message) => {
    const parsed = parseOptions(args);
    expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringMatching(message) });
    expect((parsed as { message: string }).message).not.toContain('\n');
  });

  it('names every fault in its help', () => {
    expect(parseOptions(['--help', '--nonsense']).kind).toBe('wrong');
    expect(parseOptions(['--help']).kind).toBe('help');
    for (const name of faultNames) expect(helpText).toContain(name);
  });

  it('repeats its choices for the same seed', () => {
    const draw = (seed: number) => {
      const random = new Seeded(seed);
      return [random.between(5, 6), random.pick([1, 2, 3]), ...random.shuffled([1, 2, 3, 4, 5])];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });
});
