import type { AreaQuantity, BlockSeats, UnblockSeats } from '../commands.js';
import { unknownPlaces } from './existence.js';
import { fullRefusal, isFree, overdueHolds } from './moment.js';
import { isUnpricedArea, isUnpricedSeat } from './not-for-sale.js';
import type { Refusal } from '../refusal-codes.js';
import { ascending, ascendingAreas, quantityIn } from '../state/seat-lists.js';
import { areaFree, SeatStatus } from '../state/state.js';
import { expire, overdueHoldsOf, type Turn, type Verdict } from './turn.js';

/** Takes places off sale. All of them must be free; the sale need not be open. */
export function blockSeats(turn: Turn, command: BlockSeats): Verdict {
  const refusal =
    unknownPlaces(turn.state.layout, command.seats, command.areas) ?? takenRefusal(turn, command);
  if (refusal !== null) return refusal;
  const seats = ascending(command.seats);
  const areas = ascendingAreas(command.areas);
  if (turn.anyOverdue) {
    expire(turn, [...overdueHoldsOf(turn, seats), ...overdueHoldsIn(turn, areas)]);
  }
  const { nowMs, by, cause } = turn;
  const { reason } = command;
  return { type: 'SeatsBlocked', atMs: nowMs, by, cause, seats, areas, reason };
}

export function unblockSeats(turn: Turn, command: UnblockSeats): Verdict {
  const unknown = unknownPlaces(turn.state.layout, command.seats, command.areas);
  if (unknown !== null) return unknown;
  const seats = ascending(command.seats);
  const areas = ascendingAreas(command.areas);
  const { statusOfSeat, areaBlocked } = turn.state;
  const notBlocked = seats.filter((seat) => statusOfSeat[seat] !== SeatStatus.blocked);
  const tooMany = areas.filter(({ area, quantity }) => areaBlocked[area] < quantity);
  if (notBlocked.length + tooMany.length > 0) {
    return {
      code: 'seats_not_blocked',
      ...(notBlocked.length === 0 ? {} : { seats: notBlocked }),
      ...(tooMany.length === 0 ? {} : { areas: tooMany.map(({ area }) => area) }),
    };
  }
  const unpriced = seats.filter((seat) => isUnpricedSeat(turn.state, seat));
  if (unpriced.length > 0) return { code: 'seats_unavailable', seats: unpriced };
  const closed = areas.filter(({ area }) => isUnpricedArea(turn.state, area));
  if (closed.length > 0) return { code: 'area_full', areas: closed.map(({ area }) => area) };
  const { nowMs, by, cause } = turn;
  return { type: 'SeatsUnblocked', atMs: nowMs, by, cause, seats, areas };
}

function takenRefusal(turn: Turn, { seats, areas }: BlockSeats): Refusal | null {
  const taken = ascending(seats).filter((seat) => !isFree(turn, seat));
  if (taken.length > 0) return { code: 'seats_unavailable', seats: taken };
  return fullRefusal(turn, areas);
}

/** All overdue holds with places in areas that have too few: blocking is rare, so not minimal. */
function overdueHoldsIn(turn: Turn, areas: readonly AreaQuantity[]): readonly number[] {
  const { state } = turn;
  const short = areas.filter(({ area, quantity }) => areaFree(state, area) < quantity);
  return overdueHolds(turn).filter((slot) =>
    short.some(({ area }) => quantityIn(state.holds.areasOf(slot), area) > 0),
  );
}
