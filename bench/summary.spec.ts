import { describe, expect, it } from '@jest/globals';
import type { LoadResult } from './load/plan.js';
import type { Run } from './rounds.js';
import { linesOf, spread } from './summary.js';

const latency = { p50: 1_000, p90: 2_000, p99: 3_000, p999: 4_000, max: 5_000, mean: 1_100 };

function run(server: Run['server'], accepted: number, more: Partial<LoadResult> = {}): Run {
  const counts = { accepted, refused: 1, errors: 2, timeouts: 3 };
  const result: LoadResult = {
    connections: 64,
    measuredMs: 2_000,
    window: counts,
    total: { ...counts, accepted: accepted * 2 },
    statuses: {},
    latencyUs: latency,
    dropped: 0,
    exhausted: false,
    sampleBody: '',
    cpuUs: 1_000,
    busy: 0.5,
    acceptedTwice: 0,
    ...more,
  };
  const cpu = server === 'bare' ? null : { gateway: 4_000 };
  return { server, connections: 64, arrivals: { kind: 'closed' }, result, cpu, eventId: null };
}

describe('The summary of interleaved rounds', () => {
  it('takes the median of an odd and of an even number of values', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it('compares each round with the bare round beside it, and counts only what was accepted', () => {
    const runs = [
      run('bare', 1_000),
      run('holdfast', 500),
      run('bare', 2_000),
      run('holdfast', 600),
      run('bare', 1_000),
      run('holdfast', 400),
    ];
    const [bare, holdfast] = linesOf(runs);
    expect(bare).toMatchObject({ server: 'bare', rounds: 3, ratio: null });
    expect(holdfast.acceptedPerSecond).toEqual({ median: 250, min: 200, max: 300 });
    expect(holdfast.ratio).toEqual({ median: 0.4, min: 0.3, max: 0.5 });
    expect(holdfast).toMatchObject({ refused: 3, errors: 6, timeouts: 9, p99Us: 3_000 });
  });

  it('divides CPU by all holds of the run, with the load generator as a row of its own', () => {
    const [, holdfast] = linesOf([run('bare', 1), run('holdfast', 500)]);
    expect(holdfast.cpuUsPerHold).toEqual({ gateway: 4, 'load generator': 1 });
  });
});
