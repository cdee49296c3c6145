import { distance, type Point } from './row-geometry.js';

/**
 * Where the rows of a plan look, and the point they have in common. Two things tell it: rows are
 * labelled away from the stage (row 1 before row 2, A before B), and curved rows curve around it.
 * Curves are the surer sign: where the two disagree, labels were given from the back.
 *
 * RF1  Only additions, multiplications and square roots: the same bits on every machine.
 */
export interface FacingRow {
  readonly seats: readonly Point[];
  readonly label: string;
  readonly section: number;
}

/** A row or a pair of rows that looks from `from` in the direction `x, y` (of length 1). */
interface Gaze {
  readonly from: Point;
  readonly x: number;
  readonly y: number;
  /** In seats. */
  readonly weight: number;
}

/** Gazes of fewer seats than this part of the house say nothing about it. */
const heardMin = 0.3;
/** Above this the house looks one way; 1 = every row the same. */
const oneWayMin = 0.75;
/** This part of the gazes must have the point before them. */
const agreedMin = 0.8;
/** Lines that cross at less than about 13 degrees do not say where. */
const crossingMin = 0.05;
/** A stage is at most this part of the house's depth before its front row. */
const stageDepthMax = 0.5;

/** Null: rows tell too little, or look at no common point. */
export function pointFaced(rows: readonly FacingRow[]): Point | null {
  const shapes = rows.map(shapeOf);
  const seats = rows.reduce((sum, row) => sum + row.seats.length, 0);
  const curved = shapes.flatMap((shape) => shape?.curve ?? []);
  const labelled = labelGazes(rows, shapes);
  const gazes = contradict(curved, labelled) ? curved : [...curved, ...labelled];
  const heard = gazes.reduce((sum, gaze) => sum + gaze.weight, 0);
  if (heard === 0 || heard < heardMin * seats) return null;
  const all = rows.flatMap((row) => row.seats);
  const mean = {
    x: gazes.reduce((sum, gaze) => sum + gaze.weight * gaze.x, 0) / heard,
    y: gazes.reduce((sum, gaze) => sum + gaze.weight * gaze.y, 0) / heard,
  };
  const together = length(mean);
  if (together >= oneWayMin) {
    return beforeTheFront(all, gazes, { x: mean.x / together, y: mean.y / together });
  }
  const point = crossingOf(gazes) ?? betweenStands(all, gazes);
  return point !== null && agreedBy(gazes, point) >= agreedMin * heard ? point : null;
}

interface RowShape {
  readonly centre: Point;
  /** Of length 1, along the row. */
  readonly along: Point;
  readonly length: number;
  readonly spacing: number;
  /** Of the two halves of a curved row; where they cross is what it curves around. */
  readonly curve: readonly Gaze[];
}

/** Null for what is no line: single seats, round tables, two rows under one label. */
function shapeOf({ seats }: FacingRow): RowShape | null {
  if (seats.length < 3) return null;
  const [from, to] = [seats[0], seats[seats.length - 1]];
  const reach = distance(from, to);
  if (reach === 0) return null;
  const along = { x: (to.x - from.x) / reach, y: (to.y - from.y) / reach };
  const bulges = seats.map((seat) => across(along, seat.x - from.x, seat.y - from.y));
  const bulge = bulges.reduce((sum, value) => sum + value, 0) / seats.length;
  const deepest = bulges.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (deepest > reach * 0.75) return null;
  const centre = middleOf(seats);
  const spacing = reach / (seats.length - 1);
  const away = bulge < 0 ? 1 : -1;
  const isCurved = seats.length >= 5 && deepest > spacing * 0.4 && isOneSided(bulges, deepest);
  const half = seats.length >> 1;
  const halves = isCurved ? [seats.slice(0, half + 1), seats.slice(half)] : [];
  const curve = halves.flatMap((part) => gazeOfHalf(part, away));
  return { centre, along, length: reach, spacing, curve };
}

/** `away` 1: to the right of a walk from the first seat to the last, -1: to the left. */
function gazeOfHalf(seats: readonly Point[], away: 1 | -1): Gaze[] {
  const [from, to] = [seats[0], seats[seats.length - 1]];
  const reach = distance(from, to);
  if (reach === 0) return [];
  const along = { x: (to.x - from.x) / reach, y: (to.y - from.y) / reach };
  const middle = middleOf(seats);
  return [{ from: middle, x: -along.y * away, y: along.x * away, weight: seats.length }];
}

/** A wave is no curve: all of the row lies on one side of the line between its ends. */
function isOneSided(bulges: readonly number[], deepest: number): boolean {
  const low = bulges.reduce((least, value) => Math.min(least, value), 0);
  const high = bulges.reduce((most, value) => Math.max(most, value), 0);
  return Math.min(-low, high) < deepest * 0.1;
}

/** Neighbouring rows of one section whose labels follow each other, seen from the higher one. */
function labelGazes(rows: readonly FacingRow[], shapes: readonly (RowShape | null)[]): Gaze[] {
  const gazes: Gaze[] = [];
  for (let i = 0; i + 1 < rows.length; i += 1) {
    const [one, two] = [shapes[i], shapes[i + 1]];
    if (one === null || two === null || rows[i].section !== rows[i + 1].section) continue;
    const order = labelOrder(rows[i].label, rows[i + 1].label);
    if (order === 0) continue;
    const gaze = gazeBetween(order < 0 ? one : two, order < 0 ? two : one);
    const weight = (rows[i].seats.length + rows[i + 1].seats.length) / 2;
    if (gaze !== null) gazes.push({ ...gaze, weight });
  }
  return gazes;
}

/** From `behind` to `front`, at a right angle to the row; null unless they stand that way. */
function gazeBetween(front: RowShape, behind: RowShape): Omit<Gaze, 'weight'> | null {
  const cross = across(front.along, behind.along.x, behind.along.y);
  if (Math.abs(cross) > 0.35) return null;
  const [dx, dy] = [front.centre.x - behind.centre.x, front.centre.y - behind.centre.y];
  const step = across(behind.along, dx, dy);
  const shift = behind.along.x * dx + behind.along.y * dy;
  const gap = Math.abs(step);
  if (gap === 0 || gap > 6 * behind.spacing || Math.abs(shift) > behind.length / 2 + gap)
    return null;
  const side = step < 0 ? -1 : 1;
  return { from: behind.centre, x: -behind.along.y * side, y: behind.along.x * side };
}

/** Negative: `a` is before `b`. 0: they do not follow each other. */
export function labelOrder(a: string, b: string): number {
  const [one, two] = [placeOf(a), placeOf(b)];
  if (one === null || two === null || one.prefix !== two.prefix) return 0;
  const step = one.place - two.place;
  // I, O and Q are often left out; after Z comes AA.
  return Math.abs(step) <= 3 ? step : 0;
}

function placeOf(label: string): { prefix: string; place: number } | null {
  const number = /^(.*?)(\d{1,4})$/u.exec(label.trim());
  if (number !== null) return { prefix: number[1], place: Number(number[2]) };
  const letters = /^[A-Z]{1,2}$/u.exec(label.trim().toUpperCase());
  if (letters === null) return null;
  let place = 0;
  for (const letter of letters[0]) place = place * 26 + letter.charCodeAt(0) - 64;
  return { prefix: '', place };
}

/** True when the labels count from the back: curves look the other way than they say. */
function contradict(curved: readonly Gaze[], labelled: readonly Gaze[]): boolean {
  let agreement = 0;
  for (const gaze of labelled) {
    const nearest = nearestTo(curved, gaze.from);
    if (nearest === null) continue;
    agreement += (nearest.x * gaze.x + nearest.y * gaze.y) * gaze.weight;
  }
  return agreement < 0;
}

function nearestTo(gazes: readonly Gaze[], point: Point): Gaze | null {
  let best: Gaze | null = null;
  let least = Infinity;
  for (const gaze of gazes) {
    const far = distance(gaze.from, point);
    if (far < least) [best, least] = [gaze, far];
  }
  return best;
}

/** The house looks one way: where its gazes cross, else the middle, not far before the front. */
function beforeTheFront(seats: readonly Point[], gazes: readonly Gaze[], way: Point): Point {
  const depths = seats.map((seat) => seat.x * way.x + seat.y * way.y).sort((a, b) => a - b);
  const front = depths[Math.floor((depths.length - 1) * 0.98)];
  const depth = front - depths[0];
  const crossing = crossingOf(gazes);
  const sides = seats.map((seat) => across(way, seat.x, seat.y)).sort((a, b) => a - b);
  const middle = (sides[0] + sides[sides.length - 1]) / 2;
  const side = crossing === null ? middle : across(way, crossing.x, crossing.y);
  const wanted = crossing === null ? front : crossing.x * way.x + crossing.y * way.y;
  const far = Math.min(Math.max(wanted, front), front + depth * stageDepthMax);
  return { x: way.x * far - way.y * side, y: way.y * far + way.x * side };
}

/** The point nearest to all lines of sight (least squares); null when they are nearly parallel. */
function crossingOf(gazes: readonly Gaze[]): Point | null {
  let [xx, xy, yy, bx, by] = [0, 0, 0, 0, 0];
  for (const { from, x, y, weight } of gazes) {
    const [axx, axy, ayy] = [weight * (1 - x * x), weight * -x * y, weight * (1 - y * y)];
    xx += axx;
    xy += axy;
    yy += ayy;
    bx += axx * from.x + axy * from.y;
    by += axy * from.x + ayy * from.y;
  }
  const determinant = xx * yy - xy * xy;
  const trace = xx + yy;
  // Of the two eigenvalues the smaller is about determinant / trace.
  if (determinant <= crossingMin * trace * trace) return null;
  return { x: (yy * bx - xy * by) / determinant, y: (xx * by - xy * bx) / determinant };
}

/** Two stands look at each other: the middle between their front rows. */
function betweenStands(seats: readonly Point[], gazes: readonly Gaze[]): Point | null {
  const axis = { x: gazes[0].x, y: gazes[0].y };
  const depthOf = (point: Point): number => point.x * axis.x + point.y * axis.y;
  const ahead = gazes.filter((gaze) => gaze.x * axis.x + gaze.y * axis.y > 0);
  const facing = gazes.filter((gaze) => gaze.x * axis.x + gaze.y * axis.y <= 0);
  if (facing.length === 0) return null;
  const near = ahead.reduce((most, gaze) => Math.max(most, depthOf(gaze.from)), -Infinity);
  const far = facing.reduce((least, gaze) => Math.min(least, depthOf(gaze.from)), Infinity);
  if (near >= far) return null;
  const sides = seats.map((seat) => across(axis, seat.x, seat.y)).sort((a, b) => a - b);
  const side = (sides[0] + sides[sides.length - 1]) / 2;
  const depth = (near + far) / 2;
  return { x: axis.x * depth - axis.y * side, y: axis.y * depth + axis.x * side };
}

function agreedBy(gazes: readonly Gaze[], point: Point): number {
  let weight = 0;
  for (const gaze of gazes) {
    const [dx, dy] = [point.x - gaze.from.x, point.y - gaze.from.y];
    if (dx * gaze.x + dy * gaze.y > 0) weight += gaze.weight;
  }
  return weight;
}

/** The part of (x, y) at a right angle to `along`. */
const across = (along: Point, x: number, y: number): number => along.x * y - along.y * x;

const length = ({ x, y }: Point): number => Math.sqrt(x * x + y * y);

function middleOf(seats: readonly Point[]): Point {
  const sum = seats.reduce((s, seat) => ({ x: s.x + seat.x, y: s.y + seat.y }), { x: 0, y: 0 });
  return { x: sum.x / seats.length, y: sum.y / seats.length };
}
