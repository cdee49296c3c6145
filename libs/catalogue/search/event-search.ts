import type { Pool, PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { onConnection } from '#libs/database/on-connection.js';
import type { EventFacets, EventPage, EventQuery, EventSummary } from '../catalogue.js';
import { countFacets } from './count-facets.js';
import { countParts, type PartCount } from './count-terms.js';
import {
  countGone,
  countMatches,
  listByStart,
  listRanked,
  type Slice,
} from './search-statements.js';
import { joinedQueries, keywordOf } from './search-query.js';
import { cityKeys } from './search-terms.js';
import { correctCity, correctKeyword } from './spelling.js';
import { meantOf, wantedOf, type Typed, type Wanted } from './wanted-terms.js';

/**
 * Search over the catalogue by the GIN index `event_search`: words and their beginnings, the city
 * and the type are all terms of it. Only when nothing at all was found, once more with the spelling
 * corrected and neighbouring words joined.
 *
 * FE1  Work is bounded whatever matches (G8). Up to searchRankedMax events are ranked, then by
 *      start; of more, those that have the words whole come first, each part by start. Listed and
 *      counted are eventsListedMax at most.
 * FE2  What one common term matches is neither counted nor collected: its count is kept, and the
 *      first of many are met soon along the index `event_start`. Where filters stand beside it they
 *      are counted up to searchCountedMax; the kept count is the bound of more.
 * FE3  Bounds of the page are clamped here whatever the caller checked.
 * FE4  A search waits for a connection once, and asks all its statements on that.
 */
export function searchEvents(pool: Pool, query: EventQuery): Promise<EventPage> {
  return onConnection(pool, async (client) => {
    const find = (wanted: Wanted) => findWanted(client, query, wanted);
    return (await findOrGuess(client, query, find)) ?? nothing;
  });
}

/** How many there are of each kind among all that the same search finds. */
export function facetsOf(pool: Pool, query: EventQuery): Promise<EventFacets> {
  return onConnection(pool, async (client) => {
    const find = ({ any }: Wanted) => countFacets(client, query, any);
    return (await findOrGuess(client, query, find)) ?? noFacets;
  });
}

const nothing: EventPage = { total: 0, events: [] };
const noFacets: EventFacets = { total: 0, types: [], cities: [], months: [] };

/** What `find` finds; where that is nothing, with what was meant. null: it says nothing. */
async function findOrGuess<Found extends { readonly total: number }>(
  client: PoolClient,
  query: EventQuery,
  find: (wanted: Wanted) => Promise<Found>,
): Promise<Found | null> {
  const keyword = keywordOf(query.keyword);
  // A keyword that divides what is not there names nothing; it is not the same as no keyword.
  if (keyword.length === 0 && query.keyword.trim() !== '') return null;
  const cities = query.city.trim() === '' ? null : cityKeys(query.city);
  const typed: Typed = { keyword, cities, type: query.type };
  const found = await find(wantedOf(typed));
  if (found.total > 0) return found;
  const meant = await meantBy(client, typed);
  return meant === null ? null : find(meant);
}

/** null: nothing resembles it. */
async function meantBy(client: PoolClient, typed: Typed): Promise<Wanted | null> {
  const { keyword, cities } = typed;
  const words = keyword.length === 0 ? null : await correctKeyword(client, keyword);
  const meantCities = cities === null ? null : await correctCity(client, cities);
  const others = joinedQueries(keyword);
  if (words === null && meantCities === null && others.length === 0) return null;
  return meantOf({ ...typed, keyword: words ?? keyword, cities: meantCities ?? cities }, others);
}

async function findWanted(
  client: PoolClient,
  query: EventQuery,
  wanted: Wanted,
): Promise<EventPage> {
  const size = clamp(query.pageSize, 1, limits.pageSizeMax);
  const first = (clamp(query.page, 1, limits.pageMax) - 1) * size;
  const slice = { first, size: Math.max(0, Math.min(size, limits.eventsListedMax - first)) };
  const { any, rank, exact } = wanted;
  const kept = await keptOf(client, query, wanted);
  if (any === null || rank === null) {
    const total = await totalOf(client, query, null, kept);
    return { total, events: await listByStart(client, query, null, slice, total) };
  }
  // Without words there is nothing to rank by.
  const hasWords = query.keyword.trim() !== '';
  if (hasWords && kept.any <= limits.searchCountedMax) {
    const ranked = await listRanked(client, query, { any, rank, rare: kept.rare }, slice);
    if (ranked !== null) return ranked;
  }
  const ahead = await aheadOf(client, query, wanted, kept);
  const total = ahead?.total ?? (await totalOf(client, query, any, kept));
  if (hasWords && total <= limits.searchRankedMax) {
    const ranked = await listRanked(client, query, { any, rank }, slice);
    if (ranked !== null) return ranked;
  }
  if (exact === null) {
    return { total, events: await listByStart(client, query, any, slice, total) };
  }
  const whole = ahead?.whole ?? (await wholeOf(client, query, { any, exact, total }, kept));
  return { total, events: await listParts(client, query, { any, exact, total, whole }, slice) };
}

/** What is known before anything is counted. */
interface Kept extends PartCount {
  /** It is the count of all that is asked for, not a bound of it. */
  readonly isTotal: boolean;
  /** It is of all that is asked for, but for bounds of time and what can still be had. */
  readonly isSole: boolean;
  /** At least so many have all that is asked for, gone or not; 0: nothing is known. */
  readonly surely: number;
  /** The part of the search that few events have; null: there is none. */
  readonly rare: string | null;
}

async function keptOf(
  client: PoolClient,
  query: EventQuery,
  { parts, isSole }: Wanted,
): Promise<Kept> {
  const counts = await countParts(client, parts);
  const any = Math.min(limits.eventsListedMax, ...counts.map((count) => count.any));
  const exact = Math.min(limits.eventsListedMax, ...counts.map((count) => count.exact));
  // What a release before this one wrote has no term of city and type until it is derived again.
  const isExact = isSole && parts[0].kind === 'terms' && parts[0].are === 'forms' && any > 0;
  const isTotal = isSole && !isFiltered(query) && (isExact || any > limits.searchCountedMax);
  const least = counts.findIndex((count) => count.any === any);
  const rare = any <= limits.searchRankedMax ? (parts[least]?.query ?? null) : null;
  const isSure = isSole && !isTimed(query) && parts[0].are === 'forms';
  return { any, exact, isTotal, isSole, surely: isSure ? counts[0].exact : 0, rare };
}

const isTimed = ({ startMs, startDay, endMs, endDay }: EventQuery): boolean =>
  [startMs, startDay, endMs, endDay].some((bound) => bound !== null);
const isFiltered = (query: EventQuery): boolean => isTimed(query) || query.availableAtMs !== null;

/**
 * Matches. Which can still be had is looked up for each: that is done up to searchCountedMax, and
 * of more the kept count is told, which has those that are gone as well.
 */
async function totalOf(
  client: PoolClient,
  query: EventQuery,
  terms: string | null,
  kept: Pick<Kept, 'any' | 'isTotal' | 'surely'>,
): Promise<number> {
  if (kept.isTotal) return kept.any;
  if (query.availableAtMs === null) {
    return countMatches(client, query, terms, limits.eventsListedMax);
  }
  if (await isMuchLeft(client, query.availableAtMs, kept)) return kept.any;
  const counted = await countMatches(client, query, terms, limits.searchCountedMax + 1);
  return counted <= limits.searchCountedMax ? counted : Math.max(kept.any, counted);
}

/** All that is gone, whatever it is called, leaves more than are counted of what was asked for. */
async function isMuchLeft(
  client: PoolClient,
  atMs: number,
  { surely }: Pick<Kept, 'surely'>,
): Promise<boolean> {
  const spare = surely - limits.searchCountedMax;
  return spare > 0 && (await countGone(client, atMs, spare)) < spare;
}

/**
 * Where many with the words whole can still be had, there is no need to count all that can. null:
 * there are few, or it was not asked for what can be had.
 */
async function aheadOf(
  client: PoolClient,
  query: EventQuery,
  { exact }: Wanted,
  kept: Kept,
): Promise<Pick<Parts, 'total' | 'whole'> | null> {
  if (query.availableAtMs === null || exact === null) return null;
  const whole = await totalOf(client, query, exact, { ...kept, any: kept.exact });
  return whole > limits.searchCountedMax ? { total: Math.max(kept.any, whole), whole } : null;
}

interface Parts {
  readonly any: string;
  readonly exact: string;
  /** Matches of the two. */
  readonly total: number;
  readonly whole: number;
}

/** Of the total, those that have the words whole. */
async function wholeOf(
  client: PoolClient,
  query: EventQuery,
  { exact, total }: Omit<Parts, 'whole'>,
  kept: Kept,
): Promise<number> {
  if (kept.isTotal) return kept.exact;
  // Nothing has a word that only begins so.
  if (kept.isSole && kept.exact === kept.any) return total;
  const whole = await totalOf(client, query, exact, { ...kept, any: kept.exact });
  return Math.min(whole, total);
}

/** Too many to rank: first what has the words whole, then the rest. */
async function listParts(
  client: PoolClient,
  query: EventQuery,
  { any, exact, total, whole }: Parts,
  { first, size }: Slice,
): Promise<EventSummary[]> {
  const head = { first, size: Math.max(0, Math.min(size, whole - first)) };
  const tail = { first: Math.max(0, first - whole), size: size - head.size };
  const few = head.size > 0 && whole <= limits.searchRankedMax;
  const ranked = few ? await listRanked(client, query, { any: exact, rank: exact }, head) : null;
  const begins = ranked?.events ?? (await listByStart(client, query, exact, head, whole));
  const rest = `(${any}) & !(${exact})`;
  return [...begins, ...(await listByStart(client, query, rest, tail, total - whole))];
}

const clamp = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.trunc(value))) : min;
