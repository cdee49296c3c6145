/**
 * The geometry of one row: in which order its seats stand beside each other, and between which of
 * them there is an aisle. Works on positions only: numbering schemes (odd and even, right to
 * left, 101 after 12) say nothing reliable about who sits beside whom.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A gap this much wider than the usual spacing is an aisle. Wheelchair spaces stand up to about
 * 1.5 spacings from their neighbours; one seat left out makes 2.
 */
export const aisleFactor = 1.75;

/** File order is kept unless sorting along the row makes the walk this much shorter. */
const sortGain = 0.9;

/**
 * Indexes into `seats` in the order of a walk along the row. Files list rows in walking order as a
 * rule, also around bends, where sorting by any straight axis would be wrong; shuffled rows are
 * sorted along the line between their two outermost seats.
 */
export function walkingOrder(seats: readonly Point[]): number[] {
  const inFile = seats.map((_, index) => index);
  if (seats.length < 3) return inFile;
  const [from, to] = outermost(seats);
  const along = (seat: Point): number =>
    (seat.x - from.x) * (to.x - from.x) + (seat.y - from.y) * (to.y - from.y);
  const forward = along(seats[0]) <= along(seats[seats.length - 1]) ? 1 : -1;
  const sorted = [...inFile].sort((a, b) => forward * (along(seats[a]) - along(seats[b])) || a - b);
  return walkLength(seats, sorted) < sortGain * walkLength(seats, inFile) ? sorted : inFile;
}

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

function walkLength(seats: readonly Point[], order: readonly number[]): number {
  let length = 0;
  for (let i = 0; i + 1 < order.length; i += 1) {
    length += distance(seats[order[i]], seats[order[i + 1]]);
  }
  return length;
}

/** Two passes of "farthest from": exact enough for anything shaped like a row, and linear. */
function outermost(seats: readonly Point[]): [Point, Point] {
  const from = farthestFrom(seats, seats[0]);
  return [from, farthestFrom(seats, from)];
}

function farthestFrom(seats: readonly Point[], origin: Point): Point {
  let best = seats[0];
  for (const seat of seats) if (distance(seat, origin) > distance(best, origin)) best = seat;
  return best;
}
