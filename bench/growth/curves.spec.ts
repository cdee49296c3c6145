import { describe, expect, it } from '@jest/globals';
import { curves, growthLines, growthText, type GrowthRun } from './curves.js';

const run = (curve: string, point: string, perSecond: number): GrowthRun => ({
  ...{ curve, point, perSecond, p50Us: 1_000, p99Us: 9_000 },
  ...{ cpuUsPerHold: 28, rssMiB: 300, wrong: [] },
});
const all = curves(() => Promise.reject(new Error('nothing is started here')));

describe('curves of growth', () => {
  it('compare every point with the first of their curve, round by round', () => {
    const lines = growthLines([
      ...[run('connections', '1', 1_000), run('connections', '4', 3_000)],
      ...[run('connections', '1', 2_000), run('connections', '4', 8_000)],
      run('events', '1', 500),
    ]);
    expect(lines.map(({ curve, point }) => `${curve} ${point}`)).toEqual([
      'connections 1',
      'connections 4',
      'events 1',
    ]);
    expect(lines[1].toFirst).toEqual({ median: 3.5, min: 3, max: 4 });
    expect(lines[2].toFirst.median).toBe(1);
  });

  it('print under their names what was measured alone, in eighty columns', () => {
    const text = growthText(growthLines([run('processes', '2 + 2', 1_234_567)]), all);
    expect(text[0]).toMatch(/^processes: /);
    expect(text.join('\n')).not.toContain('connections:');
    expect(Math.max(...text.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('say which journal was wrong', () => {
    const wrong = ['evt_a: two buyers of one seat'];
    const lines = growthLines([{ ...run('holds', '0', 9), wrong }]);
    expect(growthText(lines, all)).toContain('WRONG: evt_a: two buyers of one seat');
  });
});
