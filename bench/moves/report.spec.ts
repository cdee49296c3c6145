import { describe, expect, it } from '@jest/globals';
import { movesLines, passed, quantiles, type MovesReport } from './report.js';
import { coolBeforeLastHot, mostAtOnce } from './herd.js';
import { longestGap, type Strike } from './trials.js';

const struck = (over: Partial<Strike>): Strike => {
  const phasesMs = [1, 10, 100, 5] as const;
  const recovery = { eventId: 'e', epoch: 2, atMs: 1, phasesMs, batches: 50, facts: 90 };
  return { ms: 1, recovery, asked: 0, stale: 0, gaveUp: false, ...over };
};

const report = (over: Partial<MovesReport> = {}): MovesReport => ({
  machine: '2 x any',
  holdsPerSecond: 1_000,
  moves: [{ outcome: 'moved', pauseMs: 12, gapMs: 20 }],
  errorsInMoves: {},
  kills: [300, 500].map((ms) => struck({ ms })),
  stops: [struck({ ms: 2_000, asked: 90, gaveUp: true })],
  errorsInStrikes: {},
  oracle: { events: 3, wrong: [] },
  ...over,
});

describe('the report of bench:moves', () => {
  it('takes quantiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantiles(hundred)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, max: 100 });
    expect(quantiles([7])).toMatchObject({ p50: 7, p99: 7 });
  });

  it('passes only without an error to buyers, a failed move, or a finding of the oracle', () => {
    expect(passed(report())).toBe(true);
    expect(passed(report({ errorsInMoves: { 503: 1 } }))).toBe(false);
    const refused = [{ outcome: 'source_busy', pauseMs: null, gapMs: 5 }];
    expect(passed(report({ moves: refused }))).toBe(false);
    expect(passed(report({ stops: [struck({ stale: 1 })] }))).toBe(false);
    expect(passed(report({ oracle: { events: 3, wrong: ['evt_1: hash_chain'] } }))).toBe(false);
  });

  it('says what was counted', () => {
    const text = movesLines(report({ errorsInStrikes: { 503: 2 } })).join('\n');
    expect(text).toContain('1 moved');
    expect(text).toContain('meanwhile: 2 x 503');
    expect(text).toContain('oracle: 3 events, clean');
    expect(text).toContain('asked 90 times, 0 stale answers; gave the event up in 1 of 1');
    expect(text).toMatch(/snapshot, journal +100.0/);
  });

  it('finds the longest time without an acknowledgement, up to the end', () => {
    const acks = [5, 10, 12, 40, 45].map((ackedMs) => ({ eventId: 'e', sentMs: 0, ackedMs }));
    expect(longestGap(acks, 8, 50)).toBe(28);
    expect(longestGap(acks, 8, 90)).toBe(45);
    expect(longestGap([], 8, 50)).toBe(42);
  });
});

describe('take-overs as they were logged', () => {
  const one = (eventId: string, atMs: number, ms: number) => {
    return { eventId, epoch: 2, atMs, phasesMs: [0, 0, ms, 0] as const, batches: 0, facts: 0 };
  };

  it('overlap as far as they ran at one time', () => {
    expect(mostAtOnce([one('a', 10, 10), one('b', 15, 10), one('c', 25, 10)])).toBe(2);
    expect(mostAtOnce([])).toBe(0);
  });

  it('tell how many cool events came first', () => {
    const all = [one('cool', 5, 1), one('hot', 9, 1), one('late', 12, 1), one('hot', 30, 1)];
    expect(coolBeforeLastHot(all, new Set(['hot']))).toBe(1);
  });
});
