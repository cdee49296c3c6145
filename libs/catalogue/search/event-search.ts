import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventFacets, EventPage, EventQuery, EventSummary } from '../catalogue.js';
import { countFacets } from './count-facets.js';
import { countTerm, type SoleTerm } from './count-terms.js';
import { countMatches, listByStart, listRanked, type Slice } from './search-statements.js';
import { joinedQueries, keywordOf, onlyWord, searchQuery, type Keyword } from './search-query.js';
import { cityKeys, cityTerm, typeTerm } from './search-terms.js';
import { correctCity, correctKeyword } from './spelling.js';

/**
 * Search over the catalogue by the GIN index `event_search`: words and their beginnings, the city
 * and the type are all terms of it. Only when nothing at all was found, once more with the spelling
 * corrected and neighbouring words joined.
 *
 * FE1  Work is bounded whatever matches (G8). Up to searchRankedMax events are ranked, then by
 *      start; of more, those that have the words whole come first, each part by start. Listed and
 *      counted are eventsListedMax at most.
 * FE2  What one common term matches is neither counted nor collected: its count is kept, and the
 *      first of many are met soon along the index `event_start`.
 * FE3  Bounds of the page are clamped here whatever the caller checked.
 */
export async function searchEvents(pool: Pool, query: EventQuery): Promise<EventPage> {
  return (await findOrGuess(pool, query, (wanted) => findWanted(pool, query, wanted))) ?? nothing;
}

/** How many there are of each kind among all that the same search finds. */
export async function facetsOf(pool: Pool, query: EventQuery): Promise<EventFacets> {
  const found = await findOrGuess(pool, query, ({ any }) => countFacets(pool, query, any));
  return found ?? noFacets;
}

const nothing: EventPage = { total: 0, events: [] };
const noFacets: EventFacets = { total: 0, types: [], cities: [], months: [] };

/** What `find` finds; where that is nothing, with what was meant. null: it says nothing. */
async function findOrGuess<Found extends { readonly total: number }>(
  pool: Pool,
  query: EventQuery,
  find: (wanted: Wanted) => Promise<Found>,
): Promise<Found | null> {
  const keyword = keywordOf(query.keyword);
  // A keyword that divides what is not there names nothing; it is not the same as no keyword.
  if (keyword.length === 0 && query.keyword.trim() !== '') return null;
  const cities = query.city.trim() === '' ? null : cityKeys(query.city);
  const found = await find(wantedOf(query, keyword, cities));
  if (found.total > 0) return found;
  const meant = await meantBy(pool, query, keyword, cities);
  return meant === null ? null : find(meant);
}

/** null: nothing resembles it. */
async function meantBy(
  pool: Pool,
  query: EventQuery,
  keyword: Keyword,
  cities: readonly string[] | null,
): Promise<Wanted | null> {
  const [words, meantCities] = await Promise.all([
    keyword.length === 0 ? null : correctKeyword(pool, keyword),
    cities === null ? null : correctCity(pool, cities),
  ]);
  const others = joinedQueries(keyword);
  if (words === null && meantCities === null && others.length === 0) return null;
  const texts = keyword.length === 0 ? [] : [searchQuery(words ?? keyword, 'prefix'), ...others];
  const any = matching(texts, meantCities ?? cities, query.type);
  return { any, rank: any, exact: null, sole: null };
}

/** Tsquery literals; null: everything. */
interface Wanted {
  readonly any: string | null;
  /** The same for ranking. */
  readonly rank: string | null;
  /** The part of `any` that comes first; null: there is none. */
  readonly exact: string | null;
  /** The one term that decides; null: several do. */
  readonly sole: SoleTerm | null;
}

function wantedOf(query: EventQuery, keyword: Keyword, cities: readonly string[] | null): Wanted {
  const { type } = query;
  const textOf = (reach: 'exact' | 'prefix' | 'rank') =>
    matching(keyword.length === 0 ? [] : [searchQuery(keyword, reach)], cities, type);
  return {
    any: textOf('prefix'),
    rank: textOf('rank'),
    exact: keyword.length === 0 ? null : textOf('exact'),
    sole: soleTermOf(query, keyword, cities),
  };
}

/** Any of `texts`, in any of the cities, of the type. */
function matching(
  texts: readonly string[],
  cities: readonly string[] | null,
  type: string | null,
): string | null {
  const quoted = (terms: readonly string[]) => terms.map((term) => `'${term}'`);
  const cityTerms = quoted((cities ?? []).map(cityTerm));
  const parts = [texts, cityTerms, type === null ? [] : quoted([typeTerm(type)])];
  const said = parts.filter((part) => part.length > 0).map((part) => `(${part.join(' | ')})`);
  return said.length === 0 ? null : said.join(' & ');
}

function soleTermOf(
  { type, startMs, startDay, endMs, endDay, availableAtMs }: EventQuery,
  keyword: Keyword,
  cities: readonly string[] | null,
): SoleTerm | null {
  const bounds = [startMs, startDay, endMs, endDay, availableAtMs];
  const bounded = bounds.some((bound) => bound !== null);
  const said = [keyword.length > 0, cities !== null, type !== null].filter(Boolean).length;
  if (bounded || said > 1) return null;
  if (cities !== null) return { kind: 'terms', terms: cities.map(cityTerm) };
  if (type !== null) return { kind: 'terms', terms: [typeTerm(type)] };
  if (keyword.length === 0) return { kind: 'terms', terms: [''] };
  const words = onlyWord(keyword);
  return words === null ? null : { kind: 'words', words };
}

async function findWanted(pool: Pool, query: EventQuery, wanted: Wanted): Promise<EventPage> {
  const size = clamp(query.pageSize, 1, limits.pageSizeMax);
  const first = (clamp(query.page, 1, limits.pageMax) - 1) * size;
  const slice = { first, size: Math.max(0, Math.min(size, limits.eventsListedMax - first)) };
  const { any, rank, sole } = wanted;
  const known = sole === null ? null : await countTerm(pool, sole);
  if (any === null || rank === null) {
    const total = known?.any ?? (await countMatches(pool, query, null));
    return { total, events: await listByStart(pool, query, null, slice, total) };
  }
  // Without words there is nothing to rank by.
  const ranks = query.keyword.trim() !== '' && (known?.any ?? 0) <= limits.searchCountedMax;
  if (ranks) {
    const ranked = await listRanked(pool, query, { any, rank }, slice);
    if (ranked !== null) return ranked;
  }
  const total = known?.any ?? (await countMatches(pool, query, any));
  if (wanted.exact === null) {
    return { total, events: await listByStart(pool, query, any, slice, total) };
  }
  const { exact } = wanted;
  const whole = known?.exact ?? (await countMatches(pool, query, exact));
  return { total, events: await listParts(pool, query, { any, exact, total, whole }, slice) };
}

interface Parts {
  readonly any: string;
  readonly exact: string;
  /** Matches of the two. */
  readonly total: number;
  readonly whole: number;
}

/** Too many to rank: first what has the words whole, then the rest. */
async function listParts(
  pool: Pool,
  query: EventQuery,
  { any, exact, total, whole }: Parts,
  { first, size }: Slice,
): Promise<EventSummary[]> {
  const head = { first, size: Math.max(0, Math.min(size, whole - first)) };
  const tail = { first: Math.max(0, first - whole), size: size - head.size };
  const few = head.size > 0 && whole <= limits.searchRankedMax;
  const ranked = few ? await listRanked(pool, query, { any: exact, rank: exact }, head) : null;
  const begins = ranked?.events ?? (await listByStart(pool, query, exact, head, whole));
  const rest = `(${any}) & !(${exact})`;
  return [...begins, ...(await listByStart(pool, query, rest, tail, total - whole))];
}

const clamp = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.trunc(value))) : min;
