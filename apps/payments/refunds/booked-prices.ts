import type { Pool } from 'pg';

import { readParts } from '#libs/catalogue/event-fees.js';
import type { EventFees } from '#libs/catalogue/fees.js';
import { decodeFacts } from '#libs/inventory/codec/fact-codec.js';
import type { SeatsHeld } from '#libs/inventory/facts.js';
import type { AreaIndex, EventId, HoldId, SeatIndex } from '#libs/inventory/ids.js';

/** What each place of a booking cost; null: that was not written down of this place. */
export interface BookedPrices {
  ofSeat(seat: SeatIndex): number | null;
  ofArea(area: AreaIndex): number | null;
  /** What is in them, by price. */
  readonly parts: EventFees['parts'];
}

/**
 * What the places of a booking cost when they were held, from the fact of the hold that it was:
 * never what they cost now. Ids are in the journal as they are, so the database finds the batch.
 */
export async function bookedPrices(
  pool: Pick<Pool, 'query'>,
  eventId: EventId,
  holdId: HoldId,
): Promise<BookedPrices> {
  const { rows } = await pool.query<{ facts: Uint8Array }>(
    `SELECT facts FROM journal WHERE event_id = $1 AND position($2::bytea IN facts) > 0
     ORDER BY batch_no LIMIT 1`,
    [eventId, Buffer.from(holdId, 'ascii')],
  );
  const facts = rows.length === 0 ? [] : decodeFacts(rows[0].facts);
  const held = facts.find((fact) => fact.type === 'SeatsHeld' && fact.holdId === holdId);
  const parts = await readParts(pool, eventId);
  return pricesOf(held?.type === 'SeatsHeld' ? held : null, parts);
}

/** null: nothing is known of any. */
export function pricesOf(
  held: Pick<SeatsHeld, 'prices' | 'seats' | 'areas'> | null,
  parts: EventFees['parts'] = new Map(),
): BookedPrices {
  const prices = held?.prices ?? null;
  // All cost the same, an equal block in their place included.
  if (typeof prices === 'number') return { ofSeat: () => prices, ofArea: () => prices, parts };
  if (held === null || prices === null) return { ofSeat: () => null, ofArea: () => null, parts };
  const each = prices.flatMap(({ count, priceMinor }) => Array<number>(count).fill(priceMinor));
  const seats = new Map(held.seats.map((seat, i) => [seat, each[i]]));
  const areas = new Map<AreaIndex, number>();
  let at = held.seats.length;
  for (const { area, quantity } of held.areas) {
    areas.set(area, each[at]);
    at += quantity;
  }
  return {
    ofSeat: (seat) => seats.get(seat) ?? null,
    ofArea: (area) => areas.get(area) ?? null,
    parts,
  };
}
