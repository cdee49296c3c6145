import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ServerClock } from './server-clock.js';

describe('the clock of the server', () => {
  it('is the clock here until the server was heard', () => {
    const clock = new ServerClock(() => 5_000);
    expect([clock.known, clock.nowMs(), clock.slackMs]).toEqual([false, 5_000, 0]);
  });

  it('is right on a phone that is an hour wrong', () => {
    let here = 1_000_000;
    const clock = new ServerClock(() => here);
    const ahead = 3_600_000;
    clock.learn({ sentAtMs: here, heardAtMs: here + 40, serverMs: here + 20 + ahead, coarseMs: 1 });
    here += 10_000;
    expect(here + ahead - clock.nowMs()).toBe(20);
    expect(clock.slackMs).toBe(41);
    expect(clock.remainingMs(here + ahead + 60_000)).toBe(60_020);
    expect(clock.remainingMs(here)).toBe(0);
  });

  it('narrows down whole seconds with every answer, and is never ahead (SC1)', () => {
    const sample = fc.record({ at: fc.integer({ min: 0, max: 600_000 }), took: fc.nat(80) });
    const property = fc.property(
      fc.array(sample, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: -9_000_000, max: 9_000_000 }),
      (samples, ahead) => {
        let here = 0;
        const clock = new ServerClock(() => here);
        let slack = Infinity;
        for (const { at, took } of [...samples].sort((a, b) => a.at - b.at)) {
          const written = 1e12 + at + Math.floor(took / 2) + ahead;
          const serverMs = Math.floor(written / 1_000) * 1_000;
          const sentAtMs = 1e12 + at;
          clock.learn({ sentAtMs, heardAtMs: sentAtMs + took, serverMs, coarseMs: 1_000 });
          here = sentAtMs + took;
          const behind = here + ahead - clock.nowMs();
          expect(behind).toBeGreaterThanOrEqual(0);
          expect(behind).toBeLessThanOrEqual(clock.slackMs);
          expect(clock.slackMs).toBeLessThanOrEqual(slack);
          slack = clock.slackMs;
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('believes the newest answer when a clock was set meanwhile (SC2)', () => {
    let here = 100_000;
    const clock = new ServerClock(() => here);
    clock.learn({ sentAtMs: here, heardAtMs: here, serverMs: here, coarseMs: 1 });
    here -= 60_000;
    clock.learn({ sentAtMs: here, heardAtMs: here + 10, serverMs: 100_100, coarseMs: 1 });
    expect(clock.nowMs()).toBe(100_090);
    clock.learn({ sentAtMs: here + 99, heardAtMs: here, serverMs: 0, coarseMs: 1 });
    expect(clock.nowMs()).toBe(100_090);
  });
});
