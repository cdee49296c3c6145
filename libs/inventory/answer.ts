import { assert } from './assert.js';
import type { HoldOutcome, Outcome } from './rules/decision.js';
import type { Fact } from './facts.js';
import type { AttemptId, HoldId, TimeMs } from './ids.js';
import { noAreas, noSeats, withoutAreas, withoutSeats } from './state/seat-lists.js';
import type { InventoryState } from './state/state.js';

/** A fact that accepts a command. */
export type MainFact = Exclude<Fact, { type: 'CommandRefused' }>;

/**
 * The outcome that a main fact stands for, read off the state just before the fact is folded.
 * `decide` gives it to the caller and `evolve` remembers it, so they cannot differ (G4).
 */
export function outcomeOf(state: InventoryState, fact: MainFact): Outcome {
  switch (fact.type) {
    case 'SeatsHeld': {
      const { holdId, seats, areas, totalMinor, deadlineMs } = fact;
      return { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs };
    }
    case 'HoldExtended':
    case 'PaymentFailed':
      return holdNow(state, fact.holdId, fact.deadlineMs);
    case 'PaymentBegun':
      return holdNow(state, fact.holdId, fact.deadlineMs, fact.attemptId);
    case 'HoldReleased':
      return releasedHold(state, fact);
    case 'SeatsBooked':
    case 'SeatsBookedLate': {
      const { bookingId, holdId, seats, areas, totalMinor } = fact;
      return { type: 'booking', bookingId, holdId, seats, areas, totalMinor };
    }
    case 'BookingCancelled': {
      const booked = state.bookings.get(fact.bookingId)?.seats ?? noSeats;
      const { bookingId } = fact;
      return { type: 'cancelled', bookingId, seats: withoutSeats(booked, fact.seats) };
    }
    case 'RulesChanged': {
      const { revision, before, after } = fact;
      return { type: 'rules_changed', revision, before, after };
    }
    case 'SaleOpened':
    case 'SaleClosed':
    case 'EventCancelled':
    case 'SeatsBlocked':
    case 'SeatsUnblocked':
    case 'HoldExpired':
      return { type: 'done' };
  }
}

function holdNow(
  state: InventoryState,
  holdId: HoldId,
  deadlineMs: TimeMs,
  attemptId?: AttemptId,
): HoldOutcome {
  const { holds } = state;
  const slot = holds.find(holdId);
  assert(slot !== 0, 'a fact about a hold needs the hold');
  const seats = holds.seatsOf(slot);
  const areas = holds.areasOf(slot);
  const totalMinor = holds.totalMinor(slot);
  if (attemptId === undefined)
    return { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs };
  return { type: 'hold', holdId, seats, areas, totalMinor, deadlineMs, attemptId };
}

/** The hold with what is left; an ended one shows no places and the deadline it had. */
function releasedHold(
  state: InventoryState,
  fact: Extract<Fact, { type: 'HoldReleased' }>,
): HoldOutcome {
  const { holds } = state;
  const slot = holds.find(fact.holdId);
  assert(slot !== 0, 'only a live hold is released');
  const seats = withoutSeats(holds.seatsOf(slot), fact.seats);
  const areas = withoutAreas(holds.areasOf(slot), fact.areas);
  return {
    type: 'hold',
    holdId: fact.holdId,
    seats: seats.length === 0 ? noSeats : seats,
    areas: areas.length === 0 ? noAreas : areas,
    totalMinor: fact.totalMinor,
    deadlineMs: holds.deadlineMs(slot),
  };
}
