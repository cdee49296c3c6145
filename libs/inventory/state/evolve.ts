import { outcomeOf } from '../answer.js';
import { assert } from '../assert.js';
import type { AreaQuantity } from '../commands.js';
import type {
  BookingCancelled,
  Fact,
  HoldReleased,
  PaymentBegun,
  PaymentFailed,
  RulesChanged,
  SeatsBooked,
  SeatsBookedLate,
  SeatsHeld,
} from '../facts.js';
import type { Outcome } from '../rules/decision.js';
import { statusAfter } from './changes.js';
import { holdKey } from './id-key.js';
import { bookingIds, commandIds, holdIds, userIds } from './id-reader.js';
import type { AreaIndex, HoldId, SeatIndex, Version } from '../ids.js';
import type { Refusal } from '../refusal-codes.js';
import { sumOf } from '../prices.js';
import { pricesBy, pricesOfKind, pricesOfRest } from './prices.js';
import { isAscending, placesIn, withoutAreas, withoutSeats } from './seat-lists.js';
import { rowIn } from './seat-places.js';
import { areaFree, SeatStatus } from './state.js';
import type { HoldEnd } from './ended-holds.js';
import type { InventoryState } from './state.js';

/**
 * Folds one fact into the state, in place. It knows no rules: a fact happened, whatever the rules
 * are now. Its assertions are the inner guard of G1: a fact that contradicts the state means that
 * the state is not the fold of the journal, and the actor must be rebuilt.
 */
export function evolve(state: InventoryState, fact: Fact): void {
  assert(fact.atMs >= state.lastTimeMs, "an event's time never goes back");
  const { cause } = fact;
  const made = fact.type === 'SeatsHeld';
  const answer = cause === undefined || made ? null : answerOf(state, fact);
  state.version = (state.version + 1) as Version;
  state.lastTimeMs = fact.atMs;
  apply(state, fact);
  if (cause === undefined) return;
  const key = commandIds.read(cause.commandId);
  // The fact of a hold says all that its answer does.
  if (made) state.window.insertHold(key, cause.fingerprint, fact, holdIds.read(fact.holdId));
  else if (answer !== null) state.window.insert(key, cause.fingerprint, answer);
}

function answerOf(state: InventoryState, fact: Fact): Outcome | Refusal {
  return fact.type === 'CommandRefused' ? fact.refusal : outcomeOf(state, fact);
}

function apply(state: InventoryState, fact: Fact): void {
  switch (fact.type) {
    case 'SeatsHeld':
      return seatsHeld(state, fact);
    case 'HoldExtended':
      return state.holds.expiry.move(liveHold(state, fact.holdId), fact.deadlineMs);
    case 'HoldReleased':
      return holdReleased(state, fact);
    case 'HoldExpired':
      return endHold(state, liveHold(state, fact.holdId), 'expired');
    case 'PaymentBegun':
      return paymentBegun(state, fact);
    case 'PaymentFailed':
      return paymentFailed(state, fact);
    case 'SeatsBooked':
      return seatsBooked(state, fact);
    case 'SeatsBookedLate':
      return seatsBookedLate(state, fact);
    case 'BookingCancelled':
      return bookingCancelled(state, fact);
    case 'SeatsBlocked':
      markSeats(state, fact.seats, SeatStatus.free, SeatStatus.blocked);
      return addToAreas(state, state.areaBlocked, fact.areas, 1);
    case 'SeatsUnblocked':
      markSeats(state, fact.seats, SeatStatus.blocked, SeatStatus.free);
      return addToAreas(state, state.areaBlocked, fact.areas, -1);
    case 'SaleOpened':
      state.saleStatus = 'open';
      return;
    case 'SaleClosed':
      state.saleStatus = 'closed';
      return;
    case 'EventCancelled':
      state.saleStatus = 'cancelled';
      return;
    case 'RulesChanged':
      return rulesChanged(state, fact);
    case 'CommandRefused':
      return;
  }
}

function seatsHeld(state: InventoryState, fact: SeatsHeld): void {
  assert(isAscending(fact.seats), 'seats of a fact ascend');
  markSeats(state, fact.seats, SeatStatus.free, SeatStatus.held);
  addToAreas(state, state.areaHeld, fact.areas, 1);
  const { userId, seats, areas } = fact;
  const buyer = state.placesOfBuyer.keep(userIds.read(userId));
  const slot = state.holds.add(holdIds.read(fact.holdId), buyer, fact, state.version);
  if (fact.prices === null) {
    state.holds.setPrices(slot, pricesOfKind(state, seats, areas, fact.totalMinor));
  }
  for (let i = 0; i < seats.length; i++) state.holdOfSeat[seats[i]] = slot;
  state.placesOfBuyer.addAt(buyer, placesIn(seats, areas));
}

function holdReleased(state: InventoryState, fact: HoldReleased): void {
  const { holds } = state;
  const slot = liveHold(state, fact.holdId);
  assert(holds.attemptOf(slot) === null, 'a hold that is being paid for is not released');
  const seats = withoutSeats(holds.seatsOf(slot), fact.seats);
  const areas = withoutAreas(holds.areasOf(slot), fact.areas);
  if (seats.length + areas.length === 0) return endHold(state, slot, 'released');
  assert(
    seats.length === holds.seatCountOf(slot) - fact.seats.length,
    'released seats belong to the hold',
  );
  const locked = holds.pricesOf(slot);
  const rest =
    locked === null
      ? null
      : pricesOfRest(locked, holds.seatsOf(slot), holds.areasOf(slot), fact.seats, fact.areas);
  // Of a journal from before prices were written down, or of none that `decide` wrote.
  const known = rest !== null && sumOf(rest, placesIn(seats, areas)) === fact.totalMinor;
  const prices = known ? rest : pricesOfKind(state, seats, areas, fact.totalMinor);
  freeHeld(state, holds.buyerOf(slot), fact.seats, fact.areas);
  holds.shrink(slot, seats, areas, fact.totalMinor, prices);
}

function paymentBegun(state: InventoryState, fact: PaymentBegun): void {
  const { holds } = state;
  const slot = liveHold(state, fact.holdId);
  const running = holds.attemptOf(slot);
  const again = running?.attemptId === fact.attemptId;
  assert(running === null || again, 'a hold has one live payment attempt');
  const deadlineBeforeMs = running?.deadlineBeforeMs ?? holds.deadlineMs(slot);
  holds.setAttempt(slot, { attemptId: fact.attemptId, deadlineBeforeMs });
  holds.expiry.move(slot, fact.deadlineMs);
}

function paymentFailed(state: InventoryState, fact: PaymentFailed): void {
  const { holds } = state;
  const slot = liveHold(state, fact.holdId);
  assert(holds.attemptOf(slot)?.attemptId === fact.attemptId, 'only the live attempt can fail');
  holds.setAttempt(slot, null);
  holds.expiry.move(slot, fact.deadlineMs);
}

function seatsBooked(state: InventoryState, fact: SeatsBooked): void {
  const { holds, bookings } = state;
  const slot = liveHold(state, fact.holdId);
  assert(holds.attemptOf(slot)?.attemptId === fact.attemptId, 'only the live attempt can book');
  assert(holds.seatCountOf(slot) === fact.seats.length, 'a hold is booked whole');
  assert(!bookings.has(fact.bookingId), 'a booking id is live once');
  for (const seat of fact.seats) {
    assert(state.holdOfSeat[seat] === slot, 'booked seats belong to the hold');
  }
  markSeats(state, fact.seats, SeatStatus.held, SeatStatus.booked);
  addToAreas(state, state.areaHeld, fact.areas, -1);
  addToAreas(state, state.areaBooked, fact.areas, 1);
  const buyer = holds.buyerOf(slot);
  assert(state.placesOfBuyer.find(fact.userId) === buyer, 'a hold is booked by its buyer');
  removeHold(state, slot, 'booked');
  bookings.add(bookingIds.read(fact.bookingId), holdIds.read(fact.holdId), buyer, fact);
}

/** The hold stays ended as it was; the buyer is known by it, or as somebody who comes anew. */
function seatsBookedLate(state: InventoryState, fact: SeatsBookedLate): void {
  const { bookings, holds, placesOfBuyer } = state;
  assert(isAscending(fact.seats), 'seats of a fact ascend');
  assert(!bookings.has(fact.bookingId), 'a booking id is live once');
  assert(holds.find(fact.holdId) === 0, 'what is booked late has no hold');
  markSeats(state, fact.seats, SeatStatus.free, SeatStatus.booked);
  addToAreas(state, state.areaBooked, fact.areas, 1);
  placesOfBuyer.add(fact.userId, placesIn(fact.seats, fact.areas));
  const buyer = placesOfBuyer.find(fact.userId);
  bookings.add(bookingIds.read(fact.bookingId), holdIds.read(fact.holdId), buyer, fact);
}

function bookingCancelled(state: InventoryState, fact: BookingCancelled): void {
  const { bookings } = state;
  const slot = bookings.find(fact.bookingId);
  assert(slot !== 0, 'only a live booking is cancelled');
  const had = bookings.seatsOf(slot);
  const seats = withoutSeats(had, fact.seats);
  assert(seats.length === had.length - fact.seats.length, 'cancelled seats belong to the booking');
  const areas = withoutAreas(bookings.areasOf(slot), fact.areas);
  markSeats(state, fact.seats, SeatStatus.booked, statusAfter(fact));
  addToAreas(state, state.areaBooked, fact.areas, -1);
  if (fact.offSale !== undefined) addToAreas(state, state.areaBlocked, fact.areas, 1);
  state.placesOfBuyer.addAt(bookings.buyerOf(slot), -placesIn(fact.seats, fact.areas));
  if (seats.length + areas.length === 0) bookings.remove(slot);
  else bookings.shrink(slot, seats, areas);
}

/** A hold that was made before prices were written down keeps those that went before (LKP1). */
function rulesChanged(state: InventoryState, { revision, before, after }: RulesChanged): void {
  const { holds, areaCapacity } = state;
  assert(revision === state.rulesRevision + 1, 'rules change one after the other');
  assert(after.capacities.length === areaCapacity.length, 'every area has a capacity');
  for (const slot of holds.withoutPrices()) {
    const [seats, areas] = [holds.seatsOf(slot), holds.areasOf(slot)];
    const prices = pricesBy(state, before.rules.prices, seats, areas);
    const known = sumOf(prices, placesIn(seats, areas)) === holds.totalMinor(slot);
    if (known) holds.setPrices(slot, prices);
  }
  areaCapacity.set(after.capacities);
  for (let area = 0; area < areaCapacity.length; area++) {
    assert(areaFree(state, area as AreaIndex) >= 0, 'an area keeps what is taken of it');
  }
  state.rules = after.rules;
  state.rulesRevision = revision;
}

/** Ends a hold and frees what it had. */
function endHold(state: InventoryState, slot: number, end: HoldEnd): void {
  const { holds } = state;
  freeHeld(state, holds.buyerOf(slot), holds.seatsOf(slot), holds.areasOf(slot));
  removeHold(state, slot, end);
}

function removeHold(state: InventoryState, slot: number, end: HoldEnd): void {
  const { holds } = state;
  state.endedHolds.insert(holds.loadId(slot, holdKey), holds.buyerOf(slot), end);
  holds.remove(slot);
}

function freeHeld(
  state: InventoryState,
  buyer: number,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): void {
  markSeats(state, seats, SeatStatus.held, SeatStatus.free);
  addToAreas(state, state.areaHeld, areas, -1);
  state.placesOfBuyer.addAt(buyer, -placesIn(seats, areas));
}

function liveHold(state: InventoryState, holdId: HoldId): number {
  const slot = state.holds.find(holdId);
  assert(slot !== 0, 'a fact about a hold needs the hold');
  return slot;
}

function markSeats(
  state: InventoryState,
  seats: readonly SeatIndex[],
  from: SeatStatus,
  to: SeatStatus,
): void {
  const { statusOfSeat, seatCounts, freeInRow, changesInRow, placeOfSeat } = state;
  const freed = to === SeatStatus.free ? 1 : from === SeatStatus.free ? -1 : 0;
  for (let i = 0; i < seats.length; i++) {
    const seat = seats[i];
    assert(statusOfSeat[seat] === from, 'a seat changes from the status the fact implies');
    statusOfSeat[seat] = to;
    const row = rowIn(placeOfSeat[seat]);
    freeInRow[row] += freed;
    changesInRow[row]++;
  }
  seatCounts[from] -= seats.length;
  seatCounts[to] += seats.length;
}

function addToAreas(
  state: InventoryState,
  counts: Uint32Array,
  areas: readonly AreaQuantity[],
  sign: 1 | -1,
): void {
  for (let i = 0; i < areas.length; i++) {
    const { area, quantity } = areas[i];
    assert(area < counts.length, 'an area is part of the plan');
    assert(sign > 0 || counts[area] >= quantity, 'an area gives back what was taken');
    counts[area] += sign * quantity;
    assert(areaFree(state, area) >= 0, 'an area never takes more than its capacity');
  }
}
