import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { InventoryLayout, SaleRules } from '#libs/inventory/layout.js';
import { wholeLoop, type LoopShare } from '#libs/platform/loop-share.js';
import type { Catalogue, EventDetail, FacetSearch, PublicLayout } from './catalogue.js';
import { sha256 } from './compile-plan.js';
import {
  detailOf,
  detailStatement,
  wholeRules,
  type DetailRow,
  type StoredRules,
} from './event-rows.js';
import { facetsOf, searchEvents } from './search/event-search.js';
import { decodeLayout, LayoutCorrupt, type DecodedLayout } from './layout-codec.js';
import { withHash } from './plan-document.js';
import type { MediaSource } from './media/event-image.js';
import { loadMedia } from './media/media-rows.js';
import type { Profiles } from './profiles/profiles.js';
import { readPerformer, readVenue } from './profiles/read-profiles.js';
import { readPlanNames } from './plan-names.js';
import { planLabels } from './seat-labels.js';
import { SeatNames } from './seat-names.js';
import { detailBytes } from './weights.js';

/**
 * The catalogue in Postgres, with what never changes kept in memory. Plans are found by their hash
 * and bounded by seats, not by number: one stadium weighs as much as eighty theatres. Callers who
 * ask for the same thing at the same time share one query. Unknown ids are never cached.
 *
 * PC1  An event's plan never changes, so its cache needs no expiry. Nor do the rules that an owner
 *      begins with: those that changed since are in its journal, whole.
 * PC2  Names, performers and times may be updated: such details are forgotten when the change is
 *      seen, and in any case cachedEventMs old at most.
 * PC3  A plan whose bytes do not have the hash they are stored under is never used.
 * PC4  Who looks for one event waits for no search: those have connections of their own where many
 *      search at once.
 */
export interface CachedCatalogue extends Catalogue, Profiles, FacetSearch, MediaSource {
  /** What is known of an event may be old, of all events with null. See change-feed.ts. */
  forget(eventId: EventId | null): void;
}

export interface CatalogueParts {
  /** Of a process whose loop serves others meanwhile: plans are read in pieces of it. */
  readonly share?: LoopShare;
  /** Where searches and facets find their connections. Default: where everything does. */
  readonly searches?: Pool;
}

export function createPostgresCatalogue(
  pool: Pool,
  { share = wholeLoop, searches = pool }: CatalogueParts = {},
): CachedCatalogue {
  const layouts = seatBoundCache<DecodedLayout>(
    (plan) => plan.layout.seatCount,
    (hash) => loadLayout(pool, hash),
  );
  const publicLayouts = seatBoundCache<PublicLayout>(
    (plan) => plan.layout.seatCount,
    async (hash) => loadPublicLayout(pool, hash, await present(layouts, hash), share),
  );
  const sales = new LRUCache<EventId, Sale>({
    maxSize: limits.cachedSaleBytesMax,
    sizeCalculation: saleBytes,
    fetchMethod: (eventId) => loadSale(pool, eventId),
  });
  const details = new LRUCache<EventId, EventDetail>({
    maxSize: limits.cachedDetailBytesMax,
    sizeCalculation: detailBytes,
    ttl: limits.cachedEventMs,
    // Who waits for an event that is forgotten meanwhile gets what was found; it is not kept.
    ignoreFetchAbort: true,
    fetchMethod: (eventId) => loadDetail(pool, eventId),
  });
  return {
    async inventoryOf(eventId) {
      const sale = await sales.fetch(eventId);
      if (sale === undefined) return null;
      const { layout } = await present(layouts, sale.planHash);
      return { eventId, layout, rules: sale.rules };
    },
    async eventOf(eventId) {
      return (await details.fetch(eventId)) ?? null;
    },
    async layoutOf(eventId) {
      const sale = await sales.fetch(eventId);
      return sale === undefined ? null : present(publicLayouts, sale.planHash);
    },
    async layoutOfHash(hash) {
      const known = publicLayouts.get(hash);
      if (known !== undefined) return known;
      return (await hasPlan(pool, hash)) ? present(publicLayouts, hash) : null;
    },
    search: (query) => searchEvents(searches, query),
    facetsOf: (query) => facetsOf(searches, query),
    venueOf: (venueId, query) => readVenue(pool, venueId, query),
    performerOf: (performerId, query) => readPerformer(pool, performerId, query),
    mediaOf: (hash) => loadMedia(pool, hash),
    forget(eventId) {
      if (eventId === null) details.clear();
      else details.delete(eventId);
    },
  };
}

interface Sale {
  readonly planHash: string;
  readonly rules: SaleRules;
}

/** A hash, a map of a few names, and the prices. */
const saleBytes = ({ rules }: Sale): number => 512 + rules.prices.length * 8;

type PlanCache<Plan extends object> = LRUCache<string, Plan>;

function seatBoundCache<Plan extends object>(
  seatsOf: (plan: Plan) => number,
  load: (hash: string) => Promise<Plan>,
): PlanCache<Plan> {
  return new LRUCache<string, Plan>({
    maxSize: limits.cachedLayoutSeatsMax,
    // A plan without seats still counts for something.
    sizeCalculation: (plan) => Math.max(1, seatsOf(plan)),
    fetchMethod: (hash) => load(hash),
  });
}

async function present<Plan extends object>(cache: PlanCache<Plan>, hash: string): Promise<Plan> {
  const plan = await cache.fetch(hash);
  if (plan === undefined) throw new LayoutCorrupt(`seating plan ${hash} is missing`);
  return plan;
}

async function loadSale(pool: Pool, eventId: EventId): Promise<Sale | undefined> {
  const { rows } = await pool.query<{ plan_hash: string; rules: StoredRules }>({
    name: 'event-sale',
    text: 'SELECT plan_hash, rules FROM event WHERE event_id = $1',
    values: [eventId],
  });
  if (rows.length === 0) return undefined;
  return { planHash: rows[0].plan_hash, rules: wholeRules(rows[0].rules) };
}

async function loadDetail(pool: Pool, eventId: EventId): Promise<EventDetail | undefined> {
  const { rows } = await pool.query<DetailRow>({
    name: 'event-detail',
    text: detailStatement,
    values: [eventId],
  });
  return rows.length === 0 ? undefined : detailOf(rows[0]);
}

async function loadLayout(pool: Pool, hash: string): Promise<DecodedLayout> {
  const bytes = await loadBytes(pool, 'compiled', hash);
  if (sha256(bytes).toString('hex') !== hash) throw new LayoutCorrupt(`seating plan ${hash}`);
  return decodeLayout(bytes, hash);
}

async function loadPublicLayout(
  pool: Pool,
  hash: string,
  { layout, documentDigest }: DecodedLayout,
  share: LoopShare,
): Promise<PublicLayout> {
  const body = await loadBytes(pool, 'document', hash);
  if (!sha256(body).equals(documentDigest)) throw new LayoutCorrupt(`document of plan ${hash}`);
  return publicLayoutOf(layout, body, share);
}

/**
 * The public side of a plan, from its stored document, in pieces: at once it would take 70 ms for
 * 50,000 seats, in which a gateway answers nobody.
 */
async function publicLayoutOf(
  layout: InventoryLayout,
  body: Uint8Array,
  share: LoopShare,
): Promise<PublicLayout> {
  const names = await readPlanNames(body, share);
  const { ids, numbers, rowLabels } = names;
  const seats = await SeatNames.inPieces(ids, share);
  await share.turn();
  return {
    hash: layout.hash,
    seats,
    indexOfArea: new Map(layout.areas.map(({ name }, index) => [name, index])),
    rowOf: Array.from(layout.rowOfSeat, (row) => rowLabels[row]),
    numberOf: numbers,
    labels: planLabels(layout, names),
    layout,
    document: withHash(body, layout.hash),
  };
}

async function hasPlan(pool: Pool, hash: string): Promise<boolean> {
  const { rows } = await pool.query({
    name: 'plan-known',
    text: 'SELECT 1 FROM seating_plan WHERE hash = $1',
    values: [hash],
  });
  return rows.length > 0;
}

async function loadBytes(
  pool: Pool,
  column: 'compiled' | 'document',
  hash: string,
): Promise<Buffer> {
  const { rows } = await pool.query<{ bytes: Buffer }>({
    name: `plan-${column}`,
    text: `SELECT ${column} AS bytes FROM seating_plan WHERE hash = $1`,
    values: [hash],
  });
  if (rows.length === 0) throw new LayoutCorrupt(`seating plan ${hash} is missing`);
  return rows[0].bytes;
}
