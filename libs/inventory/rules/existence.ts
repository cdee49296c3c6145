import type { AreaQuantity } from '../commands.js';
import type { AreaIndex, SeatIndex } from '../ids.js';
import type { InventoryLayout } from '../layout.js';
import type { Refusal } from '../refusal-codes.js';

/** `unknown_seat` or `unknown_area` for places that the plan does not have. */
export function unknownPlaces(
  layout: InventoryLayout,
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
): Refusal | null {
  for (let i = 0; i < seats.length; i++) {
    if (seats[i] >= layout.seatCount) {
      const unknown = seats.filter((seat) => seat >= layout.seatCount);
      return { code: 'unknown_seat', seats: unknown };
    }
  }
  if (areas.length === 0) return null;
  return unknownAreas(
    layout,
    areas.map(({ area }) => area),
  );
}

export function unknownAreas(layout: InventoryLayout, areas: readonly AreaIndex[]): Refusal | null {
  const unknown = areas.filter((area) => area >= layout.areas.length);
  return unknown.length === 0 ? null : { code: 'unknown_area', areas: unknown };
}
