import type { BookLate } from '../commands.js';
import { buyerRefusal, holdsInTheWay } from './decide-hold.js';
import { bookHold } from './decide-payment.js';
import { saleRefusal } from './decide-sale.js';
import { unknownPlaces } from './existence.js';
import type { SeatIndex } from '../ids.js';
import { fullRefusal, isFree, isOverdue } from './moment.js';
import { nearestBlock } from './nearest-block.js';
import { protectedRefusal } from './protected-seats.js';
import type { Refusal } from '../refusal-codes.js';
import { sumOf } from '../prices.js';
import { hasUnpriced } from './not-for-sale.js';
import { pricesBy } from '../state/prices.js';
import { ascending, ascendingAreas, noSeats, placesIn } from '../state/seat-lists.js';
import { poolFlags } from '../state/seat-pool.js';
import { expire, type Turn, type Verdict } from './turn.js';

/**
 * The late-payment ladder: a buyer's money is there, authorised or captured, and his hold is not.
 * A refusal means that the money goes back; who sent the command sees to that (G5).
 *
 * LL1  What forbids it is asked first: the sale (over, closed, cancelled), a hold that did not end
 *      by time, a newer hold or booking of the same buyer, his limit, and seats that are kept for
 *      others. Nobody is sold twice what he wanted once.
 * LL2  Then the same places, if all of them are free: at what the hold cost, whatever that is now.
 * LL3  Else, only where the buyer agreed beforehand, as many seats together, the nearest, that cost
 *      the very same now. What was paid is what is sold: nothing is charged or given back in part.
 *      Ordinary seats of one category alone have such a block: others are not alike.
 * LL4  Else no.
 *
 * It comes after the hold in the journal, so whoever took the seats meanwhile keeps them (G1).
 * A buyer who held a wheelchair space by his word has said it of the hold that is gone: while the
 * spaces are kept, LL1 has the money go back.
 */
export function bookLate(turn: Turn, command: BookLate): Verdict {
  const { state } = turn;
  const { holds, bookings, placesOfBuyer } = state;
  const slot = holds.find(command.holdId);
  const live = slot !== 0 && !isOverdue(turn, slot);
  // It is there after all: what was late was the question.
  if (live && holds.buyerOf(slot) === placesOfBuyer.find(turn.userId))
    return bookHold(turn, command);
  if (bookings.has(command.bookingId)) return { code: 'invalid_command', field: 'bookingId' };
  const seats = ascending(command.seats);
  const areas = ascendingAreas(command.areas);
  const forbidden =
    saleRefusal(turn) ??
    unknownPlaces(state.layout, seats, areas) ??
    hasExpired(turn, command, slot) ??
    newerRefusal(turn, command) ??
    buyerRefusal(turn, seats, areas);
  if (forbidden !== null) return forbidden;
  const chosen = chosenSeats(turn, { ...command, seats, areas });
  if ('code' in chosen) return chosen;
  const overdue = slot === 0 ? [] : [slot];
  if (turn.anyOverdue) expire(turn, [...overdue, ...holdsInTheWay(turn, chosen, areas)]);
  return {
    type: 'SeatsBookedLate',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    bookingId: command.bookingId,
    attemptId: command.attemptId,
    userId: turn.userId,
    seats: chosen,
    areas,
    totalMinor: command.totalMinor,
    insteadOf: chosen === seats ? noSeats : seats,
  };
}

/** His own, and ended by time: what was given back, booked or forgotten is nothing to go by. */
function hasExpired(turn: Turn, { holdId }: BookLate, slot: number): Refusal | null {
  const { holds, endedHolds, placesOfBuyer } = turn.state;
  const ended = endedHolds.get(holdId);
  const own =
    slot === 0
      ? ended?.end === 'expired' && ended.userId === turn.userId
      : holds.buyerOf(slot) === placesOfBuyer.find(turn.userId);
  return own ? null : { code: 'hold_not_found' };
}

/** Whatever the buyer holds now, or has booked by a newer attempt, is taken for the same need. */
function newerRefusal(turn: Turn, { newer }: BookLate): Refusal | null {
  const { holds, bookings, placesOfBuyer } = turn.state;
  if (newer.some((bookingId) => bookings.has(bookingId))) return { code: 'superseded' };
  const buyer = placesOfBuyer.find(turn.userId);
  for (const slot of holds.inOrder()) {
    if (holds.buyerOf(slot) === buyer && !isOverdue(turn, slot)) return { code: 'superseded' };
  }
  return null;
}

/** The same seats, or those in their place; the areas are the same or there are none. */
function chosenSeats(turn: Turn, command: BookLate): readonly SeatIndex[] | Refusal {
  const { seats, areas } = command;
  const full = fullRefusal(turn, areas);
  if (full !== null) return full;
  const taken = seats.filter((seat) => !isFree(turn, seat));
  const chosen = taken.length === 0 ? seats : equalBlock(turn, command);
  if (chosen === null) return { code: 'seats_unavailable', seats: taken };
  const kept = turn.state.pool === null ? null : protectedRefusal(turn, { seats: chosen });
  return kept ?? chosen;
}

function equalBlock(turn: Turn, command: BookLate): readonly SeatIndex[] | null {
  const { seats, areas, alternative, totalMinor } = command;
  const block = alternative && areAlike(turn, seats) ? nearestBlock(turn, seats) : null;
  if (block === null) return null;
  const prices = pricesBy(turn.state, turn.state.rules.prices, block, areas);
  if (hasUnpriced(prices)) return null;
  return sumOf(prices, placesIn(block, areas)) === totalMinor ? block : null;
}

/** Of one category, and none of them a wheelchair space or beside one. */
function areAlike({ state }: Turn, seats: readonly SeatIndex[]): boolean {
  const { categoryOfSeat, flagsOfSeat } = state.layout;
  const category = categoryOfSeat[seats[0]];
  return seats.every(
    (seat) => categoryOfSeat[seat] === category && (flagsOfSeat[seat] & poolFlags) === 0,
  );
}
