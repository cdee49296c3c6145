import type { AreaQuantity } from '../commands.js';
import type { AreaIndex, SeatIndex, TimeMs } from '../ids.js';
import { SEAT_FLAG_ROUND, SEAT_FLAG_WHEELCHAIR } from '../layout.js';
import type { Refusal } from '../refusal-codes.js';
import { areaFree, SeatStatus, type InventoryState } from '../state/state.js';

/**
 * A state looked at from one point in time. A hold past its deadline counts as free from that very
 * millisecond, whether or not its HoldExpired is written yet (G3); `anyOverdue` keeps the question
 * out of the way in the usual case that there is none.
 */
export interface Moment {
  readonly state: InventoryState;
  readonly nowMs: TimeMs;
  readonly anyOverdue: boolean;
}

export function isOverdue(moment: Moment, slot: number): boolean {
  return moment.state.holds.expiry.deadlineOf(slot) <= moment.nowMs;
}

export function isFree(moment: Moment, seat: number): boolean {
  const status = moment.state.statusOfSeat[seat];
  if (status === SeatStatus.free) return true;
  if (!moment.anyOverdue || status !== SeatStatus.held) return false;
  return isOverdue(moment, moment.state.holdOfSeat[seat]);
}

export function isWheelchairSpace(moment: Moment, seat: number): boolean {
  return (moment.state.layout.flagsOfSeat[seat] & SEAT_FLAG_WHEELCHAIR) !== 0;
}

/**
 * Nobody is left alone there: wheelchair spaces are a pool of their own, and at a round table every
 * seat has two others beside it.
 */
export function isNeverStranded(moment: Moment, seat: number): boolean {
  const never = SEAT_FLAG_WHEELCHAIR | SEAT_FLAG_ROUND;
  return (moment.state.layout.flagsOfSeat[seat] & never) !== 0;
}

/** True when `seat` and `seat + 1` stand beside each other. */
export function joinsNext(moment: Moment, seat: number): boolean {
  return moment.state.layout.neighbourNext[seat] === 1;
}

/** Overdue holds in the order in which they expire. */
export function overdueHolds(moment: Moment): readonly number[] {
  if (!moment.anyOverdue) return [];
  const { expiry } = moment.state.holds;
  return expiry.due(moment.nowMs, expiry.size);
}

export function areaFreeAt(moment: Moment, area: AreaIndex): number {
  const { holds } = moment.state;
  let free = areaFree(moment.state, area);
  for (const slot of overdueHolds(moment)) {
    for (const part of holds.areasOf(slot)) if (part.area === area) free += part.quantity;
  }
  return free;
}

/** Names the areas that have fewer free places than asked for, ascending as taken seats are. */
export function fullRefusal(moment: Moment, areas: readonly AreaQuantity[]): Refusal | null {
  if (areas.length === 0) return null;
  const full = areas.filter(({ area, quantity }) => areaFreeAt(moment, area) < quantity);
  if (full.length === 0) return null;
  return { code: 'area_full', areas: full.map(({ area }) => area).sort((a, b) => a - b) };
}

/** Membership in an ascending list of a few seats. */
export function contains(seats: readonly SeatIndex[], seat: number): boolean {
  let low = 0;
  let high = seats.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seats[middle] < seat) low = middle + 1;
    else high = middle;
  }
  return low < seats.length && seats[low] === seat;
}
