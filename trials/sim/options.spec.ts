import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.js';

describe('the flags of npm run sim', () => {
  it('have defaults for a quick look', () => {
    expect(parseOptions([])).toEqual({
      kind: 'options',
      options: { seeds: 200, seed: 1, minutes: 1, jobs: 1, trace: false, json: false },
    });
  });

  it('mean one run when a seed is named', () => {
    const parsed = parseOptions(['--seed', '31', '--trace']);
    expect(parsed).toMatchObject({ kind: 'options', options: { seeds: 1, seed: 31, trace: true } });
  });

  it.each([
    [['--seeds', '0'], '--seeds wants a number from 1 to 1000000, not "0"'],
    [['--minutes', 'x'], '--minutes wants a number from 1 to 60, not "x"'],
    [['--trace', '--seeds', '2'], '--trace wants one seed'],
    [['--fast'], "Unknown option '--fast'"],
  ])('are refused in one line: %j', (args, words) => {
    const parsed = parseOptions(args);
    const message = parsed.kind === 'wrong' ? parsed.message : '';
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });
});
