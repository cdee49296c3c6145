import type { Pool, PoolClient } from 'pg';
import { rescaled } from '#libs/contracts/money/amounts.js';
import { digitsOfBefore } from '#libs/contracts/money/digits-of-before.js';
import { levelWithRules } from '#libs/inventory/codec/fact-kinds.js';
import { isForSale, type SaleRules } from '#libs/inventory/layout.js';
import { pricesOfRow, wholeRules, type StoredRules } from './event-rows.js';
import { planDifferences } from './plan-differences.js';
import type { PreparedEvent } from './prepare-event.js';
import { insertSearchWords } from './search/index-events.js';
import { keyOf, searchVersion } from './search/plain-words.js';
import { searchVector } from './search/search-terms.js';

/**
 * Writes a prepared event in one transaction: plan, venue, event, words, ownership row. The event
 * is there with everything, or not at all.
 *
 * I1  An event's plan and rules never change once it is there: holds and bookings mean seat
 *     indexes and prices of that plan (G1, G9). `update` changes what is only shown.
 * I2  The ownership row starts at epoch 0 without an owner; its wake time is when the sale opens,
 *     so that a sale starts without any visitor.
 * I3  Amounts are never reinterpreted: an event keeps the decimals that its prices were stored
 *     with. Where an older release did not say them, the file that is imported once more does.
 */
export type ImportResult =
  | { readonly kind: 'imported' }
  | { readonly kind: 'updated' }
  /** The id is taken, and `update` was not asked for. */
  | { readonly kind: 'exists' }
  /** Places without a price are for shards of this release alone: the upgrade is not finalized. */
  | { readonly kind: 'not_finalized' }
  /** What an update may not change, e.g. `prices`. Nothing was written. */
  | { readonly kind: 'fixed'; readonly fields: readonly string[] };

export interface ImportOptions {
  /** Change the names, performers, texts and start of an event that is already there. */
  readonly update?: boolean;
}

export async function importEvent(
  pool: Pool,
  event: PreparedEvent,
  { update = false }: ImportOptions = {},
): Promise<ImportResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await write(client, event, update);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be in any state: it is thrown away, which also rolls back.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** True when nothing was ever imported: the demo catalogue goes only into such a database. */
export async function isCatalogueEmpty(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM event) AS empty',
  );
  return rows[0].empty;
}

interface StoredEvent {
  readonly plan_hash: string;
  readonly currency_digits: number | null;
  readonly rules: SaleRules;
}

/** What Node may have said where it moved. */
const possibleDigits: readonly number[] = [0, 2];

async function write(
  client: PoolClient,
  event: PreparedEvent,
  update: boolean,
): Promise<ImportResult> {
  const stored = await client.query<Omit<StoredEvent, 'rules'> & { rules: StoredRules }>(
    'SELECT plan_hash, currency_digits, rules FROM event WHERE event_id = $1 FOR UPDATE',
    [event.eventId],
  );
  if (stored.rows.length > 0) {
    const [{ rules, ...row }] = stored.rows;
    if (!update) return { kind: 'exists' };
    return updateShown(client, event, { ...row, rules: wholeRules(rules) });
  }
  if (event.hasNotForSale && !(await knowsNotForSale(client))) return { kind: 'not_finalized' };
  await insertPlan(client, event);
  const venueId = await upsertVenue(client, event);
  const inserted = await client.query(insertEvent, [
    ...shownValues(event, venueId),
    event.plan.hash,
    event.rules.currency,
    event.currencyDigits,
    event.priceMinMinor,
    event.priceMaxMinor,
    JSON.stringify(event.rules),
    timestamp(event.rules.opensAtMs),
  ]);
  // Somebody else imported the same id since the look above.
  if (inserted.rowCount === 0) return { kind: 'exists' };
  await insertSearchWords(client, event);
  await client.query('INSERT INTO ownership (event_id, epoch, wake_at) VALUES ($1, 0, $2)', [
    event.eventId,
    timestamp(event.rules.opensAtMs),
  ]);
  return { kind: 'imported' };
}

/** A shard that would sell what has no price is not alive, nor will one start (decision 0012). */
async function knowsNotForSale(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ level: number }>('SELECT level FROM fact_format');
  return rows[0].level >= levelWithRules;
}

async function updateShown(
  client: PoolClient,
  event: PreparedEvent,
  stored: StoredEvent,
): Promise<ImportResult> {
  const digits = digitsOfStored(event, stored);
  const fields = [
    ...(await planFields(client, event, stored.plan_hash)),
    ...fixedFields(event, stored.rules, digits),
  ];
  if (fields.length > 0) return { kind: 'fixed', fields };
  const venueId = await upsertVenue(client, event);
  await client.query(updateEvent, shownValues(event, venueId));
  const prices = pricesOfRow(stored.rules.prices, stored.currency_digits);
  await client.query(settleDigits, [event.eventId, digits, JSON.stringify(prices)]);
  await insertSearchWords(client, event);
  return { kind: 'updated' };
}

/** The event keeps its plan; one with another hash may still say the same (planDifferences). */
async function planFields(
  client: PoolClient,
  { plan }: PreparedEvent,
  planHash: string,
): Promise<string[]> {
  if (plan.hash === planHash) return [];
  const { rows } = await client.query<{ document: Buffer }>(
    'SELECT document FROM seating_plan WHERE hash = $1',
    [planHash],
  );
  return planDifferences(rows[0].document, plan);
}

/**
 * `on_sale` is not compared: "now" means another time at every import. Neither is what the file
 * does not say: the default may have been another one when the event came. Both stay as they were.
 */
function fixedFields(event: PreparedEvent, rules: SaleRules, digits: number | null): string[] {
  const names: Readonly<Record<Exclude<keyof SaleRules, 'opensAtMs'>, string>> = {
    prices: 'prices',
    currency: 'currency',
    holdTtlMs: 'hold_minutes',
    holdTtlMsMax: 'hold_minutes_max',
    paymentTtlMs: 'payment_minutes',
    placesPerHoldMax: 'places_per_hold',
    placesPerBuyerMax: 'buyer_limit',
    strandedSingles: 'stranded_singles',
    endsAtMs: 'sale_ends_at',
    buyers: 'buyers',
  };
  const keys = Object.keys(names) as (keyof typeof names)[];
  const said = keys.filter((key) => !event.unsaid.includes(key));
  const changed = said.filter((key) =>
    key === 'prices' ? digits === null : String(event.rules[key]) !== String(rules[key]),
  );
  return changed.map((key) => names[key]);
}

/** Decimals under which the stored prices are those of the file; null: they are other prices. */
function digitsOfStored(event: PreparedEvent, stored: StoredEvent): number | null {
  const { prices } = event.rules;
  const { rules } = stored;
  const known = stored.currency_digits ?? digitsOfBefore(rules.currency);
  const before = pricesOfRow(rules.prices, stored.currency_digits);
  const sameUnder = (digits: number): boolean =>
    prices.length === before.length &&
    prices.every((price, i) =>
      isForSale(price)
        ? rescaled(price, event.currencyDigits, digits) === before[i]
        : price === before[i],
    );
  return (known === null ? possibleDigits : [known]).find(sameUnder) ?? null;
}

async function insertPlan(client: PoolClient, { plan }: PreparedEvent): Promise<void> {
  const { layout } = plan;
  await client.query(
    `INSERT INTO seating_plan (hash, name, seat_count, categories, areas, compiled, document)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING`,
    [
      plan.hash,
      plan.name,
      layout.seatCount,
      layout.categories,
      JSON.stringify(layout.areas),
      plan.compiled,
      plan.document,
    ],
  );
}

async function upsertVenue(client: PoolClient, { venue, city }: PreparedEvent): Promise<string> {
  const { rows } = await client.query<{ venue_id: string }>(
    // The update changes nothing; it is there because DO NOTHING would not return the row.
    `INSERT INTO venue (name, city, name_key, city_key, search_version)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_key, name_key) DO UPDATE SET name = venue.name RETURNING venue_id`,
    [venue, city, keyOf(venue), keyOf(city), searchVersion],
  );
  return rows[0].venue_id;
}

const shownValues = (event: PreparedEvent, venueId: string): unknown[] => [
  event.eventId,
  event.name,
  event.description,
  venueId,
  event.performers,
  timestamp(event.startsAtMs),
  event.utcOffsetMinutes,
  event.thumbnailUrl,
  searchVector(event),
  searchVersion,
  event.type,
  event.timeZone,
];

const insertEvent = `
  INSERT INTO event (event_id, name, description, venue_id, performers, starts_at,
                     utc_offset_minutes, thumbnail_url, search, search_version, type, time_zone,
                     plan_hash, currency, currency_digits, price_min_minor, price_max_minor, rules,
                     on_sale_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::tsvector, $10, $11, $12, $13, $14, $15, $16,
          $17, $18, $19)
  ON CONFLICT (event_id) DO NOTHING`;

const updateEvent = `
  UPDATE event SET name = $2, description = $3, venue_id = $4, performers = $5, starts_at = $6,
                   utc_offset_minutes = $7, thumbnail_url = $8, search = $9::text::tsvector,
                   search_version = $10, type = $11, time_zone = $12
   WHERE event_id = $1`;

const settleDigits = `
  UPDATE event SET currency_digits = $2, rules = jsonb_set(rules, '{prices}', $3::jsonb)
   WHERE event_id = $1 AND currency_digits IS NULL`;

const timestamp = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
