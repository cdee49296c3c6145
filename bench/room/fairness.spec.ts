import { describe, expect, it } from '@jest/globals';
import { fairnessOf, type Turn } from './fairness.js';

const turn = (position: number, admittedAtMs: number, lastsMs = 100): Turn => ({
  ...{ position, admittedAtMs, untilMs: admittedAtMs + lastsMs },
});

describe('the fairness of a room', () => {
  it('finds nothing where everybody came in his order', () => {
    const turns = [turn(2, 30), turn(0, 10), turn(1, 20)];
    expect(fairnessOf(turns, 4, 3)).toEqual({
      ...{ admitted: 3, inversions: 0, pairs: 3, latestMs: 0, medianMs: 0, lapsed: 1, called: 4 },
      overshoot: 0,
    });
  });

  it('counts who was admitted after somebody behind him, and by how much', () => {
    const turns = [turn(0, 50), turn(1, 10), turn(2, 40), turn(3, 60)];
    expect(fairnessOf(turns, 4, 4)).toMatchObject({ inversions: 2, latestMs: 40, medianMs: 40 });
  });

  it('says by how many more were in than might be, and none for who has just gone', () => {
    expect(fairnessOf([turn(0, 0), turn(1, 50), turn(2, 60)], 3, 2).overshoot).toBe(1);
    expect(fairnessOf([turn(0, 0), turn(1, 50), turn(2, 100)], 3, 2).overshoot).toBe(0);
  });
});
