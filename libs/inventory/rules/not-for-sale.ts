import type { AreaQuantity } from '../commands.js';
import type { SeatsBlocked } from '../facts.js';
import type { AreaIndex, SeatIndex, TimeMs } from '../ids.js';
import { isForSale } from '../layout.js';
import type { KnownPrices } from '../prices.js';
import { bySystem } from '../by.js';
import { areaFree, type InventoryState } from '../state/state.js';

/**
 * Places without a price: on the map as blocked, and in nobody's cart. They are blocked by the
 * event's very first facts, so that whoever reads its journal sees them as they are.
 *
 * NFS1  A place without a price is never held, and cannot be unblocked.
 */
const reason = 'not for sale';
/** Seats of one fact; all facts of them are one decision. */
const seatsPerFact = 8_192;

interface Unpriced {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

/** An event that nothing has happened to is looked through once. */
const found = new WeakMap<InventoryState, Unpriced | null>();

/** Null: nothing is left to block, as for every event that something has happened to. */
export function toBlockAtFirst(state: InventoryState): Unpriced | null {
  if (state.version !== 0) return null;
  let unpriced = found.get(state);
  if (unpriced === undefined) {
    unpriced = unpricedOf(state);
    found.set(state, unpriced);
  }
  return unpriced;
}

export function blockedAtFirst(state: InventoryState, atMs: TimeMs): SeatsBlocked[] {
  const unpriced = toBlockAtFirst(state);
  if (unpriced === null) return [];
  const { seats, areas } = unpriced;
  const facts: SeatsBlocked[] = [];
  for (let at = 0; at === 0 || at < seats.length; at += seatsPerFact) {
    const some = seats.slice(at, at + seatsPerFact);
    const fact = { type: 'SeatsBlocked' as const, atMs, by: bySystem, reason };
    facts.push({ ...fact, seats: some, areas: at === 0 ? areas : [] });
  }
  return facts;
}

/** Prices of a cart: is one of its places without? */
export const hasUnpriced = (prices: KnownPrices): boolean =>
  typeof prices === 'number'
    ? !isForSale(prices)
    : prices.some(({ priceMinor }) => !isForSale(priceMinor));

export function isUnpricedSeat({ layout, rules }: InventoryState, seat: number): boolean {
  return !isForSale(rules.prices[layout.categoryOfSeat[seat]]);
}

export function isUnpricedArea({ layout, rules }: InventoryState, area: AreaIndex): boolean {
  return !isForSale(rules.prices[layout.areas[area].category]);
}

function unpricedOf(state: InventoryState): Unpriced | null {
  const { layout, rules } = state;
  if (rules.prices.every(isForSale)) return null;
  const seats: SeatIndex[] = [];
  for (let seat = 0; seat < layout.seatCount; seat++) {
    if (isUnpricedSeat(state, seat)) seats.push(seat as SeatIndex);
  }
  const areas = layout.areas.flatMap((_, index): AreaQuantity[] => {
    const area = index as AreaIndex;
    const quantity = areaFree(state, area);
    return quantity > 0 && isUnpricedArea(state, area) ? [{ area, quantity }] : [];
  });
  return seats.length + areas.length === 0 ? null : { seats, areas };
}
