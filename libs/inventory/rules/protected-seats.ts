import type { HoldSeats } from '../commands.js';
import type { SeatIndex, UserId } from '../ids.js';
import { SEAT_FLAG_COMPANION, SEAT_FLAG_WHEELCHAIR } from '../layout.js';
import { levelWithRules } from '../codec/fact-kinds.js';
import { isOverdue, joinsNext } from './moment.js';
import { PoolRelease } from './pool-release.js';
import { isRoundRow } from './round-table.js';
import type { Refusal } from '../refusal-codes.js';
import { ascending } from '../state/seat-lists.js';
import { poolFlags } from '../state/seat-pool.js';
import { SeatStatus } from '../state/state.js';
import type { Turn } from './turn.js';

/**
 * Wheelchair spaces and companion seats by name: a pool that is kept for those who say that they
 * need it. What the engine chooses by itself is best-available.ts's.
 *
 * KS1  Before its release a wheelchair space is held only for somebody in a wheelchair, and a
 *      companion seat only together with such a space: up to three go with each.
 * KS2  The need is the buyer's own word. It is in the fact, and bounded: his live spaces are never
 *      more than the event's limit. Nobody looks whether it is true.
 * KS3  From the fact level on at which the word can be written down; below it releases are mixed,
 *      and the one before knows no pool.
 *
 * A companion sits beside the space: every seat between them is the buyer's too, or it is one
 * table. In a row without any space, as behind the spaces, he sits in the section of one.
 */
const companionsPerSpace = 3;

/** How many of the whole cart need a wheelchair space, by the buyer's word. */
export function needOf({ wheelchairs, best }: HoldSeats): number {
  let need = wheelchairs ?? 0;
  for (let i = 0; i < best.length; i++) need += best[i].wheelchairs ?? 0;
  return need;
}

export function protectedRefusal(
  turn: Turn,
  { seats, wheelchairs }: Pick<HoldSeats, 'seats' | 'wheelchairs'>,
): Refusal | null {
  const { flagsOfSeat } = turn.state.layout;
  let flags = 0;
  for (let i = 0; i < seats.length; i++) flags |= flagsOfSeat[seats[i]];
  if ((flags & poolFlags) === 0 || turn.factLevel < levelWithRules) return null;
  const kept = keptFrom(turn, ascending(seats), wheelchairs ?? 0);
  return kept.length === 0 ? null : { code: 'accessible_seats_protected', seats: kept };
}

/** A buyer's live spaces are bounded where he says that they are needed. */
export function spacesRefusal(
  turn: Turn,
  command: HoldSeats,
  cart: readonly SeatIndex[],
): Refusal | null {
  const need = needOf(command);
  if (turn.factLevel < levelWithRules || need === 0) return null;
  const { flagsOfSeat } = turn.state.layout;
  const spaces = cart.filter((seat) => (flagsOfSeat[seat] & SEAT_FLAG_WHEELCHAIR) !== 0).length;
  // A second space beside his own is company's, for want of another seat there.
  const wanted = Math.min(spaces, need);
  const limit = turn.state.rules.wheelchairsPerBuyerMax;
  const left = Math.max(0, limit - spacesOf(turn, turn.userId));
  return wanted <= left ? null : { code: 'accessible_limit', limit, left };
}

/** Which of these seats, ascending, are kept from a party with so many wheelchairs. */
function keptFrom(turn: Turn, seats: readonly SeatIndex[], wheelchairs: number): SeatIndex[] {
  const { flagsOfSeat } = turn.state.layout;
  const release = PoolRelease.at(turn);
  const having = (flag: number): SeatIndex[] =>
    seats.filter((seat) => (flagsOfSeat[seat] & flag) !== 0 && release?.has(seat) !== true);
  const spaces = having(SEAT_FLAG_WHEELCHAIR);
  const companions = having(SEAT_FLAG_COMPANION).filter((seat) => !spaces.includes(seat));
  if (wheelchairs === 0) return [...spaces, ...companions].sort((a, b) => a - b);
  const kept = [...spaces.slice(wheelchairs), ...strangersAmong(turn, seats, companions)];
  return kept.sort((a, b) => a - b);
}

/** Companion seats that go with no wheelchair space of the cart. */
function strangersAmong(
  turn: Turn,
  cart: readonly SeatIndex[],
  companions: readonly SeatIndex[],
): SeatIndex[] {
  const { layout, pool } = turn.state;
  const { flagsOfSeat, rowOfSeat, sectionOfRow } = layout;
  const sectionOf = (seat: number): number => sectionOfRow[rowOfSeat[seat]];
  const room = new Map<number, number>();
  const left: SeatIndex[] = [];
  for (const party of partiesIn(turn, cart)) {
    const spaces = party.filter((seat) => (flagsOfSeat[seat] & SEAT_FLAG_WHEELCHAIR) !== 0).length;
    const own = party.filter((seat) => companions.includes(seat));
    const places = spaces * companionsPerSpace;
    left.push(...own.slice(places));
    const section = sectionOf(party[0]);
    room.set(section, (room.get(section) ?? 0) + Math.max(0, places - own.length));
  }
  return left.filter((seat) => {
    const more = room.get(sectionOf(seat)) ?? 0;
    if (more === 0 || pool?.spaceInRow[rowOfSeat[seat]] === 1) return true;
    room.set(sectionOf(seat), more - 1);
    return false;
  });
}

/** The cart as it sits together: beside each other in a line, or at one round table. */
function partiesIn(turn: Turn, cart: readonly SeatIndex[]): SeatIndex[][] {
  const { layout } = turn.state;
  const parties: SeatIndex[][] = [];
  for (const seat of cart) {
    const party = parties.at(-1);
    const last = party?.at(-1);
    const row = layout.rowOfSeat[seat];
    const together =
      last !== undefined &&
      layout.rowOfSeat[last] === row &&
      (isRoundRow(layout, row) || (last === seat - 1 && joinsNext(turn, last)));
    if (together) party?.push(seat);
    else parties.push([seat]);
  }
  return parties;
}

/** Live wheelchair spaces of a buyer; a hold past its deadline has none. */
function spacesOf(turn: Turn, userId: UserId): number {
  const { holds, bookings, placesOfBuyer, statusOfSeat, holdOfSeat, pool, layout } = turn.state;
  const buyer = placesOfBuyer.find(userId);
  if (buyer === 0 || pool === null) return 0;
  let count = 0;
  let booked = 0;
  for (const seat of pool.spaces) {
    if (statusOfSeat[seat] === SeatStatus.booked) booked += 1;
    if (statusOfSeat[seat] !== SeatStatus.held) continue;
    const slot = holdOfSeat[seat];
    if (holds.buyerOf(slot) === buyer && !isOverdue(turn, slot)) count += 1;
  }
  if (booked === 0) return count;
  for (let slot = bookings.laterThan(0); slot !== 0; slot = bookings.laterThan(slot)) {
    if (bookings.buyerOf(slot) !== buyer) continue;
    for (const seat of bookings.seatsOf(slot)) {
      if ((layout.flagsOfSeat[seat] & SEAT_FLAG_WHEELCHAIR) !== 0) count += 1;
    }
  }
  return count;
}
