import type { BestAvailable, Refusal, SeatIndex } from '#libs/inventory/inventory.js';
import { inPool, isReleased, type PoolHall as Hall } from './naive-pool.js';

interface Candidate {
  readonly seats: number[];
  readonly faults: number;
  readonly distance: number;
}

const wheelchair = 1;
const companion = 2;
const round = 128;

/** All blocks there are, the best one picked by sorting; then what was released. */
export function bestBlocks(
  hall: Hall,
  request: BestAvailable,
  cart: readonly number[],
): number[] | null {
  const found = blocksOf(hall, request, cart, false);
  if (found !== null || (request.wheelchairs ?? 0) > 0) return found;
  return blocksOf(hall, request, cart, true);
}

function blocksOf(
  hall: Hall,
  request: BestAvailable,
  cart: readonly number[],
  released: boolean,
): number[] | null {
  const spaces = request.wheelchairs ?? 0;
  const together = bestBlock(hall, request, cart, request.quantity, spaces, released, spaces > 0);
  if (together !== null || request.maySplit !== true) return together;
  const found: number[] = [];
  let others = request.quantity - spaces;
  const take = (quantity: number, wheelchairs: number): boolean => {
    const block = bestBlock(hall, request, [...cart, ...found], quantity, wheelchairs, released);
    if (block !== null) found.push(...block);
    return block !== null;
  };
  for (let i = 0; i < spaces; i++) {
    if (others > 0 && take(2, 1)) others--;
    else if (!take(1, 1)) return null;
  }
  while (others > 0) {
    let size = others;
    while (size > 0 && !take(size, 0)) size--;
    if (size === 0) return null;
    others -= size;
  }
  return found;
}

function bestBlock(
  hall: Hall,
  request: BestAvailable,
  cart: readonly number[],
  quantity: number,
  spaces: number,
  released: boolean,
  maySpare = false,
): number[] | null {
  const candidates: Candidate[] = [];
  for (let first = 0; first < hall.layout.seatCount; first++) {
    const seats = seatsFrom(hall, first, quantity);
    const usable = seats.every(
      (seat) => isFree(hall, seat) && !cart.includes(seat) && passes(hall, request, seat),
    );
    if (!usable || !areTogether(hall, seats)) continue;
    const extra = seats.filter((seat) => has(hall, seat, wheelchair)).length - spaces;
    const helpers = seats.filter((seat) => has(hall, seat, companion)).length;
    if (released) {
      if (seats.some((seat) => inPool(hall, seat) && !isReleased(hall, seat))) continue;
    } else if (extra < 0 || (extra > 0 && (!maySpare || spaces === 0)) || helpers > 3 * spaces) {
      continue;
    }
    const crowded = released && helpers > 0 ? 1 : 0;
    const plain = spaces === 0 && !released;
    candidates.push({
      seats,
      faults: plain ? strandingOf(hall, seats, cart) : extra * 4 + crowded,
      distance: seats.reduce((sum, seat) => sum + squaredDistance(hall, seat), 0),
    });
  }
  candidates.sort(
    (a, b) => a.faults - b.faults || a.distance - b.distance || a.seats[0] - b.seats[0],
  );
  return candidates[0]?.seats.sort((a, b) => a - b) ?? null;
}

/** At a round table the first seat follows the last. */
function seatsFrom(hall: Hall, first: number, quantity: number): number[] {
  const { rowStart, rowOfSeat } = hall.layout;
  const seats = Array.from({ length: quantity }, (_, i) => first + i);
  if (!has(hall, first, round)) return seats;
  const [start, end] = [rowStart[rowOfSeat[first]], rowStart[rowOfSeat[first] + 1]];
  if (quantity > end - start) return seats;
  return seats.map((seat) => (seat < end ? seat : seat - (end - start)));
}

function areTogether(hall: Hall, seats: readonly number[]): boolean {
  if (has(hall, seats[0], round)) {
    const rows = new Set(seats.map((seat) => hall.layout.rowOfSeat[seat]));
    return rows.size === 1 && new Set(seats).size === seats.length;
  }
  return inOneRow(hall, seats);
}

function strandingOf(hall: Hall, seats: readonly number[], cart: readonly number[]): number {
  const beside = (seat: number) =>
    (seats.includes(seat - 1) && inOneRow(hall, [seat - 1, seat])) ||
    (seats.includes(seat + 1) && inOneRow(hall, [seat, seat + 1]));
  const alone = singles(hall, [...cart, ...seats]).filter(beside);
  return alone.length > 0 ? 2 : 0;
}

/** Refusal when named seats strand somebody though their run has room to avoid it. */
export function strandedJudgement(
  hall: Hall,
  named: readonly number[],
  cart: readonly number[],
): Refusal | null {
  const strandedIn = (run: readonly number[]): number[] => {
    const beside = run.filter((seat) => named.includes(seat)).flatMap((s) => [s - 1, s + 1]);
    return aloneIn(run, cart).filter((seat) => beside.includes(seat));
  };
  const guilty = runsOf(hall).filter((run) => {
    const taken = run.filter((seat) => cart.includes(seat)).length;
    return strandedIn(run).length > 0 && run.length - taken !== 1;
  });
  if (guilty.length === 0) return null;
  const seats = guilty.flatMap(strandedIn) as SeatIndex[];
  if (cart.length !== named.length) return { code: 'stranded_single', seats };
  let alternative = [...named];
  for (const run of guilty) {
    const mine = run.filter((seat) => named.includes(seat));
    const placements = run
      .slice(0, run.length - mine.length + 1)
      .map((first) => mine.map((_, i) => first + i))
      .filter((block) => aloneIn(run, block).length === 0);
    placements.sort((a, b) => Math.abs(a[0] - mine[0]) - Math.abs(b[0] - mine[0]) || a[0] - b[0]);
    alternative = [...alternative.filter((seat) => !run.includes(seat)), ...placements[0]];
  }
  alternative.sort((a, b) => a - b);
  return { code: 'stranded_single', seats, alternative: alternative as SeatIndex[] };
}

/** The nearest block like the wanted seats: row by row outwards, then seat by seat. */
export function nearestAlternative(hall: Hall, wanted: readonly number[]): SeatIndex[] | null {
  const { layout, rules } = hall;
  const home = layout.rowOfSeat[wanted[0]];
  const special = has(hall, wanted[0], wheelchair);
  const helper = has(hall, wanted[0], companion);
  const blocks: number[][] = [];
  for (let first = 0; first + wanted.length <= layout.seatCount; first++) {
    const seats = wanted.map((_, i) => first + i);
    const alike = seats.every(
      (seat) =>
        isFree(hall, seat) &&
        has(hall, seat, wheelchair) === special &&
        has(hall, seat, companion) === helper &&
        layout.categoryOfSeat[seat] === layout.categoryOfSeat[wanted[0]],
    );
    if (!alike || !inOneRow(hall, seats)) continue;
    if (rules.strandedSingles === 'refuse' && !special) {
      if (strandedJudgement(hall, seats, seats) !== null) continue;
    }
    blocks.push(seats);
  }
  const rank = (seats: number[]) => {
    const row = layout.rowOfSeat[seats[0]];
    return [Math.abs(row - home), row, Math.abs(seats[0] - wanted[0]), seats[0]];
  };
  blocks.sort((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? 0 : x[at] - y[at];
  });
  return (blocks[0] as SeatIndex[] | undefined) ?? null;
}

/** What a late payment may have in the place of its seats: ordinary ones of one category alone. */
export function equalBlock(hall: Hall, wanted: readonly number[]): SeatIndex[] | null {
  const categories = new Set(wanted.map((seat) => hall.layout.categoryOfSeat[seat]));
  const ordinary = categories.size === 1 && !wanted.some((seat) => inPool(hall, seat));
  return ordinary ? nearestAlternative(hall, wanted) : null;
}

/** Free ordinary seats beside each other, as long as they go; round tables have no ends. */
function runsOf(hall: Hall): number[][] {
  const runs: number[][] = [];
  for (let seat = 0; seat < hall.layout.seatCount; seat++) {
    if (!isOpen(hall, seat) || has(hall, seat, round)) continue;
    const before = runs.at(-1);
    if (before?.at(-1) === seat - 1 && inOneRow(hall, [seat - 1, seat])) before.push(seat);
    else runs.push([seat]);
  }
  return runs;
}

function singles(hall: Hall, taken: readonly number[]): number[] {
  return runsOf(hall).flatMap((run) => aloneIn(run, taken));
}

function aloneIn(run: readonly number[], taken: readonly number[]): number[] {
  const left = run.filter((seat) => !taken.includes(seat));
  return left.filter((seat) => !left.includes(seat - 1) && !left.includes(seat + 1));
}

function isOpen(hall: Hall, seat: number): boolean {
  return isFree(hall, seat) && !has(hall, seat, wheelchair);
}

function isFree(hall: Hall, seat: number): boolean {
  return hall.statusOf(seat) === 'free';
}

function has(hall: Hall, seat: number, flag: number): boolean {
  return (hall.layout.flagsOfSeat[seat] & flag) !== 0;
}

function passes({ layout, rules }: Hall, request: BestAvailable, seat: number): boolean {
  const category = layout.categoryOfSeat[seat];
  const section = layout.sectionOfRow[layout.rowOfSeat[seat]];
  return (
    (request.category ?? category) === category &&
    (request.section ?? section) === section &&
    rules.prices[category] <= (request.priceMax ?? Infinity) &&
    [4, 8].every((flag) => suits(request, flag, (layout.flagsOfSeat[seat] & flag) !== 0))
  );
}

/** Of one flag: is it wanted, and there; or not wanted, and not there? */
function suits({ having = 0, avoiding = 0 }: BestAvailable, flag: number, isThere: boolean) {
  if ((having & flag) !== 0) return isThere;
  return (avoiding & flag) === 0 || !isThere;
}

function inOneRow({ layout }: Hall, seats: readonly number[]): boolean {
  return seats.slice(0, -1).every((seat) => layout.neighbourNext[seat] === 1);
}

function squaredDistance({ layout }: Hall, seat: number): number {
  return (layout.x[seat] - layout.focalX) ** 2 + (layout.y[seat] - layout.focalY) ** 2;
}
