import type { ErrorExtras, PriceLine } from '#libs/contracts/errors.js';
import type { Quote } from '#libs/inventory/refusal-codes.js';

import type { EventEntry } from '../../events/event-book.js';

/** A cart and its prices in the words of the API: a line for each price of seats, and each area. */
export function quoteExtras(
  { detail, layout }: EventEntry,
  quote: Quote,
): Pick<ErrorExtras, 'lines' | 'total' | 'currency'> {
  const prices = eachPrice(quote);
  const seats = new Map<number, number[]>();
  for (const [i, seat] of quote.seats.entries()) {
    const same = seats.get(prices[i]) ?? [];
    seats.set(prices[i], [...same, seat]);
  }
  const lines: PriceLine[] = [...seats].map(([price, indexes]) => ({
    seat_ids: indexes.map((seat) => layout.seats.ids[seat]),
    seat_labels: indexes.map((seat) => layout.labels.of(seat)),
    price,
  }));
  let at = quote.seats.length;
  for (const { area, quantity } of quote.areas) {
    lines.push({ area: layout.layout.areas[area].name, quantity, price: prices[at] });
    at += quantity;
  }
  return { lines, total: quote.totalMinor, currency: detail.currency };
}

/** Place by place: the seats, then the areas. */
function eachPrice({ seats, areas, prices }: Quote): number[] {
  const places = areas.reduce((sum, { quantity }) => sum + quantity, seats.length);
  if (typeof prices === 'number') return Array<number>(places).fill(prices);
  return prices.flatMap(({ count, priceMinor }) => Array<number>(count).fill(priceMinor));
}
