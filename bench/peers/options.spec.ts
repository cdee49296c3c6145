import { describe, expect, it } from '@jest/globals';
import { parsePeerOptions } from './options.js';

describe('The flags of the peers', () => {
  it('takes every peer but the broken one, unless told', () => {
    const parsed = parsePeerOptions([]);
    if (parsed.kind !== 'options') throw new Error(parsed.kind);
    expect(parsed.options.only).not.toContain('sells-twice');
    expect(parsed.options.only).toHaveLength(15);
    expect(parsed.options).toMatchObject({ workloads: ['spread'], connections: [64, 256] });
    expect(parsePeerOptions(['--only', 'sells-twice'])).toMatchObject({
      options: { only: ['sells-twice'] },
    });
  });

  it('says what is wrong with a flag', () => {
    const wrongs = [['--only', 'mysql'], ['--workloads', 'calm'], ['--rounds', '0'], ['--fast']];
    for (const args of wrongs) expect(parsePeerOptions(args)).toMatchObject({ kind: 'wrong' });
    expect(parsePeerOptions(['--help'])).toEqual({ kind: 'help' });
  });
});
