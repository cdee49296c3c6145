import type { Pool } from 'pg';

import { announceParts } from '#libs/catalogue/event-fees.js';
import { noTerms } from '#libs/catalogue/fees.js';
import type { PriceParts } from '#libs/contracts/money/price-parts.js';

import { showId } from './fake-catalogue.js';

/** The row of the event of fakeCatalogue with its rule for buyers who cancel; null: they cannot. */
export async function allowCancelling(
  pool: Pool,
  rule: { readonly inMs: number; readonly feeMinor: number; readonly keepsFee?: true } | null,
): Promise<void> {
  await pool.query(`
    INSERT INTO venue (name, city, name_key, city_key) VALUES ('House', 'Leeds', 'house', 'leeds')
    ON CONFLICT DO NOTHING`);
  await pool.query(`
    INSERT INTO seating_plan (hash, name, seat_count, categories, areas, compiled, document)
    VALUES ('f', 'House', 0, '{}', '[]', '', '') ON CONFLICT DO NOTHING`);
  await pool.query(
    `INSERT INTO event (event_id, name, description, venue_id, performers, starts_at, plan_hash,
       currency, currency_digits, price_min_minor, price_max_minor, rules, search)
     SELECT $1, 'Show', '', venue_id, '{}', '2030-01-01', 'f', 'EUR', 2, 0, 0, '{}', ''
     FROM venue ON CONFLICT DO NOTHING`,
    [showId],
  );
  await pool.query(
    `UPDATE event SET cancel_fee_minor = $2, cancel_keeps_fee = $4,
       cancel_until = clock_timestamp() + $3::float8 * interval '1 ms'
     WHERE event_id = $1`,
    [showId, rule?.feeMinor ?? null, rule?.inMs ?? null, rule?.keepsFee ?? false],
  );
}

/** What is in a price of that event. */
export async function sayParts(pool: Pool, priceMinor: number, parts: PriceParts): Promise<void> {
  await announceParts(pool, showId, { terms: noTerms, parts: new Map([[priceMinor, parts]]) }, []);
}
