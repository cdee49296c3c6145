import { describe, expect, it } from '@jest/globals';
import type { Point } from './row-geometry.js';
import { walkAlong } from './row-walk.js';

const at = (x: number, y = 0): Point => ({ x, y });
const line = (xs: readonly number[], y = 0): Point[] => xs.map((x) => at(x, y));
const steps = (count: number, step = 20): number[] =>
  Array.from({ length: count }, (_, i) => i * step);

/** The walk as positions: neighbours joined by `-`, others parted by `|`. */
function walked(seats: readonly Point[], show = ({ x }: Point): number => x): string {
  const { order, joined } = walkAlong(seats, 20);
  return order
    .map((seat, i) => `${show(seats[seat])}${i + 1 < order.length ? '|-'[joined[i]] : ''}`)
    .join('');
}

/** Pairs of neighbours by their place in the file. */
function pairsOf(seats: readonly Point[]): string[] {
  const { order, joined } = walkAlong(seats, 20);
  const pairs = order.flatMap((seat, i) =>
    joined[i] === 1 ? [[seat, order[i + 1]].sort((a, b) => a - b).join('-')] : [],
  );
  return pairs.sort();
}

function turned(seats: readonly Point[], degrees: number): Point[] {
  const turn = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  return seats.map(({ x, y }) => at(x * cosine - y * sine, x * sine + y * cosine));
}

const circle = (seats: number, radius: number): Point[] =>
  Array.from({ length: seats }, (_, i) => {
    const turn = (i / seats) * 2 * Math.PI;
    return at(radius * Math.cos(turn), radius * Math.sin(turn));
  });

describe('a row', () => {
  it('is walked in its order on the ground, from the side on which the file begins', () => {
    expect(walked(line([0, 20, 40, 60]))).toBe('0-20-40-60');
    expect(walked(line([60, 0, 40, 20]))).toBe('60-40-20-0');
    expect(walked(line([0, 20, 60, 40, 80]))).toBe('0-20-40-60-80');
  });

  it('is parted by aisles', () => {
    expect(walked(line([0, 20, 40, 90, 110]))).toBe('0-20-40|90-110');
    expect(walked(line([0, 20, 60, 80, 120, 140]))).toBe('0-20|60-80|120-140');
  });

  it('keeps its order around a bend', () => {
    const bend = Array.from({ length: 30 }, (_, i) => {
      const turn = (i / 29) * 1.8 * Math.PI;
      return at(100 * Math.cos(turn), 100 * Math.sin(turn));
    });
    const { order, joined, isRound } = walkAlong(bend, 20);
    expect(order).toEqual(bend.map((_, i) => i));
    expect(joined.filter((join) => join === 1)).toHaveLength(29);
    expect(isRound).toBe(false);
  });

  it('may jog sideways', () => {
    const jog = [...line(steps(5)), ...line([100, 120, 140], 15)];
    expect(walked(jog)).toBe('0-20-40-60-80-100-120-140');
  });
});

describe('a table with two sides', () => {
  const sides = (length: number, width: number): [Point[], Point[]] => [
    line(steps(length)),
    line(steps(length), width),
  ];
  const along = (length: number): string[] =>
    [...steps(length - 1, 1).map((i) => [i, i + 1])]
      .flatMap(([a, b]) => [`${a}-${b}`, `${a + length}-${b + length}`])
      .sort();

  it.each([
    ['wider than its seats', 40],
    ['as wide as its seats', 20],
    ['a narrow bench', 10],
  ])('%s has no neighbours across it', (_title, width) => {
    const [near, far] = sides(10, width);
    expect(pairsOf([...near, ...far])).toEqual(along(10));
  });

  it('has the same neighbours in whatever order the file lists it', () => {
    for (const width of [10, 20, 40]) {
      const [near, far] = sides(10, width);
      // All around, and from side to side.
      expect(walked([...near, ...[...far].reverse()], ({ y }) => y).split('|')).toHaveLength(2);
      const inTurn = near.flatMap((seat, i) => [seat, far[i]]);
      const odd = steps(18, 1).map((i) => [i, i + 2].join('-'));
      expect(pairsOf(inTurn)).toEqual(odd.sort());
    }
  });

  it('stands as it likes', () => {
    const [near, far] = sides(10, 30);
    const inTurn = near.flatMap((seat, i) => [seat, far[i]]);
    for (const degrees of [30, 90, 217]) {
      expect(pairsOf(turned(inTurn, degrees))).toEqual(pairsOf(inTurn));
    }
  });

  it('may have somebody at its head, who sits alone', () => {
    const [near, far] = sides(4, 40);
    const heads = [at(-20, 20), at(80, 20)];
    expect(pairsOf([...near, ...far, ...heads])).toEqual(along(4));
  });
});

describe('a round table', () => {
  it('is a ring, in whatever order the file lists it', () => {
    for (const seats of [3, 4, 6, 8, 10, 12]) {
      const table = circle(seats, seats * 4);
      const walk = walkAlong(table, 20);
      expect(walk.isRound).toBe(true);
      expect(walk.order).toEqual(table.map((_, i) => i));
      expect(walk.joined.slice(0, -1).every((joins) => joins === 1)).toBe(true);
      const mixed = table.map((_, i) => table[(i * 7) % seats]);
      if (seats % 7 !== 0) expect(walkAlong(mixed, 20).isRound).toBe(true);
    }
  });

  it('may be oval, and have a gap that makes it none', () => {
    const oval = circle(16, 60).map(({ x, y }) => at(x * 1.3, y));
    expect(walkAlong(oval, 20).isRound).toBe(true);
    expect(walkAlong(circle(12, 60).slice(2), 20).isRound).toBe(false);
  });
});
