import type { AreaQuantity } from './commands.js';
import type { AreaIndex, BookingId, HoldId, MinorUnits, SeatIndex, TimeMs, UserId } from './ids.js';
import type { Booking } from './state/booking-table.js';
import { placesIn } from './state/seat-lists.js';
import { areaFree, SeatStatus, type InventoryState } from './state/state.js';

/** One live hold, for its buyer. Whether it is overdue is for the caller's clock to say. */
export interface HoldSummary {
  readonly type: 'hold_view';
  readonly holdId: HoldId;
  readonly userId: UserId;
  readonly status: 'held' | 'paying';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: MinorUnits;
  readonly deadlineMs: TimeMs;
}

export function holdView(state: InventoryState, holdId: HoldId): HoldSummary | null {
  const { holds } = state;
  const slot = holds.find(holdId);
  if (slot === 0) return null;
  return {
    type: 'hold_view',
    holdId,
    userId: holds.userOf(slot),
    status: holds.attemptOf(slot) === null ? 'held' : 'paying',
    seats: holds.seatsOf(slot),
    areas: holds.areasOf(slot),
    totalMinor: holds.totalMinor(slot),
    deadlineMs: holds.deadlineMs(slot),
  };
}

/** All that a question for a hold is answered from: those that live, and those remembered. */
export function* knownHolds({ holds, endedHolds }: InventoryState): Iterable<HoldId> {
  for (const slot of holds.inOrder()) yield holds.idOf(slot);
  for (let i = 0; i < endedHolds.size; i += 1) yield endedHolds.idAt(endedHolds.slotOf(i));
}

export function bookingView(state: InventoryState, bookingId: BookingId): Booking | null {
  return state.bookings.get(bookingId) ?? null;
}

/** Absolute counts of one area. */
export interface AreaTally {
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
}

export function areaCounts(state: InventoryState, area: AreaIndex): AreaTally {
  return {
    held: state.areaHeld[area],
    booked: state.areaBooked[area],
    blocked: state.areaBlocked[area],
  };
}

/** Places of the whole event, seats and areas together: free + held + booked + blocked = all. */
export interface Counts extends AreaTally {
  readonly free: number;
  readonly holds: number;
  readonly bookings: number;
}

export function counts(state: InventoryState): Counts {
  let [free, held, booked, blocked] = state.seatCounts;
  for (let area = 0; area < state.layout.areas.length; area++) {
    free += areaFree(state, area as AreaIndex);
    held += state.areaHeld[area];
    booked += state.areaBooked[area];
    blocked += state.areaBlocked[area];
  }
  return { free, held, booked, blocked, holds: state.holds.size, bookings: state.bookings.size };
}

export interface BuyerPlaces {
  readonly held: number;
  readonly booked: number;
}

/** What these buyers have, in their order. Looks through all holds once. */
export function placesOfBuyers(
  { holds, placesOfBuyer }: InventoryState,
  users: readonly UserId[],
): readonly BuyerPlaces[] {
  const held = new Map<number, number>();
  for (const user of users) held.set(placesOfBuyer.find(user), 0);
  for (let slot = holds.laterThan(0); slot !== 0; slot = holds.laterThan(slot)) {
    const before = held.get(holds.buyerOf(slot));
    if (before === undefined) continue;
    held.set(holds.buyerOf(slot), before + placesIn(holds.seatsOf(slot), holds.areasOf(slot)));
  }
  return users.map((user) => {
    const mine = held.get(placesOfBuyer.find(user)) ?? 0;
    return { held: mine, booked: placesOfBuyer.of(user) - mine };
  });
}

/** A copy of the seat map, one SeatStatus a seat. */
export function seatStatuses(state: InventoryState): Uint8Array {
  return state.statusOfSeat.slice();
}

/** The live hold that has a seat, null when none has. */
export function holdOfSeat(state: InventoryState, seat: SeatIndex): HoldId | null {
  if (state.statusOfSeat[seat] !== SeatStatus.held) return null;
  return state.holds.idOf(state.holdOfSeat[seat]);
}
