import type { SeatIndex } from '../ids.js';
import { SEAT_FLAG_COMPANION, SEAT_FLAG_WHEELCHAIR } from '../layout.js';
import { isFree, isNeverStranded, joinsNext, type Moment } from './moment.js';
import { leavesSingle, singleIsUnavoidable } from './seat-runs.js';

/**
 * The block offered to a buyer whose named seats are gone: as many seats together, of the category
 * of the first seat asked for, wheelchair spaces and companion seats only for such, stranding
 * nobody where the event forbids it. Rows are tried outwards from the one asked for, in plan order
 * (of two at the same distance the lower first); within a row the block that starts nearest wins.
 * Rows without enough free seats cost one comparison, so a refusal stays cheap in a full house.
 */
export function nearestBlock(
  moment: Moment,
  wanted: readonly SeatIndex[],
): readonly SeatIndex[] | null {
  const { layout } = moment.state;
  const home = layout.rowOfSeat[wanted[0]];
  for (let distance = 0; distance < layout.rowCount; distance++) {
    const lower = nearestInRow(moment, wanted, home - distance);
    if (lower !== null) return blockFrom(lower, wanted.length);
    const higher = distance === 0 ? null : nearestInRow(moment, wanted, home + distance);
    if (higher !== null) return blockFrom(higher, wanted.length);
  }
  return null;
}

export function blockFrom(first: number, quantity: number): readonly SeatIndex[] {
  return Array.from({ length: quantity }, (_, i) => (first + i) as SeatIndex);
}

function nearestInRow(moment: Moment, wanted: readonly SeatIndex[], row: number): number | null {
  const { layout, freeInRow } = moment.state;
  if (row < 0 || row >= layout.rowCount) return null;
  if (!moment.anyOverdue && freeInRow[row] < wanted.length) return null;
  const rowEnd = layout.rowStart[row + 1];
  const wheelchair = layout.flagsOfSeat[wanted[0]] & SEAT_FLAG_WHEELCHAIR;
  let best: number | null = null;
  let start = layout.rowStart[row];
  while (start < rowEnd) {
    let end = start;
    while (end < rowEnd && isLike(moment, end, wheelchair)) {
      end++;
      if (!joinsNext(moment, end - 1)) break;
    }
    const found = nearestInRun(moment, wanted, start, end);
    if (found !== null && (best === null || isNearer(found, best, wanted[0]))) best = found;
    start = Math.max(end, start + 1);
  }
  return best;
}

function nearestInRun(
  moment: Moment,
  wanted: readonly SeatIndex[],
  start: number,
  end: number,
): number | null {
  const { layout, rules } = moment.state;
  const quantity = wanted.length;
  const category = layout.categoryOfSeat[wanted[0]];
  const companion = layout.flagsOfSeat[wanted[0]] & SEAT_FLAG_COMPANION;
  const run = { start, end };
  const strict =
    rules.strandedSingles === 'refuse' &&
    !singleIsUnavoidable(run, quantity) &&
    !isNeverStranded(moment, start);
  let best: number | null = null;
  let inCategory = 0;
  for (let seat = start; seat < end; seat++) {
    const isAlike =
      layout.categoryOfSeat[seat] === category &&
      (layout.flagsOfSeat[seat] & SEAT_FLAG_COMPANION) === companion;
    inCategory = isAlike ? inCategory + 1 : 0;
    const first = seat - quantity + 1;
    if (inCategory < quantity || (strict && leavesSingle(run, first, quantity))) continue;
    if (best === null || isNearer(first, best, wanted[0])) best = first;
  }
  return best;
}

function isLike(moment: Moment, seat: number, wheelchair: number): boolean {
  const flags = moment.state.layout.flagsOfSeat[seat];
  return (flags & SEAT_FLAG_WHEELCHAIR) === wheelchair && isFree(moment, seat);
}

function isNearer(first: number, other: number, wanted: number): boolean {
  return Math.abs(first - wanted) < Math.abs(other - wanted);
}
