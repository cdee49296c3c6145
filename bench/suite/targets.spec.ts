import { describe, expect, it } from '@jest/globals';
import type { ContestRun } from '../peers/contest.js';
import { isMet } from './suite-report.js';
import { targetFigures } from './targets.js';

function run(competitor: string, accepted: number, cpuUs: number, connections = 256): ContestRun {
  const counts = { accepted, refused: 0, errors: 0, timeouts: 0 };
  return {
    ...{ competitor, workload: 'spread', connections, arrivals: { kind: 'closed' } },
    cpu: { all: cpuUs * accepted },
    wrong: [],
    result: {
      ...{ connections, measuredMs: 1_000, window: counts, total: counts, statuses: {} },
      latencyUs: { p50: accepted, p90: 0, p99: 0, p999: 0, max: 0, mean: 0 },
      ...{ dropped: 0, exhausted: false, sampleBody: '', cpuUs: 0, busy: 0, acceptedTwice: 0 },
    },
  };
}

describe('The targets', () => {
  const runs = [
    ...[run('holdfast', 600, 20), run('bare', 1_000, 10)],
    ...[run('holdfast', 400, 30), run('bare', 1_000, 10)],
  ];

  it('are ratios of one round each, with the band of the rounds', () => {
    const figures = targetFigures(runs);
    expect(figures.map(({ value }) => value)).toEqual([
      { median: 2.5, min: 2, max: 3 },
      { median: 0.5, min: 0.4, max: 0.6 },
    ]);
    expect(figures.map(({ value, target }) => target !== null && isMet(value, target))).toEqual([
      false,
      false,
    ]);
  });

  it('are not there where nothing was measured', () => {
    expect(targetFigures([run('holdfast', 600, 20)])).toEqual([]);
    expect(targetFigures(runs.filter(({ competitor }) => competitor === 'bare'))).toEqual([]);
  });

  it('compare the latency of one connection, where less is better', () => {
    const [figure] = targetFigures([
      run('holdfast', 900, 1, 1),
      run('redis-lua-always', 450, 1, 1),
    ]);
    expect(figure).toMatchObject({ value: { median: 2 }, target: { atMost: 1.5 } });
  });
});
