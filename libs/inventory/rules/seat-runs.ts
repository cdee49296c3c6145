import type { SeatIndex } from '../ids.js';
import { contains, isFree, isWheelchairSpace, joinsNext, type Moment } from './moment.js';

/**
 * A run is a longest sequence of free ordinary seats that stand beside each other; it is what
 * "together" and "stranded" are judged by. Seats from `start` to `end - 1`. Wheelchair spaces are
 * a pool of their own: they end a run and are never stranded.
 */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether a run continues over this seat. Seats of `cart` count as free or as taken: a rule about
 * a cart looks at the run as it was, a search for one more block at the run without the cart.
 */
export function isOpen(
  moment: Moment,
  seat: number,
  cart: readonly SeatIndex[],
  cartIsFree: boolean,
): boolean {
  if (!isFree(moment, seat) || isWheelchairSpace(moment, seat)) return false;
  return cartIsFree || cart.length === 0 || !contains(cart, seat);
}

/** The run that an open seat is part of, as it is before `cart` is taken. */
export function runAround(moment: Moment, seat: number): Run {
  const { rowOfSeat, rowStart } = moment.state.layout;
  const rowEnd = rowStart[rowOfSeat[seat] + 1];
  const rowFirst = rowStart[rowOfSeat[seat]];
  let start = seat;
  while (start > rowFirst && joinsNext(moment, start - 1) && isOpen(moment, start - 1, [], true)) {
    start--;
  }
  let end = seat + 1;
  while (end < rowEnd && joinsNext(moment, end - 1) && isOpen(moment, end, [], true)) end++;
  return { start, end };
}

/**
 * True when `quantity` seats from `first` leave a single free seat at an end of their run. When the
 * run is just one seat longer than the party, that cannot be avoided inside the run.
 */
export function leavesSingle(run: Run, first: number, quantity: number): boolean {
  return first - run.start === 1 || run.end - first - quantity === 1;
}

/** A run longer than the party by one seat leaves a single wherever the party sits in it. */
export function singleIsUnavoidable(run: Run, quantity: number): boolean {
  return run.end - run.start - quantity === 1;
}
