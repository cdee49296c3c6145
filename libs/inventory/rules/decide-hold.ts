import { bestAvailable } from './best-available.js';
import type { AreaQuantity, Command, HoldSeats } from '../commands.js';
import type { SeatsHeld } from '../facts.js';
import type { SeatIndex, TimeMs } from '../ids.js';
import { fullRefusal, isFree, overdueHolds } from './moment.js';
import { hasUnpriced, isUnpricedArea, isUnpricedSeat } from './not-for-sale.js';
import { nearestBlock } from './nearest-block.js';
import { needOf, protectedRefusal, spacesRefusal } from './protected-seats.js';
import { levelWithRules } from '../codec/fact-kinds.js';
import { sumOf } from '../prices.js';
import { pricesBy } from '../state/prices.js';
import type { Refusal } from '../refusal-codes.js';
import { isCancelled, saleRefusal } from './decide-sale.js';
import { ascending, ascendingAreas, placesIn, quantityIn } from '../state/seat-lists.js';
import { areaFree, type InventoryState } from '../state/state.js';
import { movedCart, strandedBy } from './stranded.js';
import { expire, overdueHoldsOf, ownHold, type Turn, type Verdict } from './turn.js';
import { unknownPlaces } from './existence.js';

/** One atomic cart: named seats, area places and blocks of the engine's choice, all or nothing. */
export function holdSeats(turn: Turn, command: HoldSeats): Verdict {
  const { state, nowMs } = turn;
  const refusal =
    saleRefusal(turn) ??
    unknownPlaces(state.layout, command.seats, command.areas) ??
    holdIdRefusal(turn, command) ??
    takenRefusal(turn, command) ??
    (state.pool === null ? null : protectedRefusal(turn, command));
  if (refusal !== null) return refusal;

  const named = ascending(command.seats);
  const cart = command.best.length === 0 ? named : withBlocks(turn, command, named);
  if (cart === null) return { code: 'no_block_available' };

  const limit = buyerLimit(turn, command);
  const late =
    strandedRefusal(turn, named, cart) ??
    buyerRefusal(turn, cart, command.areas, limit) ??
    (state.pool === null ? null : spacesRefusal(turn, command, cart));
  if (late !== null) return late;

  const areas = ascendingAreas(command.areas);
  const prices = pricesBy(state, state.rules.prices, cart, areas);
  if (hasUnpriced(prices)) return unpricedRefusal(state, cart, areas);
  const totalMinor = sumOf(prices, placesIn(cart, areas));
  if (command.expectedTotal !== undefined && command.expectedTotal !== totalMinor) {
    return { code: 'price_changed', quote: { seats: cart, areas, prices, totalMinor } };
  }
  if (turn.anyOverdue) expire(turn, holdsInTheWay(turn, cart, command.areas, limit));
  const held: SeatsHeld = {
    type: 'SeatsHeld',
    atMs: nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    userId: turn.userId,
    seats: cart,
    areas,
    deadlineMs: (nowMs + state.rules.holdTtlMs) as TimeMs,
    totalMinor,
    // What will not be kept is not known to anybody (docs/decisions/0012).
    prices: turn.factLevel >= levelWithRules ? prices : null,
  };
  const saysNeed = command.wheelchairs !== undefined || command.best.length > 0;
  return saysNeed ? withNeed(turn, command, held) : held;
}

/** What the buyer said that is needed, where the fact can say it. */
function withNeed(turn: Turn, command: HoldSeats, held: SeatsHeld): SeatsHeld {
  const wheelchairs = needOf(command);
  if (wheelchairs === 0 || turn.factLevel < levelWithRules) return held;
  return { ...held, wheelchairs };
}

/**
 * With `byMs` the deadline moves by just that; without, to a fresh lifetime from now or as much of
 * it as holdTtlMsMax leaves. A deadline never moves back.
 */
export function extendHold(turn: Turn, command: Command & { type: 'ExtendHold' }): Verdict {
  if (isCancelled(turn)) return { code: 'event_cancelled' };
  const slot = ownHold(turn, command.holdId);
  if (typeof slot !== 'number') return slot;
  const { holds, rules } = turn.state;
  if (holds.attemptOf(slot) !== null) return { code: 'payment_in_progress' };
  const deadlineMs = holds.deadlineMs(slot);
  const latestMs = holds.madeAtMs(slot) + rules.holdTtlMsMax;
  const wantedMs =
    command.byMs === undefined
      ? Math.max(deadlineMs, Math.min(turn.nowMs + rules.holdTtlMs, latestMs))
      : deadlineMs + command.byMs;
  const nothingLeft = command.byMs === undefined && deadlineMs >= latestMs;
  if (wantedMs > latestMs || nothingLeft) {
    const left = Math.max(0, latestMs - deadlineMs);
    return { code: 'extension_limit', limit: rules.holdTtlMsMax, left };
  }
  return {
    type: 'HoldExtended',
    atMs: turn.nowMs,
    by: turn.by,
    cause: turn.cause,
    holdId: command.holdId,
    deadlineMs: wantedMs as TimeMs,
  };
}

/** Places that are not for sale and yet not blocked: no command can bring that about (NFS1). */
function unpricedRefusal(
  state: InventoryState,
  cart: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): Refusal {
  const seats = cart.filter((seat) => isUnpricedSeat(state, seat));
  if (seats.length > 0) return { code: 'seats_unavailable', seats };
  const closed = areas.filter(({ area }) => isUnpricedArea(state, area));
  return { code: 'area_full', areas: closed.map(({ area }) => area) };
}

function holdIdRefusal(turn: Turn, { holdId }: HoldSeats): Refusal | null {
  const { holds, endedHolds } = turn.state;
  const known = holds.find(holdId) !== 0 || endedHolds.has(holdId);
  return known ? { code: 'hold_id_taken' } : null;
}

/** Which of them are not there to be had, with what could be instead. */
function takenRefusal(turn: Turn, command: HoldSeats): Refusal | null {
  const { seats, areas } = command;
  for (let i = 0; i < seats.length; i++) {
    if (!isFree(turn, seats[i])) return seatsUnavailable(turn, command);
  }
  return fullRefusal(turn, areas);
}

function seatsUnavailable(turn: Turn, command: HoldSeats): Refusal {
  const wanted = ascending(command.seats);
  const conflicts = wanted.filter((seat) => !isFree(turn, seat));
  const alternative = alternativeTo(turn, command, wanted);
  return {
    code: 'seats_unavailable',
    seats: conflicts,
    ...(alternative === null ? {} : { alternative }),
  };
}

/** What the buyer would be refused is no alternative. */
function alternativeTo(
  turn: Turn,
  command: HoldSeats,
  wanted: readonly SeatIndex[],
): readonly SeatIndex[] | null {
  const block = nearestBlock(turn, wanted);
  if (block === null || turn.state.pool === null) return block;
  return protectedRefusal(turn, { ...command, seats: block }) === null ? block : null;
}

/** The cart with the blocks that the engine chooses; null when one of them does not exist. */
function withBlocks(
  turn: Turn,
  command: HoldSeats,
  named: readonly SeatIndex[],
): readonly SeatIndex[] | null {
  let cart = named;
  for (const request of command.best) {
    const block = bestAvailable(turn, request, cart);
    if (block === null) return null;
    cart = cart.length === 0 ? block : [...cart, ...block].sort((a, b) => a - b);
  }
  return cart;
}

/** Blocks were chosen with this rule in mind; only seats the buyer picked himself are judged. */
function strandedRefusal(
  turn: Turn,
  named: readonly SeatIndex[],
  cart: readonly SeatIndex[],
): Refusal | null {
  if (turn.state.rules.strandedSingles === 'allow' || named.length === 0) return null;
  const stranding = strandedBy(turn, named, cart);
  if (stranding === null) return null;
  const refusal = { code: 'stranded_single' as const, seats: stranding.singles };
  if (cart.length !== named.length) return refusal;
  return { ...refusal, alternative: movedCart(named, stranding.runs) };
}

/** Held and booked together, so that an admission is one budget and not one for each hold. */
function buyerLimit({ state }: Turn, { partyMax }: HoldSeats): number {
  const { placesPerBuyerMax } = state.rules;
  return partyMax === undefined ? placesPerBuyerMax : Math.min(partyMax, placesPerBuyerMax);
}

export function buyerRefusal(
  turn: Turn,
  cart: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  limit = turn.state.rules.placesPerBuyerMax,
): Refusal | null {
  const wanted = placesIn(cart, areas);
  const live = turn.state.placesOfBuyer.of(turn.userId);
  if (live + wanted <= limit) return null;
  const overdue = placesOf(turn, ownOverdueHolds(turn));
  const left = Math.max(0, limit - live + overdue);
  return wanted <= left ? null : { code: 'buyer_limit', limit, left };
}

/** Overdue holds that count as free for this cart and so must end before it begins. */
export function holdsInTheWay(
  turn: Turn,
  cart: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  limit = turn.state.rules.placesPerBuyerMax,
): readonly number[] {
  const { state } = turn;
  const slots = new Set(overdueHoldsOf(turn, cart));
  const live = state.placesOfBuyer.of(turn.userId);
  if (live + placesIn(cart, areas) > limit) {
    for (const slot of ownOverdueHolds(turn)) slots.add(slot);
  }
  for (const { area, quantity } of areas) {
    let free = areaFree(state, area);
    for (const slot of slots) free += quantityIn(state.holds.areasOf(slot), area);
    for (const slot of overdueHolds(turn)) {
      if (free >= quantity) break;
      const freed = quantityIn(state.holds.areasOf(slot), area);
      if (freed === 0 || slots.has(slot)) continue;
      slots.add(slot);
      free += freed;
    }
  }
  return [...slots];
}

function ownOverdueHolds(turn: Turn): readonly number[] {
  const { holds, placesOfBuyer } = turn.state;
  const buyer = placesOfBuyer.find(turn.userId);
  return overdueHolds(turn).filter((slot) => holds.buyerOf(slot) === buyer);
}

function placesOf(turn: Turn, slots: readonly number[]): number {
  const { holds } = turn.state;
  return slots.reduce((sum, slot) => sum + placesIn(holds.seatsOf(slot), holds.areasOf(slot)), 0);
}
