import type { AreaQuantity } from '../commands.js';
import type { MinorUnits, SeatIndex } from '../ids.js';
import type { KnownPrices, PriceRun } from '../prices.js';
import { placesIn, quantityIn } from './seat-lists.js';
import { categoryIn } from './seat-places.js';
import type { InventoryState } from './state.js';

/**
 * What places cost, place by place: the seats first, ascending, then the areas. Nearly every hold
 * is of one price, which is then one number and no list.
 *
 * LKP1  A price that was locked is never worked out again: what is left of a hold costs what it
 *       cost.
 */

/** By a list of prices, one a category. */
export function pricesBy(
  { layout, placeOfSeat }: Pick<InventoryState, 'layout' | 'placeOfSeat'>,
  list: readonly MinorUnits[],
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): KnownPrices {
  const first =
    seats.length > 0
      ? list[categoryIn(placeOfSeat[seats[0]])]
      : list[layout.areas[areas[0].area].category];
  let same = true;
  for (let i = 1; i < seats.length; i++) {
    if (list[categoryIn(placeOfSeat[seats[i]])] !== first) same = false;
  }
  for (let i = 0; i < areas.length; i++) {
    if (list[layout.areas[areas[i].area].category] !== first) same = false;
  }
  if (same) return first;
  const runs: PriceRun[] = [];
  for (const seat of seats) addRun(runs, 1, list[categoryIn(placeOfSeat[seat])]);
  for (const { area, quantity } of areas) {
    addRun(runs, quantity, list[layout.areas[area].category]);
  }
  return runs;
}

/** Of a hold whose prices nobody wrote down: known all the same where its places are of a kind. */
export function pricesOfKind(
  state: InventoryState,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  totalMinor: MinorUnits,
): MinorUnits | null {
  const places = placesIn(seats, areas);
  if (places === 0 || totalMinor % places !== 0) return null;
  return areOfOneKind(state, seats, areas) ? ((totalMinor / places) as MinorUnits) : null;
}

function areOfOneKind(
  { layout, placeOfSeat }: InventoryState,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): boolean {
  const first =
    seats.length > 0 ? categoryIn(placeOfSeat[seats[0]]) : layout.areas[areas[0].area].category;
  for (let i = 1; i < seats.length; i++) {
    if (categoryIn(placeOfSeat[seats[i]]) !== first) return false;
  }
  return areas.every(({ area }) => layout.areas[area].category === first);
}

/** Of what is left of a hold without `goneSeats` and `goneAreas`, which are part of it (LKP1). */
export function pricesOfRest(
  prices: KnownPrices,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  goneSeats: readonly SeatIndex[],
  goneAreas: readonly AreaQuantity[],
): KnownPrices {
  if (typeof prices === 'number') return prices;
  const rest: PriceRun[] = [];
  const next = new RunReader(prices);
  let gone = 0;
  for (const seat of seats) {
    const priceMinor = next.price(1);
    if (goneSeats[gone] === seat) gone += 1;
    else addRun(rest, 1, priceMinor);
  }
  for (const { area, quantity } of areas) {
    const left = quantity - quantityIn(goneAreas, area);
    const priceMinor = next.price(quantity);
    if (left > 0) addRun(rest, left, priceMinor);
  }
  return rest.length === 1 ? rest[0].priceMinor : rest;
}

/** Walks over runs; the places of one area cost the same. */
export class RunReader {
  private run = 0;
  private used = 0;

  constructor(private readonly runs: readonly PriceRun[]) {}

  /** The price of the next places, and past them. */
  price(places: number): MinorUnits {
    const { priceMinor } = this.runs[this.run];
    this.used += places;
    while (this.run < this.runs.length && this.used >= this.runs[this.run].count) {
      this.used -= this.runs[this.run].count;
      this.run += 1;
    }
    return priceMinor;
  }
}

function addRun(runs: PriceRun[], count: number, priceMinor: MinorUnits): void {
  const last = runs.at(-1);
  const goesOn = last !== undefined && last.priceMinor === priceMinor;
  if (goesOn) runs[runs.length - 1] = { count: last.count + count, priceMinor };
  else runs.push({ count, priceMinor });
}
