import { assert } from '../assert.js';
import { BookingTable } from './booking-table.js';
import { BuyerCounts } from './buyer-counts.js';
import { CommandWindow } from './command-window.js';
import { EndedHolds } from './ended-holds.js';
import { HoldTable } from './hold-table.js';
import type { AreaIndex, SeatIndex, TimeMs, Version } from '../ids.js';
import type { EventRules, InventoryLayout, SaleRules } from '../layout.js';
import { placesOfSeats } from './seat-places.js';
import { poolOf, type SeatPool } from './seat-pool.js';

/** One byte a seat, also in seat maps on the wire. The numbers are stored: never renumber. */
export const SeatStatus = { free: 0, held: 1, booked: 2, blocked: 3 } as const;
export type SeatStatus = (typeof SeatStatus)[keyof typeof SeatStatus];

/** scheduled: opens by itself (rules.opensAtMs) or by command. cancelled: for good. */
export type SaleStatus = 'scheduled' | 'open' | 'closed' | 'cancelled';

/** What those who look on are told: nothing is to be had of an event that is cancelled. */
export type ShownSaleStatus = Exclude<SaleStatus, 'cancelled'>;

export const shownSaleStatus = ({
  saleStatus,
}: Pick<InventoryState, 'saleStatus'>): ShownSaleStatus =>
  saleStatus === 'cancelled' ? 'closed' : saleStatus;

/** Commands that are remembered (G4); the oldest are forgotten first. */
export const commandWindowMax = 200_000;
/** Ended holds that are remembered, to tell `hold_expired` from `hold_not_found`. */
export const endedHoldsMax = 65_536;

/**
 * Everything that is true of one event's inventory. One owner; `evolve` mutates it in place and
 * nobody else does. What is not in the snapshot (freeInRow, seatCounts, placesOfBuyer, holdOfSeat)
 * is derived from what is; changesInRow is not true of the event, and begins anew with the state.
 */
export interface InventoryState {
  readonly layout: InventoryLayout;
  rules: SaleRules;
  /** By area; those of the plan until they are changed. */
  readonly areaCapacity: Uint32Array;
  /** Changes of the rules so far; 0: they are the catalogue's. */
  rulesRevision: number;
  readonly statusOfSeat: Uint8Array;
  /** Slot in `holds`; means something only while the seat is held. */
  readonly holdOfSeat: Uint32Array;
  /** Row and category: see seat-places.ts. */
  readonly placeOfSeat: Uint32Array;
  /** Null where every seat is for everybody, as in most plans. */
  readonly pool: SeatPool | null;
  readonly freeInRow: Uint32Array;
  /** Changes of its seats since the state was made or read: who keeps something of a row asks. */
  readonly changesInRow: Uint32Array;
  /** By SeatStatus. */
  readonly seatCounts: Uint32Array;
  readonly areaHeld: Uint32Array;
  readonly areaBooked: Uint32Array;
  readonly areaBlocked: Uint32Array;
  readonly holds: HoldTable;
  readonly endedHolds: EndedHolds;
  readonly bookings: BookingTable;
  /** Live held and booked places. */
  readonly placesOfBuyer: BuyerCounts;
  readonly window: CommandWindow;
  saleStatus: SaleStatus;
  /** Facts folded so far. */
  version: Version;
  /** Time of the last fact; the event's clock never goes back behind it. */
  lastTimeMs: TimeMs;
}

/** Bounds that tests make small. Every owner of an event must use the same. */
export interface StateBounds {
  readonly commandWindowMax?: number;
  readonly endedHoldsMax?: number;
}

export function createState(
  layout: InventoryLayout,
  rules: SaleRules,
  bounds: StateBounds = {},
): InventoryState {
  assertLayout(layout);
  assert(rules.prices.length >= layout.categories.length, 'every category has a price');
  const freeInRow = new Uint32Array(layout.rowCount);
  for (let row = 0; row < layout.rowCount; row++) {
    freeInRow[row] = layout.rowStart[row + 1] - layout.rowStart[row];
  }
  const windowMax = bounds.commandWindowMax ?? commandWindowMax;
  const placesOfBuyer = new BuyerCounts(layout.seatCount + 1);
  const nextSeat = new Uint32Array(layout.seatCount);
  return {
    layout,
    rules,
    areaCapacity: Uint32Array.from(layout.areas, ({ capacity }) => capacity),
    rulesRevision: 0,
    statusOfSeat: new Uint8Array(layout.seatCount),
    holdOfSeat: new Uint32Array(layout.seatCount),
    placeOfSeat: placesOfSeats(layout),
    pool: poolOf(layout),
    freeInRow,
    changesInRow: new Uint32Array(layout.rowCount),
    seatCounts: Uint32Array.of(layout.seatCount, 0, 0, 0),
    areaHeld: new Uint32Array(layout.areas.length),
    areaBooked: new Uint32Array(layout.areas.length),
    areaBlocked: new Uint32Array(layout.areas.length),
    holds: new HoldTable(nextSeat, placesOfBuyer),
    endedHolds: new EndedHolds(bounds.endedHoldsMax ?? endedHoldsMax, placesOfBuyer),
    bookings: new BookingTable(nextSeat, placesOfBuyer),
    placesOfBuyer,
    window: new CommandWindow(windowMax, Math.min(windowMax, layout.seatCount) + 1),
    saleStatus: 'scheduled',
    version: 0 as Version,
    lastTimeMs: 0 as TimeMs,
  };
}

export function statusOf(state: InventoryState, seat: SeatIndex): SeatStatus {
  return state.statusOfSeat[seat] as SeatStatus;
}

/** Places of an area that are neither held, booked nor blocked. */
export function areaFree(state: InventoryState, area: AreaIndex): number {
  return state.areaCapacity[area] - areaTaken(state, area);
}

/** Places of an area that are held, booked or blocked. */
export function areaTaken(state: InventoryState, area: AreaIndex): number {
  return state.areaHeld[area] + state.areaBooked[area] + state.areaBlocked[area];
}

export function rulesOf(state: InventoryState): EventRules {
  return { rules: state.rules, capacities: [...state.areaCapacity] };
}

function assertLayout(layout: InventoryLayout): void {
  const { seatCount, rowCount } = layout;
  assert(layout.rowStart.length === rowCount + 1, 'rowStart has rowCount + 1 entries');
  assert(layout.rowStart[rowCount] === seatCount, 'the rows cover all seats');
  assert(layout.sectionOfRow.length === rowCount, 'every row has a section');
  const columns = [layout.rowOfSeat, layout.neighbourNext, layout.categoryOfSeat];
  const more = [layout.flagsOfSeat, layout.x, layout.y];
  assert(
    [...columns, ...more].every((column) => column.length === seatCount),
    'every seat column has seatCount entries',
  );
}
