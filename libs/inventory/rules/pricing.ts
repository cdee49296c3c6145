import type { AreaQuantity } from '../commands.js';
import type { MinorUnits, SeatIndex } from '../ids.js';
import { categoryIn } from '../state/seat-places.js';
import type { InventoryState } from '../state/state.js';

/** Price of places at the rules of now, in minor units. */
export function priceOf(
  state: InventoryState,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): MinorUnits {
  const { layout, rules, placeOfSeat } = state;
  let total = 0;
  for (let i = 0; i < seats.length; i++) total += rules.prices[categoryIn(placeOfSeat[seats[i]])];
  for (let i = 0; i < areas.length; i++) {
    const { area, quantity } = areas[i];
    total += quantity * rules.prices[layout.areas[area].category];
  }
  return total as MinorUnits;
}

/**
 * Price of what is left of a hold, null when nothing is. The price of a hold is locked when it is
 * made; if the event's prices changed since, the locked total is shared out in proportion to the
 * prices of now.
 */
export function priceOfRest(
  locked: MinorUnits,
  whole: MinorUnits,
  rest: MinorUnits | null,
): MinorUnits {
  if (rest === null) return 0 as MinorUnits;
  if (locked === whole) return rest;
  if (whole === 0) return locked;
  return Math.round((locked * rest) / whole) as MinorUnits;
}
