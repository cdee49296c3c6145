import { describe, expect, it } from '@jest/globals';
import { movesLines, passed, quantiles, type MovesReport } from './report.js';
import { longestGap } from './trials.js';

const report = (over: Partial<MovesReport> = {}): MovesReport => ({
  machine: '2 x any',
  holdsPerSecond: 1_000,
  moves: [{ outcome: 'moved', pauseMs: 12, gapMs: 20 }],
  errorsInMoves: {},
  killsMs: [300, 500],
  stopsMs: [2_000],
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
    expect(passed(report({ oracle: { events: 3, wrong: ['evt_1: hash_chain'] } }))).toBe(false);
  });

  it('says what was counted', () => {
    const text = movesLines(report({ errorsInStrikes: { 503: 2 } })).join('\n');
    expect(text).toContain('1 moved');
    expect(text).toContain('meanwhile: 2 x 503');
    expect(text).toContain('oracle: 3 events, clean');
  });

  it('finds the longest time without an acknowledgement, up to the end', () => {
    const acks = [5, 10, 12, 40, 45].map((ackedMs) => ({ sentMs: 0, ackedMs }));
    expect(longestGap(acks, 8, 50)).toBe(28);
    expect(longestGap(acks, 8, 90)).toBe(45);
    expect(longestGap([], 8, 50)).toBe(42);
  });
});
