import type { Catalogue, EventQuery, EventType, FacetSearch } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { ReadyPage, ReadyPages } from '../../events/ready-pages.js';
import type { Exchange } from '../../http/exchange.js';
import type { LargeAnswers } from '../../http/large-answers.js';
import { headersOfPage } from '../shared/page-links.js';
import { summaryJson } from './summary-json.js';

/** A checked query string. Each address knows one of the two names of the size of a page. */
interface ListQuery {
  readonly keyword?: string;
  readonly city?: string;
  readonly start?: string;
  readonly end?: string;
  readonly type?: EventType;
  readonly available?: 'true' | 'false';
  readonly page?: number;
  readonly page_size?: number;
  readonly pageSize?: number;
}

export interface ListParts {
  readonly catalogue: Pick<Catalogue, 'search'> & FacetSearch;
  readonly answers: LargeAnswers;
  readonly pages: ReadyPages;
  /** The pages of lists. */
  readonly found: ReadyPages;
  readonly clock: Clock;
}

/**
 * The events that match, as a plain list; how many there are and where the other pages stand is in
 * the headers, so that a page is kept for all who asked the same of `path`, in any order.
 */
export async function listEvents(
  { catalogue, answers, found, clock }: ListParts,
  exchange: Exchange,
  path: string,
): Promise<void> {
  const query = exchange.query as ListQuery;
  const asked = askedOf(path, query);
  if (typeof asked === 'string') return notATime(exchange, asked);
  const ready = await found.find(asked.key, async () => {
    const { total, events } = await catalogue.search(wantedAt(asked, clock.nowMs()));
    const { page, pageSize } = asked.wanted;
    const headers = headersOfPage({ path, query: { ...query }, page, pageSize, total });
    return { text: JSON.stringify(events.map(summaryJson)), headers };
  });
  await sendReady(answers, exchange, ready);
}

/** Counts for the filters of the same search, kept a while for all who ask. */
export async function showFacets(
  { catalogue, answers, pages, clock }: ListParts,
  exchange: Exchange,
): Promise<void> {
  const asked = askedOf('/v1/events/facets', exchange.query);
  if (typeof asked === 'string') return notATime(exchange, asked);
  const page = await pages.find(asked.key, async () => {
    const counted = await catalogue.facetsOf(wantedAt(asked, clock.nowMs()));
    const { total, types, cities, months } = counted;
    return { text: JSON.stringify({ total, types, cities, months }), headers: [] };
  });
  await sendReady(answers, exchange, page);
}

/** What follows from a query alone. */
interface Asked {
  readonly key: string;
  /** Of what is available: from the time on at which it is read. */
  readonly wanted: EventQuery;
  readonly onlyAvailable: boolean;
}

/** By the query itself: a route gives all who ask the same the same one. */
const askedBefore = new WeakMap<ListQuery, Asked>();

/** Or the name of the field that is not a time. */
function askedOf(path: string, query: ListQuery): Asked | 'start' | 'end' {
  const before = askedBefore.get(query);
  if (before !== undefined) return before;
  const { keyword = '', city = '', page = 1 } = query;
  const pageSize = query.page_size ?? query.pageSize ?? limits.pageSizeDefault;
  const start = timeOf(query.start);
  const end = timeOf(query.end);
  if (start === null) return 'start';
  if (end === null) return 'end';
  const wanted = {
    ...{ keyword, city, page, pageSize },
    ...{ startMs: start.atMs, startDay: start.day, endMs: end.atMs, endDay: end.day },
    type: query.type ?? null,
    availableAtMs: null,
  };
  const onlyAvailable = query.available === 'true';
  const asked = { key: keyOf(path, query, wanted), wanted, onlyAvailable };
  askedBefore.set(query, asked);
  return asked;
}

const wantedAt = ({ wanted, onlyAvailable }: Asked, nowMs: number): EventQuery =>
  onlyAvailable ? { ...wanted, availableAtMs: nowMs } : wanted;

/**
 * One key for all that ask the same: search knows neither capitals nor how many spaces there are,
 * and what is not given is the default. The links of a page are those of who asked first; they
 * lead where everybody else's would.
 */
function keyOf(path: string, query: ListQuery, { keyword, city, page, pageSize }: EventQuery) {
  const words = [keyword, city].map((text) => text.trim().replace(/\s+/g, ' ').toLowerCase());
  const { start = '', end = '', type = '', available = 'false' } = query;
  return JSON.stringify([path, ...words, start, end, type, available, page, pageSize]);
}

async function sendReady(
  answers: LargeAnswers,
  exchange: Exchange,
  page: ReadyPage | null,
): Promise<void> {
  if (page === null) exchange.error('internal');
  else if (!answers.notModified(exchange, page.as)) {
    await answers.send(exchange, page.body, page.as);
  }
}

function notATime(exchange: Exchange, name: string): void {
  const detail = 'must be a date or an RFC 3339 time';
  exchange.error('invalid_request', { field: `query.${name}`, detail });
}

/** A moment, or a day by the calendar at the venue; neither: the bound is open. */
interface Bound {
  readonly atMs: number | null;
  readonly day: string | null;
}

const openBound: Bound = { atMs: null, day: null };

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** null: not a time. A date alone is that whole day. */
function timeOf(text: string | undefined): Bound | null {
  if (text === undefined || text === '') return openBound;
  if (dayPattern.test(text)) return isDay(text) ? { atMs: null, day: text } : null;
  const atMs = timePattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : { atMs, day: null };
}

/** Some calendar has it: 30 February is read as 2 March by Date. Postgres knows no year 0. */
function isDay(text: string): boolean {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || text.startsWith('0000')) return false;
  return new Date(ms).toISOString().startsWith(text);
}
