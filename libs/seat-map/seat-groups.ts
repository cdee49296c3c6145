import { look } from './seat-looks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * Seats together: which blocks of a row a party can have as the map is now. The owner of the event
 * decides; this only keeps people from asking for what they will not get.
 *
 * SG1  A block is `size` neighbours, each free. It strands nobody: it leaves no single free seat
 *      beside it, unless no block of that run can do without.
 */
export interface SeatRun {
  /** Free neighbours: seats first to first + count - 1. */
  readonly first: number;
  readonly count: number;
}

type Looks = Readonly<Uint8Array>;

/** The free neighbours around a seat; null when it is not free itself. */
export function runAround(plan: SeatPlan, looks: Looks, seat: number): SeatRun | null {
  if (looks[seat] !== look.free) return null;
  const row = plan.rowOfSeat[seat];
  let first = seat;
  while (first > plan.rowStart[row] && joined(plan, looks, first - 1)) first -= 1;
  let last = seat;
  while (last + 1 < plan.rowStart[row + 1] && joined(plan, looks, last)) last += 1;
  return { first, count: last - first + 1 };
}

/** All runs of a row that have room for `size`, in the order of its seats. */
export function runsOfRow(plan: SeatPlan, looks: Looks, row: number, size: number): SeatRun[] {
  const runs: SeatRun[] = [];
  for (let seat = plan.rowStart[row]; seat < plan.rowStart[row + 1];) {
    const run = runAround(plan, looks, seat);
    if (run !== null && run.count >= size) runs.push(run);
    seat += run?.count ?? 1;
  }
  return runs;
}

/** First seats of the blocks of a run that strand nobody (SG1), in order. */
export function startsIn({ first, count }: SeatRun, size: number): number[] {
  const starts = Array.from({ length: Math.max(0, count - size + 1) }, (_none, at) => at);
  const kind = starts.filter((at) => at !== 1 && count - size - at !== 1);
  return (kind.length > 0 ? kind : starts).map((at) => first + at);
}

/** The block of `size` whose middle is nearest to `seat` and that has it; null: no room. */
export function blockAround(
  plan: SeatPlan,
  looks: Looks,
  seat: number,
  size: number,
): number[] | null {
  const run = runAround(plan, looks, seat);
  if (run === null || run.count < size) return null;
  const having = startsIn(run, size).filter((start) => start <= seat && seat < start + size);
  // Only blocks that strand somebody have the seat: then those, as the owner may allow it.
  const starts = having.length > 0 ? having : startsWith(run, seat, size);
  const middle = seat - (size - 1) / 2;
  const best = starts.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  return Array.from({ length: size }, (_none, at) => best + at);
}

function startsWith({ first, count }: SeatRun, seat: number, size: number): number[] {
  const from = Math.max(first, seat - size + 1);
  const to = Math.min(seat, first + count - size);
  return Array.from({ length: to - from + 1 }, (_none, at) => from + at);
}

/** Seat and the one after it are neighbours, both free. */
const joined = (plan: SeatPlan, looks: Looks, seat: number): boolean =>
  plan.next[seat] === 1 && looks[seat] === look.free && looks[seat + 1] === look.free;
