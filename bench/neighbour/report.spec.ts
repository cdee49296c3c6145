import { describe, expect, it } from '@jest/globals';

import {
  aboveBytesMax,
  movedMsMax,
  neighbourLines,
  overBound,
  unserved,
  type KindRounds,
} from './report.js';

const times = (p99Ms: number, failed = 0) => ({ held: 100, failed, p50Ms: p99Ms / 4, p99Ms });

const of = (moved: number, above: number, failed = 0): KindRounds => ({
  kind: 'lists',
  rounds: [1, 2, 3].map((round) => ({
    without: times(8 + round),
    beside: times(8 + round + moved, failed),
    peakBytes: [1e8, 1e8 + above],
    asked: 100,
    served: 90,
  })),
});

describe('what one address costs the others', () => {
  it('is the median of what each round moved, and a line for each kind', () => {
    expect(neighbourLines([of(4, 3 * 1024 * 1024)]).at(-1)).toMatch(
      /^\| lists \| 300 \| 270 \| 1\.0 \| 4\.0 \| 14\.0 \(13\.0 to 15\.0\) \| 3 \(/,
    );
  });

  it('is over its bound by time, by memory or by one failed hold', () => {
    expect(overBound([of(movedMsMax - 1, aboveBytesMax - 1)])).toEqual([]);
    expect(overBound([of(movedMsMax, 0)])).toEqual(['lists']);
    expect(overBound([of(0, aboveBytesMax)])).toEqual(['lists']);
    expect(overBound([of(0, 0, 1)])).toEqual(['lists']);
  });

  it('is memory above what there was before the first round, in the worst of them', () => {
    const { kind, rounds } = of(0, 0);
    const kept = (before: number, beside: number) => ({
      ...rounds[0],
      peakBytes: [1e8 + before, 1e8 + beside] as const,
    });
    const grows = { kind, rounds: [kept(0, 1), kept(aboveBytesMax, aboveBytesMax)] };
    expect(overBound([grows])).toEqual(['lists']);
    expect(neighbourLines([grows]).at(-1)).toContain('(0 to 64)');
  });

  it('is not known of what was refused in a whole round', () => {
    const { kind, rounds } = of(0, 0);
    expect(unserved([{ kind, rounds }])).toEqual([]);
    expect(unserved([{ kind, rounds: [...rounds, { ...rounds[0], served: 0 }] }])).toEqual([kind]);
  });
});
