import { describe, expect, it } from '@jest/globals';
import type { LoadResult } from '../load/plan.js';
import { saleLines, saleText, type SaleRun } from './sale-run.js';

const latencyUs = { p50: 1_000, p90: 2_000, p99: 4_000, p999: 9_000, max: 9_000, mean: 1_200 };
const none = { accepted: 0, refused: 0, errors: 0, timeouts: 0 };

function run(kind: string, accepted: number, more: Partial<SaleRun> = {}): SaleRun {
  const window = { ...none, accepted, refused: 5 };
  const result: LoadResult = {
    ...{ connections: 256, measuredMs: 2_000, window, total: window, statuses: {}, latencyUs },
    ...{ dropped: 0, exhausted: false, sampleBody: '', cpuUs: 0, busy: 0, acceptedTwice: 0 },
  };
  return { kind, result, cpu: { gateway: accepted * 10, shard: accepted * 4 }, wrong: [], ...more };
}

describe('a report of kinds of sale', () => {
  const kinds = ['seats', 'standing', 'cool-events'];

  it('compares each kind with the first, round by round, and leaves out what did not run', () => {
    const runs = [
      ...[run('seats', 20_000), run('standing', 10_000)],
      ...[run('seats', 40_000), run('standing', 40_000)],
    ];
    const [seats, standing, ...rest] = saleLines(runs, kinds);
    expect(rest).toEqual([]);
    expect(seats).toMatchObject({ toFirst: null, acceptedPerSecond: { min: 10_000, max: 20_000 } });
    expect(standing.toFirst).toEqual({ median: 0.75, min: 0.5, max: 1 });
    expect(standing).toMatchObject({ refused: 10, cpuUsPerHold: { median: 14 } });
  });

  it('says of no CPU that it is not told, and never leaves a journal that is wrong unsaid', () => {
    const wrong = ['7 holds acknowledged, 6 in the journals'];
    const text = saleText(saleLines([run('seats', 10, { cpu: null, wrong })], kinds));
    expect(text.find((line) => line.startsWith('seats'))).toMatch(/ -$/);
    expect(text.at(-1)).toBe('WRONG: 7 holds acknowledged, 6 in the journals');
  });

  it('fits eighty columns', () => {
    const text = saleText(saleLines([run('seats', 2_000_000), run('cool-events', 7)], kinds));
    expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
