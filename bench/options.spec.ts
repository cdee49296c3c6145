import { describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.js';

describe('The flags of the bench', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      kind: 'options',
      options: { quick: false, url: null, data: undefined, edge: null, json: false, out: null },
    });
  });

  it('says what is wrong with a flag', () => {
    expect(parseOptions(['--url', 'localhost'])).toMatchObject({ kind: 'wrong' });
    const unknown = parseOptions(['--fast']);
    expect(unknown.kind === 'wrong' ? unknown.message : '').toContain('--fast');
    expect(parseOptions(['--edge', 'apache'])).toMatchObject({ kind: 'wrong' });
    expect(parseOptions(['--help'])).toEqual({ kind: 'help' });
  });
});
