import { describe, expect, it } from '@jest/globals';
import { frameCosts, percentile, type TraceEvent } from './frames.js';

const at = (name: string, ts: number, dur?: number, tid = 7): TraceEvent => ({
  ...{ name, ts, pid: 1, tid, ph: dur === undefined ? 'b' : 'X' },
  ...(dur === undefined ? {} : { dur }),
});

describe('what frames cost', () => {
  it('is what ran on the page’s main thread from one begin to the next', () => {
    const frames = [1_000, 17_000, 33_000, 49_000].map((ts) => at('AnimationFrame', ts));
    const tasks = [
      at('RunTask', 500, 1_500),
      at('RunTask', 5_000, 2_000),
      { ...at('RunTask', 17_500, 9_000), tdur: 4_000 },
      at('FunctionCall', 17_600, 3_000),
      at('RunTask', 17_500, 9_000, 8),
      at('RunTask', 60_000, 9_000),
    ];
    const elsewhere = at('AnimationFrame', 20_000, undefined, 8);
    expect(frameCosts([...tasks, elsewhere, ...frames])).toEqual([3.5, 4]);
    expect(frameCosts([])).toEqual([]);
  });

  it('has percentiles', () => {
    const values = Array.from({ length: 100 }, (_none, index) => 100 - index);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)]).toEqual([
      51, 96, 0,
    ]);
  });
});
