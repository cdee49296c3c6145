import type { AreaQuantity, CancelBooking, ReleaseHold } from '../commands.js';
import type { MinorUnits, SeatIndex } from '../ids.js';
import { unknownPlaces } from './existence.js';
import { priceOfRest } from './pricing.js';
import type { Refusal, RefusalCode } from '../refusal-codes.js';
import { ascending, ascendingAreas, noAreas, noSeats, quantityIn } from '../state/seat-lists.js';
import { withoutAreas, withoutSeats } from '../state/seat-lists.js';
import { ownHold, type Turn, type Verdict } from './turn.js';

/** Gives back a hold, or some of its places; what is left keeps its deadline and locked price. */
export function releaseHold(turn: Turn, command: ReleaseHold): Verdict {
  const { state } = turn;
  const unknown = unknownPlaces(state.layout, command.seats ?? noSeats, command.areas ?? noAreas);
  if (unknown !== null) return unknown;
  const slot = ownHold(turn, command.holdId);
  if (typeof slot !== 'number') return slot;
  const heldSeats = state.holds.seatsOf(slot);
  const heldAreas = state.holds.areasOf(slot);
  const whole = command.seats === undefined && command.areas === undefined;
  const seats = whole ? heldSeats : ascending(command.seats ?? noSeats);
  const areas = whole ? heldAreas : ascendingAreas(command.areas ?? noAreas);
  const foreign = notPartOf(heldSeats, heldAreas, seats, areas, 'not_in_hold');
  if (foreign !== null) return foreign;
  if (state.holds.attemptOf(slot) !== null) return { code: 'payment_in_progress' };
  const restSeats = withoutSeats(heldSeats, seats);
  const restAreas = withoutAreas(heldAreas, areas);
  const nothingLeft = restSeats.length + restAreas.length === 0;
  return {
    type: 'HoldReleased',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    seats,
    areas,
    totalMinor: nothingLeft
      ? (0 as MinorUnits)
      : priceOfRest(state, slot, { seats, areas }, { seats: restSeats, areas: restAreas }),
  };
}

/** Anyone who may send it: who that is, the edge decides. All of a booking, or some places. */
export function cancelBooking(turn: Turn, command: CancelBooking): Verdict {
  const { state } = turn;
  const unknown = unknownPlaces(state.layout, command.seats ?? noSeats, command.areas ?? noAreas);
  if (unknown !== null) return unknown;
  const booking = state.bookings.get(command.bookingId);
  if (booking === undefined) return { code: 'booking_not_found' };
  const whole = command.seats === undefined && command.areas === undefined;
  const seats = whole ? booking.seats : ascending(command.seats ?? noSeats);
  const areas = whole ? booking.areas : ascendingAreas(command.areas ?? noAreas);
  const foreign = notPartOf(booking.seats, booking.areas, seats, areas, 'not_in_booking');
  if (foreign !== null) return foreign;
  return {
    type: 'BookingCancelled',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    bookingId: command.bookingId,
    seats,
    areas,
    ...(command.offSale === undefined ? {} : { offSale: true }),
  };
}

function notPartOf(
  haveSeats: readonly SeatIndex[],
  haveAreas: readonly AreaQuantity[],
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  code: RefusalCode,
): Refusal | null {
  const foreignSeats = withoutSeats(seats, haveSeats);
  const foreignAreas = areas.filter(({ area, quantity }) => quantityIn(haveAreas, area) < quantity);
  if (foreignSeats.length + foreignAreas.length === 0) return null;
  return {
    code,
    ...(foreignSeats.length === 0 ? {} : { seats: foreignSeats }),
    ...(foreignAreas.length === 0 ? {} : { areas: foreignAreas.map(({ area }) => area) }),
  };
}
