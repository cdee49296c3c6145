/** Points of a plan, distances between them, and what counts as an aisle. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A gap this much wider than the usual spacing is an aisle. Wheelchair spaces stand up to about
 * 1.5 spacings from their neighbours; one seat left out makes 2.
 */
export const aisleFactor = 1.75;

/** Distance from each seat of the walk to the next: one entry less than there are seats. */
export function gapsOf(walk: readonly Point[]): number[] {
  const gaps: number[] = [];
  for (let i = 0; i + 1 < walk.length; i += 1) gaps.push(distance(walk[i], walk[i + 1]));
  return gaps;
}

/** Lower median: a row of pairs with aisles between them still has the spacing of a pair. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[(sorted.length - 1) >> 1];
}

/** By a square root, which every machine rounds alike; Math.hypot need not be. */
export const distance = (a: Point, b: Point): number =>
  Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));

/** Hundredths of a plan unit: below what anybody can see, half the bytes. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
