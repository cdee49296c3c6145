import { describe, expect, it } from '@jest/globals';
import type { Line } from '../summary.js';
import { compareBuilds, comparisonLines, type BuildRun } from './compare.js';

const one = (value: number) => ({ median: value, min: value, max: value });

function holdfast(perSecond: number, cpuUsPerHold: Line['cpuUsPerHold']): Line {
  return {
    connections: 256,
    server: 'holdfast',
    rounds: 3,
    acceptedPerSecond: one(perSecond),
    refused: 0,
    errors: 0,
    timeouts: 0,
    p50Us: 1,
    p99Us: 1,
    ratio: null,
    cpuUsPerHold,
  };
}

const run = (perSecond: number, gatewayUs: number): BuildRun => ({
  lines: [holdfast(perSecond, { gateway: gatewayUs, shard: 10, 'load generator': 99 })],
});

describe('two builds', () => {
  it('are compared round by round, without the load generator', () => {
    const base = [run(100, 10), run(50, 30), run(100, 10)];
    const ours = [run(110, 11), run(50, 30), run(90, 9)];
    expect(compareBuilds(base, ours)).toEqual([
      {
        connections: 256,
        rounds: 3,
        baseCpuUs: { median: 20, min: 20, max: 40 },
        thisCpuUs: { median: 21, min: 19, max: 40 },
        cpuRatio: { median: 1, min: 0.95, max: 1.05 },
        rateRatio: { median: 1, min: 0.9, max: 1.1 },
      },
    ]);
  });

  it('are told in one line for each number of connections', () => {
    const lines = comparisonLines(compareBuilds([run(100, 10)], [run(110, 11)]));
    expect(lines.slice(1)).toEqual([
      ' 256 connections  base 20.0 [20.0-20.0]  this 21.0 [21.0-21.0]' +
        '  ratio 1.050 [1.050-1.050]  holds/s ratio 1.100 [1.100-1.100]  (1 rounds)',
    ]);
  });

  it('are not compared where CPU cannot be told', () => {
    const blind: BuildRun = { lines: [holdfast(1, null)] };
    expect(() => compareBuilds([blind], [blind])).toThrow('cannot be told');
  });
});
