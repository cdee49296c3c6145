import { describe, expect, it } from '@jest/globals';
import { families, mutations } from './all.js';
import { parseOptions } from './options.js';

const namesOf = (...args: string[]): string[] => {
  const parsed = parseOptions(args);
  if (parsed.kind !== 'options') throw new Error(JSON.stringify(parsed));
  return parsed.options.mutations.map(({ name }) => name);
};

describe('the options of npm run mutation', () => {
  it('mean all of them, one at a time, when there are none', () => {
    expect(parseOptions([])).toEqual({
      kind: 'options',
      options: {
        mutations,
        jobs: 1,
        results: null,
        list: false,
        markdown: false,
        write: false,
      },
    });
  });

  it('choose by name, by family and by a word', () => {
    expect(namesOf('--only', 'sql-epoch,time')).toEqual([
      ...families.time.map(({ name }) => name),
      'sql-epoch',
    ]);
    expect(namesOf('lease-', 'no-resp').sort()).toEqual(
      mutations
        .map(({ name }) => name)
        .filter((name) => name.includes('lease-') || name === 'no-responders')
        .sort(),
    );
    expect(namesOf('--only', 'time', 'wall')).toEqual(['clock-wall']);
  });

  it.each([
    [['--only', 'nothing'], 'no mutation or family is called nothing'],
    [['nothing'], 'no mutation is called nothing'],
    [['--jobs', '0'], '--jobs wants a number from 1 to 16'],
    [['--write', '--only', 'time'], '--write wants all of them'],
  ])('are refused: %j', (args, message) => {
    expect(parseOptions(args)).toEqual({ kind: 'wrong', message });
  });
});
