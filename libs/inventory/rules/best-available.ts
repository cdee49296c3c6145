import type { BestAvailable } from '../commands.js';
import type { SeatIndex } from '../ids.js';
import { SEAT_FLAG_COMPANION, SEAT_FLAG_WHEELCHAIR, type InventoryLayout } from '../layout.js';
import {
  isBetter,
  isCandidate,
  poolTier,
  tierStranding,
  type Found,
  type Search,
} from './block-search.js';
import { keptRows, searchKept } from './kept-rows.js';
import { joinsNext, type Moment } from './moment.js';
import { blockFrom } from './nearest-block.js';
import { isRoundRow, roundBlock, searchRound } from './round-table.js';
import type { InventoryState } from '../state/state.js';
import { PoolRelease } from './pool-release.js';
import { seatFilter, squaredDistance } from './seat-filter.js';

/**
 * Best available: a pure query whose result goes into the fact, so it may change freely.
 *
 * A party sits on neighbouring seats of one row. Among all such blocks that pass the filters the
 * best is, in this order: one that strands no single seat; the one nearest to the focal point
 * (least sum of squared distances); the one with the lowest seat. A block that strands a seat is
 * taken only when there is no other.
 * Wheelchair spaces and companion seats are a protected pool: who asks for no space gets neither,
 * until the event releases them and nothing else is left for him; then companion seats go first.
 * Up to three companion seats go with each space; a party that finds no other place together may
 * have a second space for the others.
 *
 * Rows are visited nearest first, and left out when they have too few free seats or are farther
 * away than the best block so far: a search reads a few rows of a house, not all of it, and of
 * those only what has changed since the same was asked (kept-rows.ts).
 */
export function bestAvailable(
  moment: Moment,
  request: BestAvailable,
  taken: readonly SeatIndex[],
): readonly SeatIndex[] | null {
  const found = seated(moment, request, taken, null);
  if (found !== null || moment.state.pool === null || (request.wheelchairs ?? 0) > 0) return found;
  const release = PoolRelease.at(moment);
  return release === null ? null : seated(moment, request, taken, release);
}

function seated(
  moment: Moment,
  request: BestAvailable,
  taken: readonly SeatIndex[],
  release: PoolRelease | null,
): readonly SeatIndex[] | null {
  const filter = seatFilter(moment.state, request);
  const { quantity, wheelchairs = 0 } = request;
  const search = { moment, filter, taken, wheelchairs, quantity, release };
  const single = findBlock({ ...search, maySpare: wheelchairs > 0 });
  if (single !== null || request.maySplit !== true) return single;
  return splitParty({ ...search, maySpare: false });
}

function findBlock(search: Search): readonly SeatIndex[] | null {
  const { state, anyOverdue } = search.moment;
  const { rows, nearest } = rowsByDistance(state.layout);
  const found: Found = { first: -1, tier: Infinity, distance: Infinity };
  const kept = keptRows(search);
  const look = (row: number, best: Found): void =>
    isRoundRow(state.layout, row) ? searchRound(search, row, best) : searchRow(search, row, best);
  for (let i = 0; i < rows.length; i++) {
    if (found.tier === 0 && nearest[i] * search.quantity > found.distance) break;
    const row = rows[i];
    if (!anyOverdue && state.freeInRow[row] < search.quantity) continue;
    if (!search.filter.allowsRow(row)) continue;
    if (kept === null) look(row, found);
    else searchKept(kept, state, row, found, look);
  }
  if (found.first < 0) return null;
  const row = state.layout.rowOfSeat[found.first];
  if (isRoundRow(state.layout, row)) return roundBlock(state.layout, found.first, search.quantity);
  return blockFrom(found.first, search.quantity);
}

function searchRow(search: Search, row: number, found: Found): void {
  const { layout } = search.moment.state;
  const rowEnd = layout.rowStart[row + 1];
  let start = layout.rowStart[row];
  while (start < rowEnd) {
    let end = start;
    while (end < rowEnd && isCandidate(search, end)) {
      end++;
      if (!joinsNext(search.moment, end - 1)) break;
    }
    if (end - start >= search.quantity) searchRun(search, start, end, found);
    start = Math.max(end, start + 1);
  }
}

/** Slides a window over a run; its sums follow it, so a run costs its length. */
function searchRun(search: Search, start: number, end: number, found: Found): void {
  const { quantity, wheelchairs, filter, release } = search;
  const mindsSingles = wheelchairs === 0 && release === null;
  const { layout } = search.moment.state;
  let [distance, spaces, companions, inFilter] = [0, 0, 0, 0];
  for (let seat = start; seat < end; seat++) {
    const flags = layout.flagsOfSeat[seat];
    distance += squaredDistance(layout, seat);
    if ((flags & SEAT_FLAG_WHEELCHAIR) !== 0) spaces++;
    if ((flags & SEAT_FLAG_COMPANION) !== 0) companions++;
    inFilter = filter.allowsSeat(seat) ? inFilter + 1 : 0;
    const first = seat - quantity + 1;
    if (first > start) {
      const left = layout.flagsOfSeat[first - 1];
      distance -= squaredDistance(layout, first - 1);
      if ((left & SEAT_FLAG_WHEELCHAIR) !== 0) spaces--;
      if ((left & SEAT_FLAG_COMPANION) !== 0) companions--;
    }
    if (inFilter < quantity || first < start) continue;
    const pool = poolTier(search, spaces, companions);
    if (pool === null) continue;
    const strands = first - start === 1 || end - first - quantity === 1;
    const tier = pool + (strands && mindsSingles ? tierStranding : 0);
    if (isBetter(found, tier, distance, first)) {
      found.tier = tier;
      found.distance = distance;
      found.first = first;
    }
  }
}

/**
 * A party that may be split and has to be: everyone in a wheelchair with one companion if there is
 * one, then the others in blocks as large as possible.
 */
function splitParty(party: Search): readonly SeatIndex[] | null {
  const { quantity, wheelchairs } = party;
  let used = party.taken;
  let ordinary = quantity - wheelchairs;
  const seats: SeatIndex[] = [];
  const take = (size: number, spaces: number): boolean => {
    const block = findBlock({ ...party, taken: used, quantity: size, wheelchairs: spaces });
    if (block === null) return false;
    seats.push(...block);
    used = [...used, ...block].sort((a, b) => a - b);
    return true;
  };
  // What was not there for one of them is not there for the next.
  let hasPairs = true;
  for (let left = wheelchairs; left > 0; left--) {
    hasPairs &&= ordinary > 0 && take(2, 1);
    if (hasPairs) ordinary--;
    else if (!take(1, 1)) return null;
  }
  let size = ordinary;
  while (ordinary > 0) {
    const most = Math.min(size, ordinary);
    size = largestBlock({ ...party, taken: used, quantity: most, wheelchairs: 0 });
    if (size === 0 || !take(size, 0)) return null;
    ordinary -= size;
  }
  return seats.sort((a, b) => a - b);
}

/**
 * How many of the party find a block, 0 to `quantity`: one look at the house, in place of a search
 * for each size.
 */
function largestBlock(search: Search): number {
  const { state, anyOverdue } = search.moment;
  const { layout } = state;
  const { rows } = rowsByDistance(layout);
  let largest = 0;
  for (let i = 0; i < rows.length && largest < search.quantity; i++) {
    const row = rows[i];
    if (!anyOverdue && state.freeInRow[row] <= largest) continue;
    if (!search.filter.allowsRow(row)) continue;
    const isRound = isRoundRow(layout, row);
    const seats = layout.rowStart[row + 1] - layout.rowStart[row];
    // Twice around a table: what ends with its last seat goes on with its first.
    const steps = isRound ? 2 * seats : seats;
    let size = 0;
    for (let step = 0; step < steps; step++) {
      const seat = layout.rowStart[row] + (step % seats);
      const fits =
        isCandidate(search, seat) && !isKept(search, seat) && search.filter.allowsSeat(seat);
      size = fits ? Math.min(size + 1, seats) : 0;
      if (size > largest) largest = size;
      if (!isRound && !joinsNext(search.moment, seat)) size = 0;
    }
  }
  return Math.min(largest, search.quantity);
}

/** A candidate that is not for ordinary seats' parties: it joins its neighbours all the same. */
function isKept({ moment, release }: Search, seat: number): boolean {
  if (release !== null) return false;
  return (moment.state.layout.flagsOfSeat[seat] & SEAT_FLAG_COMPANION) !== 0;
}

interface RowOrder {
  /** Row indexes, nearest to the focal point first. */
  readonly rows: Uint32Array;
  /** Least squared distance of a seat of rows[i]. */
  readonly nearest: Float64Array;
}

/** Layouts are shared between events and never change: their order of rows is worked out once. */
const rowOrders = new WeakMap<InventoryLayout, RowOrder>();

function rowsByDistance(layout: InventoryLayout): RowOrder {
  const known = rowOrders.get(layout);
  if (known !== undefined) return known;
  const distanceOf = new Float64Array(layout.rowCount).fill(Infinity);
  for (let seat = 0; seat < layout.seatCount; seat++) {
    const row = layout.rowOfSeat[seat];
    distanceOf[row] = Math.min(distanceOf[row], squaredDistance(layout, seat));
  }
  const rows = Uint32Array.from(distanceOf.keys());
  rows.sort((a, b) => distanceOf[a] - distanceOf[b] || a - b);
  const order = { rows, nearest: Float64Array.from(rows, (row) => distanceOf[row]) };
  rowOrders.set(layout, order);
  return order;
}

/** Exported for measurements and operators: what a best-available request would get now. */
export function previewBestAvailable(
  state: InventoryState,
  request: BestAvailable,
  nowMs: number,
): readonly SeatIndex[] | null {
  const anyOverdue = state.holds.expiry.firstDeadlineMs <= nowMs;
  return bestAvailable({ state, nowMs: nowMs as Moment['nowMs'], anyOverdue }, request, []);
}
