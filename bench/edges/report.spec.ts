import { describe, expect, it } from '@jest/globals';
import type { FanOut, Rate } from './measure.js';
import { problems, type EdgeRounds } from './report.js';

const rate = (perSecond: number, wrong = 0): Rate => ({ perSecond, gatewayUs: 20, wrong });

function edge(perSecond: number, { p99 = 80, wrong = 0 } = {}): EdgeRounds {
  const rates = [rate(perSecond, wrong), rate(perSecond, wrong)];
  const lagMs = { p50: 10, p99, max: 2 * p99 };
  const fan = { sockets: 10, changes: 9, lagMs, gaps: 0, closed: 0 } as unknown as FanOut;
  return { holds256: rates, holds64: rates, notModified: rates, fanOut: [fan] };
}

describe('the floors of the edge over node:http', () => {
  it('are kept by an edge of two thirds', () => {
    expect(problems({ uws: edge(300), node: edge(200) })).toEqual([]);
  });

  it('are missed by one of a third, a late one, and one that answers wrong', () => {
    expect(problems({ uws: edge(300), node: edge(100) })).toHaveLength(3);
    expect(problems({ uws: edge(300), node: edge(200, { p99: 300 }) })).toHaveLength(1);
    expect(problems({ uws: edge(300), node: edge(200, { wrong: 1 }) })).toHaveLength(3);
  });

  it('are missed where nothing was measured', () => {
    expect(problems({ uws: edge(0), node: edge(0) })).toHaveLength(6);
    const late = problems({ uws: edge(300), node: edge(200, { p99: NaN }) });
    expect(late).toEqual(['a change is late on a live map']);
  });
});
