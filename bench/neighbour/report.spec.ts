import { describe, expect, it } from '@jest/globals';

import { aboveBytesMax, movedMsMax, neighbourLines, overBound, type KindRounds } from './report.js';

const times = (p99Ms: number, failed = 0) => ({ held: 100, failed, p50Ms: p99Ms / 4, p99Ms });

const of = (moved: number, above: number, failed = 0): KindRounds => ({
  kind: 'lists',
  rounds: [1, 2, 3].map((round) => ({
    without: times(8 + round),
    beside: times(8 + round + moved, failed),
    peakBytes: [1e8, 1e8 + above],
    asked: 100,
  })),
});

describe('what one address costs the others', () => {
  it('is the median of what each round moved, and a line for each kind', () => {
    expect(neighbourLines([of(4, 3 * 1024 * 1024)]).at(-1)).toMatch(
      /^\| lists \| 300 \| 1\.0 \| 4\.0 \| 14\.0 \(13\.0 to 15\.0\) \| 3 \(3 to 3\) \| 0 \|$/,
    );
  });

  it('is over its bound by time, by memory or by one failed hold', () => {
    expect(overBound([of(movedMsMax - 1, aboveBytesMax - 1)])).toEqual([]);
    expect(overBound([of(movedMsMax, 0)])).toEqual(['lists']);
    expect(overBound([of(0, aboveBytesMax)])).toEqual(['lists']);
    expect(overBound([of(0, 0, 1)])).toEqual(['lists']);
  });
});
