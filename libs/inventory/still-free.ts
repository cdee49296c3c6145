import type { AreaIndex } from './ids.js';
import { isRoundRow } from './rules/round-table.js';
import { placesIn } from './state/seat-lists.js';
import { areaFree, SeatStatus, type InventoryState } from './state/state.js';

/** What of an event can still be had, or may come back. */
export interface StillFree {
  readonly free: number;
  /** Held by somebody who has not begun to pay. */
  readonly held: number;
  readonly paying: number;
  /** Of `held`: whose time is over at `endingBeforeMs`. */
  readonly ending: number;
  /** How many parties of one, of two, … could sit together now, each if all others stayed away. */
  readonly together: readonly number[];
}

/**
 * Seats side by side, also around a table, and places of one area are together. Seats that are kept
 * for wheelchair users count as all others. Looks through all holds and all rows with a free seat.
 */
export function stillFree(
  state: InventoryState,
  partyMax: number,
  endingBeforeMs: number,
): StillFree {
  const { holds, layout } = state;
  let [held, paying, ending] = [0, 0, 0];
  for (let slot = holds.laterThan(0); slot !== 0; slot = holds.laterThan(slot)) {
    const places = placesIn(holds.seatsOf(slot), holds.areasOf(slot));
    if (holds.attemptOf(slot) !== null) paying += places;
    else held += places;
    if (holds.attemptOf(slot) === null && holds.deadlineMs(slot) < endingBeforeMs) ending += places;
  }
  const together = new Array<number>(partyMax).fill(0);
  let free = state.seatCounts[SeatStatus.free];
  const add = (run: number): void => {
    for (let size = 1; size <= Math.min(run, partyMax); size++) {
      together[size - 1] += Math.floor(run / size);
    }
  };
  for (let row = 0; row < layout.rowCount; row++) {
    if (state.freeInRow[row] > 0) runsInRow(state, row).forEach(add);
  }
  for (let area = 0; area < layout.areas.length; area++) {
    const places = areaFree(state, area as AreaIndex);
    free += places;
    add(places);
  }
  return { free, held, paying, ending, together };
}

/** Lengths of what is free side by side. */
function runsInRow({ layout, statusOfSeat }: InventoryState, row: number): readonly number[] {
  const [first, end] = [layout.rowStart[row], layout.rowStart[row + 1]];
  const runs: number[] = [];
  let run = 0;
  for (let seat = first; seat < end; seat++) {
    const isFree = statusOfSeat[seat] === SeatStatus.free;
    if (isFree) run += 1;
    if (run > 0 && (!isFree || layout.neighbourNext[seat] === 0)) {
      runs.push(run);
      run = 0;
    }
  }
  if (run > 0) runs.push(run);
  const isOpen = [first, end - 1].every((seat) => statusOfSeat[seat] === SeatStatus.free);
  if (runs.length < 2 || !isOpen || !isRoundRow(layout, row)) return runs;
  return [(runs.pop() ?? 0) + runs[0], ...runs.slice(1)];
}
