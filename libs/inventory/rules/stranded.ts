import type { SeatIndex } from '../ids.js';
import { contains, isFree, isNeverStranded, joinsNext, type Moment } from './moment.js';
import { leavesSingle, runAround, singleIsUnavoidable, type Run } from './seat-runs.js';

/**
 * The stranded-single rule for named seats: a cart may not leave one free seat alone between taken
 * ones, because nobody buys it. It is relaxed only where it cannot be kept: in a run of free seats
 * that is just one seat longer than what the cart takes from it. It is judged against the state in
 * which the seats are taken, so no other buyer can slip in between the check and the hold (G1).
 * The two sides of a table are two runs; a round table has no end, and the rule is silent there.
 * Of a cart with blocks that were chosen for the buyer only singles beside a seat of his own count:
 * the others are the choice's, which leaves one where nothing else can be had.
 */
export interface Stranding {
  /** The seats that would be left alone, ascending. */
  readonly singles: readonly SeatIndex[];
  /** The runs in which that happened though it could be avoided. */
  readonly runs: readonly Run[];
}

/** Judges the runs of the `named` seats, all of `cart` taken. Both ascending; all of it is free. */
export function strandedBy(
  moment: Moment,
  named: readonly SeatIndex[],
  cart: readonly SeatIndex[],
): Stranding | null {
  if (!anyMayStrand(moment, named, cart)) return null;
  const singles: SeatIndex[] = [];
  const runs: Run[] = [];
  let judgedUpTo = -1;
  for (const seat of named) {
    if (seat < judgedUpTo || isNeverStranded(moment, seat)) continue;
    const run = runAround(moment, seat);
    judgedUpTo = run.end;
    const alone = singlesIn(run, cart).filter((single) => isBeside(run, single, named));
    if (alone.length === 0 || singleIsUnavoidable(run, takenIn(run, cart))) continue;
    singles.push(...alone);
    runs.push(run);
  }
  return runs.length === 0 ? null : { singles, runs };
}

/**
 * The cart with its seats in the judged runs moved as little as possible: in each of them a block
 * of the same size that strands nobody, nearest to where the buyer's first seat in it was.
 */
export function movedCart(cart: readonly SeatIndex[], runs: readonly Run[]): readonly SeatIndex[] {
  let moved = [...cart];
  for (const run of runs) {
    const taken = cart.filter((seat) => seat >= run.start && seat < run.end);
    const first = nearestPlacement(run, taken[0], taken.length);
    moved = moved.filter((seat) => seat < run.start || seat >= run.end);
    for (let i = 0; i < taken.length; i++) moved.push((first + i) as SeatIndex);
  }
  return moved.sort((a, b) => a - b);
}

function anyMayStrand(
  moment: Moment,
  named: readonly SeatIndex[],
  cart: readonly SeatIndex[],
): boolean {
  for (let i = 0; i < named.length; i++) if (mayStrand(moment, cart, named[i])) return true;
  return false;
}

/** A cheap look at the neighbours: most carts strand nobody and need no run. */
function mayStrand(moment: Moment, cart: readonly SeatIndex[], seat: number): boolean {
  if (isNeverStranded(moment, seat)) return false;
  return (
    (isLeft(moment, cart, seat - 1) && !isLeft(moment, cart, seat - 2)) ||
    (isLeft(moment, cart, seat, 1) && !isLeft(moment, cart, seat + 1, 1))
  );
}

/** Whether the seat beyond the joint at `at` (which joins at and at + 1) would be left free. */
function isLeft(moment: Moment, cart: readonly SeatIndex[], at: number, step = 0): boolean {
  if (at < 0 || !joinsNext(moment, at)) return false;
  const seat = at + step;
  return isFree(moment, seat) && !isNeverStranded(moment, seat) && !contains(cart, seat);
}

function singlesIn(run: Run, cart: readonly SeatIndex[]): SeatIndex[] {
  const singles: SeatIndex[] = [];
  let length = 0;
  for (let seat = run.start; seat <= run.end; seat++) {
    if (seat < run.end && !contains(cart, seat)) {
      length++;
      continue;
    }
    if (length === 1) singles.push((seat - 1) as SeatIndex);
    length = 0;
  }
  return singles;
}

const isBeside = ({ start, end }: Run, seat: number, named: readonly SeatIndex[]): boolean =>
  (seat > start && contains(named, seat - 1)) || (seat + 1 < end && contains(named, seat + 1));

function takenIn(run: Run, cart: readonly SeatIndex[]): number {
  let taken = 0;
  for (const seat of cart) if (seat >= run.start && seat < run.end) taken++;
  return taken;
}

/** Not called for a run in which a single cannot be avoided, so the run's start always serves. */
function nearestPlacement(run: Run, wanted: number, quantity: number): number {
  let nearest = run.start;
  for (let first = run.start; first + quantity <= run.end; first++) {
    if (leavesSingle(run, first, quantity)) continue;
    if (Math.abs(first - wanted) < Math.abs(nearest - wanted)) nearest = first;
  }
  return nearest;
}
