import type { AreaQuantity } from '../commands.js';
import type { SeatIndex } from '../ids.js';

/**
 * Seat lists of facts, holds and bookings are ascending without repeats; area lists are ascending
 * by area without repeats and without zeros. Both are never changed in place.
 */

export function isAscending(seats: readonly SeatIndex[]): boolean {
  for (let i = 1; i < seats.length; i++) if (seats[i - 1] >= seats[i]) return false;
  return true;
}

/** The list itself when it is in order already. */
export function ascending(seats: readonly SeatIndex[]): readonly SeatIndex[] {
  return isAscending(seats) ? seats : [...seats].sort((a, b) => a - b);
}

export function ascendingAreas(areas: readonly AreaQuantity[]): readonly AreaQuantity[] {
  if (areas.length === 0) return noAreas;
  const plain = areas.map(({ area, quantity }) => ({ area, quantity }));
  return plain.sort((a, b) => a.area - b.area);
}

/**
 * `for...of` over a frozen array runs outside compiled code: what every hold walks through (prices,
 * counts, areas) is walked by index, which made a hold a tenth cheaper.
 */
export const noSeats: readonly SeatIndex[] = Object.freeze([]);
export const noAreas: readonly AreaQuantity[] = Object.freeze([]);

/** Seats that occur more than once, each once, ascending. */
export function repeatedSeats(seats: readonly SeatIndex[]): readonly SeatIndex[] {
  const sorted = ascending(seats);
  const repeated = new Set<SeatIndex>();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i - 1] === sorted[i]) repeated.add(sorted[i]);
  }
  return [...repeated];
}

/** What is left of `seats` without `gone`; both ascending. */
export function withoutSeats(
  seats: readonly SeatIndex[],
  gone: readonly SeatIndex[],
): readonly SeatIndex[] {
  if (gone.length === 0) return seats;
  let at = 0;
  return seats.filter((seat) => {
    while (at < gone.length && gone[at] < seat) at++;
    return gone[at] !== seat;
  });
}

/** What is left of `areas` without `gone`. */
export function withoutAreas(
  areas: readonly AreaQuantity[],
  gone: readonly AreaQuantity[],
): readonly AreaQuantity[] {
  if (gone.length === 0) return areas;
  return areas
    .map(({ area, quantity }) => ({ area, quantity: quantity - quantityIn(gone, area) }))
    .filter(({ quantity }) => quantity > 0);
}

export function quantityIn(areas: readonly AreaQuantity[], area: number): number {
  for (const part of areas) if (part.area === area) return part.quantity;
  return 0;
}

/** Seats and area places together. */
export function placesIn(seats: readonly SeatIndex[], areas: readonly AreaQuantity[]): number {
  let places = seats.length;
  for (let i = 0; i < areas.length; i++) places += areas[i].quantity;
  return places;
}
