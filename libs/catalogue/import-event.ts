import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '#libs/database/transaction.js';
import { levelWithRules } from '#libs/inventory/codec/fact-kinds.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { RulesOutcome } from '#libs/inventory/rules/decision.js';
import { writeCancellation } from './cancellation.js';
import { announceParts, writeFees } from './event-fees.js';
import { differenceOf, storedEvent, type EventDifference } from './event-difference.js';
import type { PreparedEvent } from './prepare-event.js';
import { collectMedia, nameImage, writeMedia } from './media/media-rows.js';
import {
  performerChanges,
  venueChanges,
  writePerformers,
  writeVenue,
} from './profiles/write-profiles.js';
import { writeRulesRow } from './rules-row.js';
import { insertSearchWords } from './search/index-events.js';
import { searchVersion } from './search/plain-words.js';
import { searchVector } from './search/search-terms.js';

/**
 * Writes a prepared event in one transaction: plan, venue, event, words, ownership row. The event
 * is there with everything, or not at all.
 *
 * I1  An event's plan never changes once it is there: holds and bookings mean seat indexes of that
 *     plan (G1, G9). Its rules change by its owner alone, in the order of the journal; the row is
 *     how others see them, and is written after the fact: here, and by an owner whose journal has
 *     a later change than it wrote (rules-writer.ts).
 * I2  The ownership row starts at epoch 0 without an owner; its wake time is when the sale opens,
 *     so that a sale starts without any visitor.
 * I3  Amounts are never reinterpreted: an event keeps the decimals that its prices were stored
 *     with. Where an older release did not say them, the file that is imported once more does.
 * I4  What an import changes is put on record in its transaction (ImportOptions.record): what is
 *     only shown, a venue's and a performer's words among it, is in no journal.
 */
export type ImportResult =
  | { readonly kind: 'imported' }
  /** What was changed, in words. */
  | { readonly kind: 'updated'; readonly changes: readonly string[] }
  /** The id is taken, and `update` was not asked for. */
  | { readonly kind: 'exists' }
  /** Places without a price are for shards of this release alone: the upgrade is not finalized. */
  | { readonly kind: 'not_finalized' }
  /** What an update may not change, in words. Nothing was written. */
  | { readonly kind: 'fixed'; readonly fields: readonly string[] };

export interface ImportOptions {
  /** Change an event that is already there. */
  readonly update?: boolean;
  /**
   * Asks the event's owner for a change. Null: it was not asked, which is fine where only what is
   * shown changes. Absent: rules are fixed.
   */
  readonly askOwner?: (difference: EventDifference) => Promise<RulesOutcome | null>;
  /** Puts on record who asked for it, on the same connection. Absent: as for the demo's events. */
  readonly record?: (client: PoolClient, done: ImportDone) => Promise<void>;
}

export interface ImportDone {
  readonly eventId: EventId;
  readonly what: 'import' | 'import --update';
  /** In words; never empty for an update, empty for an import. */
  readonly changes: readonly string[];
}

/** What an update would change; null: there is no such event yet. Reads only. */
export async function wouldChange(
  pool: Pool,
  event: PreparedEvent,
): Promise<EventDifference | null> {
  const stored = await storedEvent(pool, event.eventId);
  if (stored === null) return null;
  const difference = differenceOf(event, stored);
  const ofVenue = await venueChanges(pool, event);
  const ofPerformers = await performerChanges(pool, event.saidOfPerformers);
  return { ...difference, lines: [...difference.lines, ...ofVenue, ...ofPerformers] };
}

export async function importEvent(
  pool: Pool,
  event: PreparedEvent,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { event: own, venue } = event.images;
  if ((own ?? venue ?? null) !== null) await collectMedia(pool);
  const stored = await storedEvent(pool, event.eventId);
  if (stored === null) {
    return inTransaction(pool, async (client) => {
      const result = await insert(client, event);
      const done = { eventId: event.eventId, what: 'import', changes: [] } as const;
      if (result.kind === 'imported') await options.record?.(client, done);
      return result;
    });
  }
  if (options.update !== true) return { kind: 'exists' };
  const difference = differenceOf(event, stored);
  const { fixed, ofRules, lines } = difference;
  if (fixed.length > 0) return { kind: 'fixed', fields: fixed };
  const { fees } = difference;
  if (fees !== undefined) {
    await announceParts(pool, event.eventId, fees, stored.detail.rules.prices);
  }
  // Not while a row is locked: the owner may need it.
  const change = lines.length === 0 ? null : ((await options.askOwner?.(difference)) ?? null);
  if (change === null && ofRules) return { kind: 'fixed', fields: lines };
  const changes = await inTransaction(pool, async (client) => {
    const prices = JSON.stringify(stored.detail.rules.prices);
    await client.query(settleDigits, [event.eventId, difference.currencyDigits, prices]);
    const all = [...lines, ...(await updateEventRow(client, event, change))];
    await writeCancellation(client, event.eventId, difference.cancellation);
    if (fees !== undefined) {
      const { prices: now } = change?.after.rules ?? stored.detail.rules;
      await writeFees(client, event.eventId, fees, now);
    }
    const done = { eventId: event.eventId, what: 'import --update', changes: all } as const;
    if (all.length > 0) await options.record?.(client, done);
    return all;
  });
  return { kind: 'updated', changes };
}

/** True when nothing was ever imported: the demo catalogue goes only into such a database. */
export async function isCatalogueEmpty(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ empty: boolean }>(
    'SELECT NOT EXISTS (SELECT FROM event) AS empty',
  );
  return rows[0].empty;
}

async function insert(client: PoolClient, event: PreparedEvent): Promise<ImportResult> {
  if (event.hasNotForSale && !(await knowsNotForSale(client))) return { kind: 'not_finalized' };
  await insertPlan(client, event);
  await writeMedia(client, event.images);
  const venue = await writeVenue(client, event);
  const inserted = await client.query(insertEvent, [
    ...shownValues(event, venue.number),
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
  await nameImage(client, 'event', event.eventId, event.images.event);
  await writeCancellation(client, event.eventId, event.cancellation);
  await writeFees(client, event.eventId, event.fees, event.rules.prices);
  await writePerformers(client, event.saidOfPerformers);
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

/** Gives what changed of its venue and its performers, in words. */
async function updateEventRow(
  client: PoolClient,
  event: PreparedEvent,
  change: RulesOutcome | null,
): Promise<readonly string[]> {
  await writeMedia(client, event.images);
  const venue = await writeVenue(client, event);
  await client.query(updateShown, shownValues(event, venue.number));
  await nameImage(client, 'event', event.eventId, event.images.event);
  const ofPerformers = await writePerformers(client, event.saidOfPerformers);
  await insertSearchWords(client, event);
  if (change !== null) {
    await writeRulesRow(client, event.eventId, { ...change.after, revision: change.revision });
  }
  return [...venue.changes, ...ofPerformers];
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
  event.organiser,
];

const insertEvent = `
  INSERT INTO event (event_id, name, description, venue_id, performers, starts_at,
                     utc_offset_minutes, thumbnail_url, search, search_version, type, time_zone,
                     organiser, plan_hash, currency, currency_digits, price_min_minor,
                     price_max_minor, rules, on_sale_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::tsvector, $10, $11, $12, $13, $14, $15, $16,
          $17, $18, $19, $20)
  ON CONFLICT (event_id) DO NOTHING`;

const updateShown = `
  UPDATE event SET name = $2, description = $3, venue_id = $4, performers = $5, starts_at = $6,
                   utc_offset_minutes = $7, thumbnail_url = $8, search = $9::text::tsvector,
                   search_version = $10, type = $11, time_zone = $12,
                   organiser = coalesce($13, organiser)
   WHERE event_id = $1`;

const settleDigits = `
  UPDATE event SET currency_digits = $2, rules = jsonb_set(rules, '{prices}', $3::jsonb)
   WHERE event_id = $1 AND currency_digits IS NULL`;

const timestamp = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
