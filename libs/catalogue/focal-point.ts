import type { Point } from './row-geometry.js';

/**
 * Where everybody looks, when nobody said so. In order: a drawn area named like a stage, the
 * middle of the plan when the seats stand around an empty middle (arena, stadium), else the middle
 * of the front edge: plans are drawn with the stage at the top.
 */
export interface NamedPlace extends Point {
  readonly name: string;
}

const stageName = /\b(stage|bühne|pitch|field|court|rink|ring|scène|escenario|palco)\b/iu;
const directions = 8;
/** The middle is empty when no seat is nearer to it than this part of the shorter side. */
const emptyRadius = 0.1;

export function focalPointOf(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  drawn: readonly NamedPlace[],
): Point {
  const stage = drawn.find((place) => stageName.test(place.name));
  if (stage !== undefined) return { x: stage.x, y: stage.y };
  if (xs.length === 0) return { x: 0, y: 0 };
  const box = boundsOf(xs, ys);
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return isSurrounded(xs, ys, middle, box) ? middle : { x: middle.x, y: box.top };
}

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function boundsOf(xs: ArrayLike<number>, ys: ArrayLike<number>): Bounds {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xs.length; i += 1) {
    left = Math.min(left, xs[i]);
    right = Math.max(right, xs[i]);
    top = Math.min(top, ys[i]);
    bottom = Math.max(bottom, ys[i]);
  }
  return { left, right, top, bottom };
}

function isSurrounded(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  middle: Point,
  box: Bounds,
): boolean {
  const clear = emptyRadius * Math.min(box.right - box.left, box.bottom - box.top);
  const seen = new Set<number>();
  for (let i = 0; i < xs.length; i += 1) {
    const [dx, dy] = [xs[i] - middle.x, ys[i] - middle.y];
    if (Math.hypot(dx, dy) < clear) return false;
    const turn = Math.atan2(dy, dx) / (2 * Math.PI) + 0.5;
    seen.add(Math.floor(turn * directions) % directions);
  }
  return seen.size === directions;
}
