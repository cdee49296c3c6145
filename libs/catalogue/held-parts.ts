import { added, noParts, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { InventoryLayout } from '#libs/inventory/layout.js';
import type { EventDetail } from './catalogue.js';
import type { EventFees } from './fees.js';

/** What somebody holds, as an owner says it. */
interface Held {
  readonly seats: readonly number[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: number;
}

/** A price, and how many places cost it. */
export type Priced = readonly (readonly [priceMinor: number, places: number])[];

/**
 * What a hold's total contains; null: it cannot be told from the prices that are known here. What
 * an owner says of a hold is its total alone. Places of one category cost the same, since one turn
 * priced them; others are at the prices of now if these add up to the total.
 */
export function heldParts(
  { fees, rules }: Pick<EventDetail, 'fees' | 'rules'>,
  layout: Pick<InventoryLayout, 'categoryOfSeat' | 'areas'>,
  { seats, areas, totalMinor }: Held,
): PriceParts | null {
  const places = new Map<number, number>();
  const count = (category: number, more: number): unknown =>
    places.set(category, (places.get(category) ?? 0) + more);
  for (const seat of seats) count(layout.categoryOfSeat[seat], 1);
  for (const { area, quantity } of areas) count(layout.areas[area].category, quantity);
  if (places.size === 1) {
    const [number] = places.values();
    const price = totalMinor / number;
    const isKnown = fees.parts.has(price) || (rules.prices as readonly number[]).includes(price);
    return isKnown ? partsOf(fees.parts, [[price, number]]) : null;
  }
  const priced = [...places].map(([category, n]) => [rules.prices[category] as number, n] as const);
  const total = priced.reduce((sum, [price, n]) => sum + price * n, 0);
  return total === totalMinor ? partsOf(fees.parts, priced) : null;
}

/** Of places at these prices. */
export const partsOf = (parts: EventFees['parts'], priced: Priced): PriceParts =>
  priced.reduce((sum, [price, n]) => added(sum, parts.get(price) ?? noParts, n), noParts);
