import { describe, expect, it } from '@jest/globals';
import { compareBuilds, comparisonLines, type Round } from './compare.js';
import type { TurnTaken } from './turn.js';

/** A turn of a hundred holds, with so many microseconds of the gateway for each. */
const turn = (perSecond: number, gatewayUs: number): TurnTaken => ({
  accepted: 100,
  perSecond,
  bad: 0,
  cpuUs: { gateway: gatewayUs * 100, shard: 1_000, 'load generator': 9_900 },
});

const round = (base: TurnTaken, ours: TurnTaken): Round => ({ connections: 256, base, ours });

describe('two builds', () => {
  it('are compared turn by turn within a pair, without the load generator', () => {
    const pairs = [
      [round(turn(100, 10), turn(110, 12)), round(turn(50, 30), turn(50, 30))],
      [round({ ...turn(100, 10), bad: 2 }, turn(90, 9))],
      [round(turn(100, 10), turn(100, 10)), round(turn(10, 90), turn(10, 90))],
    ];
    const [{ cpuRatio, rateRatio, ...others }] = compareBuilds(pairs);
    expect(others).toEqual({
      connections: 256,
      pairs: 3,
      bad: 2,
      baseCpuUs: { median: 30, min: 20, max: 60 },
      thisCpuUs: { median: 31, min: 19, max: 60 },
      byProcess: [
        ['gateway', 20, 21],
        ['shard', 10, 10],
      ],
    });
    expect(cpuRatio).toEqual({ median: 1, min: 0.95, max: 1.05 });
    expect(rateRatio).toEqual({ median: 1, min: 0.9, max: 1.05 });
  });

  it('are told in one line for each number of connections, and one for each process', () => {
    expect(
      comparisonLines(compareBuilds([[round(turn(100, 10), turn(110, 11))]])).slice(1),
    ).toEqual([
      ' 256 connections  base 20.0 [20.0-20.0]  this 21.0 [21.0-21.0]' +
        '  ratio 1.050 [1.050-1.050]  holds/s ratio 1.100 [1.100-1.100]  (1 pairs, 0 not accepted)',
      '       gateway            10.0   11.0',
      '       shard              10.0   10.0',
    ]);
  });

  it('are not compared where CPU cannot be told', () => {
    const blind = { ...turn(1, 1), cpuUs: null };
    expect(() => compareBuilds([[round(blind, blind)]])).toThrow('cannot be told');
  });
});
