import { aisleFactor, distance, gapsOf, medianOf, type Point } from './row-geometry.js';

/**
 * Who sits beside whom in one row of a plan, by where the seats stand. A row is what the plan calls
 * one: a line, an arc, a bench or table with two sides, a round table. Numbers and the order in the
 * file say nothing reliable (odd and even, right to left, both sides of a table in turn).
 *
 * RW1  Neighbours follow each other along the row's own direction, at most an aisle apart. Seats
 *      that face each other across a table are none, however narrow it is.
 * RW2  The order of the file is kept unless another one finds more neighbours, so a bend stays one.
 * RW3  The same seats give the same walk on every machine.
 */
export interface RowWalk {
  /** Indexes into the seats, in the order in which they get their seat indexes. */
  readonly order: readonly number[];
  /** 1 where the next seat of the order is a neighbour; as long as `order`, its last entry is 0. */
  readonly joined: readonly number[];
  /** The last seat and the first are neighbours as well. */
  readonly isRound: boolean;
}

/** A row of fewer gaps than this says too little about its own spacing. */
const gapsToTrust = 3;
/** Cosine of the sharpest turn (75 degrees) that a walk along a row takes. */
const turnMin = 0.26;
/** The seats of a round table are about as far from its middle, by this part of the distance. */
const roundness = 0.15;

/** `usual`: the spacing of the whole plan, for rows too short to have their own. */
export function walkAlong(seats: readonly Point[], usual: number): RowWalk {
  const inFile = seats.map((_, index) => index);
  const round = roundWalk(seats, usual);
  if (round !== null) return round;
  let best = walkOf(seats, [inFile], usual);
  if (best.links === seats.length - 1) return closed(seats, best, usual);
  for (const lanes of laneChoices(seats)) {
    const walk = walkOf(seats, lanes, usual);
    if (walk.links > best.links) best = walk;
  }
  return closed(seats, best, usual);
}

/** Median distance to the nearest other seat of the same row; rows of one seat have none. */
export function usualSpacing(rows: readonly (readonly Point[])[]): number {
  return medianOf(rows.flatMap((seats) => gapsOf(seats))) ?? 0;
}

interface Candidate extends RowWalk {
  readonly links: number;
  readonly spacing: number;
}

/** Joins the seats of each lane that are near enough and straight on. */
function walkOf(
  seats: readonly Point[],
  lanes: readonly (readonly number[])[],
  usual: number,
): Candidate {
  const gaps = lanes.flatMap((lane) => gapsOf(lane.map((index) => seats[index])));
  const spacing = gaps.length >= gapsToTrust ? (medianOf(gaps) ?? usual) : usual;
  const joined: number[] = [];
  let links = 0;
  for (const lane of lanes) {
    let before: number | null = null;
    lane.forEach((index, i) => {
      const next = lane[i + 1] as number | undefined;
      const joins =
        next !== undefined &&
        distance(seats[index], seats[next]) <= spacing * aisleFactor &&
        (before === null || isStraightOn(seats[before], seats[index], seats[next]));
      joined.push(joins ? 1 : 0);
      if (joins) links += 1;
      before = joins ? index : null;
    });
  }
  return { order: lanes.flat(), joined, isRound: false, links, spacing };
}

/** Seats at one place have no direction: whatever comes next is straight on. */
function isStraightOn(a: Point, b: Point, c: Point): boolean {
  const [fromX, fromY, toX, toY] = [b.x - a.x, b.y - a.y, c.x - b.x, c.y - b.y];
  const lengths = distance(a, b) * distance(b, c);
  return lengths === 0 || fromX * toX + fromY * toY >= turnMin * lengths;
}

/** A row that goes all the way around: an oval table, a ring of seats. */
function closed(
  seats: readonly Point[],
  { order, joined, links, spacing }: Candidate,
  usual: number,
): RowWalk {
  const walk = { order, joined, isRound: false };
  if (seats.length < 5 || links !== seats.length - 1) return walk;
  const at = (i: number): Point => seats[order[(i + order.length) % order.length]];
  const near = distance(at(-1), at(0)) <= (spacing === 0 ? usual : spacing) * aisleFactor;
  const isRound = near && isStraightOn(at(-2), at(-1), at(0)) && isStraightOn(at(-1), at(0), at(1));
  return { ...walk, isRound };
}

/** Seats evenly spaced on a circle, in whatever order the file has them. */
function roundWalk(seats: readonly Point[], usual: number): RowWalk | null {
  if (seats.length < 3) return null;
  const middle = middleOf(seats);
  const radii = seats.map((seat) => distance(seat, middle));
  const radius = radii.reduce((sum, value) => sum + value, 0) / seats.length;
  if (radius === 0 || radii.some((value) => Math.abs(value - radius) > roundness * radius)) {
    return null;
  }
  const turns = seats.map((seat) => Math.atan2(seat.y - middle.y, seat.x - middle.x));
  const around = seats.map((_, index) => index).sort((a, b) => turns[a] - turns[b] || a - b);
  const first = around.indexOf(0);
  const order = [...around.slice(first), ...around.slice(0, first)];
  const ring = [...order, order[0]].map((index) => seats[index]);
  const gaps = gapsOf(ring);
  const spacing = medianOf(gaps) ?? usual;
  if (gaps.some((gap) => gap > spacing * aisleFactor)) return null;
  const clockwise = order.indexOf(1) <= order.length / 2;
  const walk = clockwise ? order : [order[0], ...order.slice(1).reverse()];
  return { order: walk, joined: walk.map((_, i) => (i + 1 < walk.length ? 1 : 0)), isRound: true };
}

/** Ways to see the seats as lines: one line, or lanes, along and across the longest extent. */
function laneChoices(seats: readonly Point[]): (readonly (readonly number[])[])[] {
  if (seats.length < 3) return [];
  const along = mainAxis(seats);
  const across = { x: -along.y, y: along.x };
  return [[sortedAlong(seats, along)], lanesAlong(seats, along), lanesAlong(seats, across)];
}

/** From the first seat's side to the last one's, as the file has them. */
function sortedAlong(
  seats: readonly Point[],
  axis: Point,
  members: readonly number[] = seats.map((_, index) => index),
): number[] {
  const place = (index: number): number => seats[index].x * axis.x + seats[index].y * axis.y;
  const forward = place(members[0]) <= place(members[members.length - 1]) ? 1 : -1;
  return [...members].sort((a, b) => forward * (place(a) - place(b)) || a - b);
}

/** Seats that stand beside the line by the same amount are a lane. */
function lanesAlong(seats: readonly Point[], axis: Point): number[][] {
  const beside = seats.map((seat) => axis.x * seat.y - axis.y * seat.x);
  const sorted = seats.map((_, index) => index).sort((a, b) => beside[a] - beside[b] || a - b);
  const lanes: number[][] = [];
  const apart = laneGap(sorted.map((index) => beside[index]));
  sorted.forEach((index, i) => {
    if (i === 0 || beside[index] - beside[sorted[i - 1]] > apart) lanes.push([]);
    lanes[lanes.length - 1].push(index);
  });
  const inFile = lanes.map((lane) => [...lane].sort((a, b) => a - b));
  inFile.sort((a, b) => a[0] - b[0]);
  return inFile.map((lane) => sortedAlong(seats, axis, lane));
}

/** Half of the widest step sideways parts lanes; what is less is how straight a lane is drawn. */
function laneGap(beside: readonly number[]): number {
  let widest = 0;
  for (let i = 0; i + 1 < beside.length; i += 1)
    widest = Math.max(widest, beside[i + 1] - beside[i]);
  return widest / 2;
}

/** Of length 1: where the seats spread most; of a square, from the first seat to the nearest. */
function mainAxis(seats: readonly Point[]): Point {
  const middle = middleOf(seats);
  let [xx, xy, yy] = [0, 0, 0];
  for (const seat of seats) {
    const [dx, dy] = [seat.x - middle.x, seat.y - middle.y];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const [half, spread] = [(xx - yy) / 2, (xx + yy) / 2];
  const lean = Math.sqrt(half * half + xy * xy);
  if (lean <= spread * 1e-3) return towardsNearest(seats);
  const axis = half >= 0 ? { x: half + lean, y: xy } : { x: xy, y: lean - half };
  return unit(axis);
}

function towardsNearest(seats: readonly Point[]): Point {
  const [from] = seats;
  let best = seats[1];
  for (const seat of seats.slice(2)) if (distance(seat, from) < distance(best, from)) best = seat;
  return unit({ x: best.x - from.x, y: best.y - from.y });
}

function unit({ x, y }: Point): Point {
  const size = Math.sqrt(x * x + y * y);
  return size === 0 ? { x: 1, y: 0 } : { x: x / size, y: y / size };
}

function middleOf(seats: readonly Point[]): Point {
  const sum = seats.reduce((s, seat) => ({ x: s.x + seat.x, y: s.y + seat.y }), { x: 0, y: 0 });
  return { x: sum.x / seats.length, y: sum.y / seats.length };
}
