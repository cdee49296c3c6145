import { describe, expect, it } from '@jest/globals';
import { roomOptions } from './options.js';

describe('npm run bench -- room', () => {
  it('is of a million by itself, and of as many as it is told', () => {
    expect(roomOptions([])).toMatchObject({ waiting: 1_000_000, people: 4_096, sockets: 10_000 });
    expect(roomOptions(['--waiting', '20000', '--people', '512'])).toMatchObject({
      ...{ waiting: 20_000, people: 512 },
    });
  });

  it('says how it is used when it is asked for it, or for what it cannot do', () => {
    for (const args of [['--help'], ['--rounds', '0'], ['--waiting', '10'], ['--fast']]) {
      expect(roomOptions(args)).toBeNull();
    }
  });
});
