import { describe, expect, it } from '@jest/globals';

import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { LookWhile } from './look-while.js';

describe('a look that is taken while there is something', () => {
  it('rests until it is woken, looks until nothing is left, and can be woken again', async () => {
    const clock = new VirtualClock();
    let left = 0;
    let looked = 0;
    const looks = new LookWhile(clock, 10, () => {
      looked += 1;
      left -= 1;
      return left > 0;
    });
    await clock.advance(1_000);
    expect([looked, looks.resting]).toEqual([0, true]);
    for (const round of [1, 2]) {
      left = 3;
      looks.wake();
      looks.wake();
      await clock.advance(25);
      expect(looked).toBe(round * 3 - 1);
      await clock.advance(1_000);
      expect([looked, looks.resting]).toEqual([round * 3, true]);
    }
  });

  it('ends when it is told to, in the middle of a look as well', async () => {
    const clock = new VirtualClock();
    let looked = 0;
    const looks = new LookWhile(clock, 10, () => {
      looked += 1;
      looks.rest();
      return true;
    });
    looks.wake();
    await clock.advance(100);
    expect(looked).toBe(1);
  });
});
