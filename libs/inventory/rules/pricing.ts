import type { AreaQuantity } from '../commands.js';
import type { MinorUnits, SeatIndex } from '../ids.js';
import { sumOf } from '../prices.js';
import { pricesBy, pricesOfRest } from '../state/prices.js';
import { placesIn } from '../state/seat-lists.js';
import type { InventoryState } from '../state/state.js';

export interface Places {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

/**
 * What is left of a hold costs what it cost (LKP1). `rest`: not empty, the hold without `gone`.
 *
 * Of a hold that was made before prices were written down only the total is known. Rules have not
 * changed since, or evolve would have kept its prices then: so it is what the places cost now,
 * unless somebody changed the catalogue by hand. Then it is shared out in proportion.
 */
export function priceOfRest(
  state: InventoryState,
  slot: number,
  gone: Places,
  rest: Places,
): MinorUnits {
  const { holds } = state;
  const [seats, areas] = [holds.seatsOf(slot), holds.areasOf(slot)];
  const locked = holds.pricesOf(slot);
  if (locked !== null) {
    const left = pricesOfRest(locked, seats, areas, gone.seats, gone.areas);
    return sumOf(left, placesIn(rest.seats, rest.areas));
  }
  const total = holds.totalMinor(slot);
  const whole = priceNow(state, { seats, areas });
  const part = priceNow(state, rest);
  if (total === whole) return part;
  return whole === 0 ? total : (Math.round((total * part) / whole) as MinorUnits);
}

function priceNow(state: InventoryState, { seats, areas }: Places): MinorUnits {
  const prices = pricesBy(state, state.rules.prices, seats, areas);
  return sumOf(prices, placesIn(seats, areas));
}
