import { describe, expect, it } from '@jest/globals';
import { helpText, parseOptions } from './options.js';

describe('The flags of the demo', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      kind: 'options',
      options: {
        buyers: 500,
        seats: 300,
        watchers: 50,
        seconds: 30,
        event: null,
        watch: false,
        json: false,
        data: undefined,
      },
    });
  });

  it('says in one line what is wrong', () => {
    const wrong = [
      ['--buyers', '0'],
      ['--seats', '613'],
      ['--watchers', 'many'],
      ['--seconds', '5'],
      ['--event', 'hamlet'],
      ['--colour'],
      ['extra'],
    ];
    for (const args of wrong) {
      const parsed = parseOptions(args);
      expect(parsed.kind).toBe('wrong');
      if (parsed.kind === 'wrong') expect(parsed.message).not.toContain('\n');
    }
  });

  it('has a help that fits eighty columns', () => {
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' });
    expect(helpText.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
