import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { BoundedLog } from './bounded-log.js';
import { logInto } from '#libs/testing/log-lines.js';

describe('a bounded log', () => {
  it('writes so many lines a second and counts the others by their kind', async () => {
    const { log, lines } = logInto();
    const clock = new VirtualClock();
    const bounded = new BoundedLog({
      log,
      clock,
      level: 'warn',
      linesPerSecond: 3,
      overMessage: 'more of them',
    });
    let asked = 0;
    const storm = (): void => {
      for (let i = 0; i < 1_000; i += 1) {
        bounded.write(i % 4 === 0 ? '500' : '503', 'no', () => ({ i, asked: (asked += 1) }));
      }
    };
    storm();
    await clock.advance(999);
    storm();
    expect(lines.map(({ msg, i }) => [msg, i])).toEqual([
      ['no', 0],
      ['no', 1],
      ['no', 2],
    ]);
    expect(asked).toBe(3);
    await clock.advance(1);
    expect(lines.slice(3)).toMatchObject([
      { level: 'warn', msg: 'more of them', counts: { 500: 499, 503: 1_498 } },
    ]);
    bounded.write('503', 'no', () => ({ i: 7 }));
    expect(lines[4]).toMatchObject({ msg: 'no', i: 7 });
    await clock.advance(10_000);
    expect(lines.length).toBe(5);
  });

  it('costs nothing where nobody listens', () => {
    const { log, lines } = logInto('error');
    const clock = new VirtualClock();
    const options = { log, clock, level: 'info', linesPerSecond: 1, overMessage: '' } as const;
    const fields = (): object => {
      throw new Error('not asked');
    };
    new BoundedLog(options).write('x', 'y', fields);
    expect(lines).toEqual([]);
  });
});
