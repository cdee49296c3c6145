import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventPage, EventQuery } from './catalogue.js';
import { summaryColumns, summaryOf, type SummaryRow } from './event-rows.js';
import { keyOf } from './plain-words.js';
import { keywordWords, searchQuery } from './search-text.js';
import { correctSpelling } from './spelling.js';

/**
 * Search over the catalogue: full text by prefix of words, and only when nothing at all was found,
 * once more with the spelling corrected. Ordered by rank, then by start; without a keyword by
 * start. Bounds of the page are clamped here whatever the caller checked (G8).
 */
export async function searchEvents(pool: Pool, query: EventQuery): Promise<EventPage> {
  const words = keywordWords(query.keyword);
  if (words.length === 0) {
    // A keyword of punctuation only names nothing; it is not the same as no keyword.
    return query.keyword.trim() === '' ? findEvents(pool, query, null) : nothing;
  }
  const found = await findEvents(pool, query, searchQuery(words.map((word) => [word])));
  if (found.total > 0) return found;
  const corrected = await correctSpelling(pool, words);
  return corrected === null ? nothing : findEvents(pool, query, searchQuery(corrected));
}

const nothing: EventPage = { total: 0, events: [] };

interface PageRow extends SummaryRow {
  readonly total: number;
}

async function findEvents(
  pool: Pool,
  query: EventQuery,
  tsquery: string | null,
): Promise<EventPage> {
  const page = clamp(query.page, 1, limits.pageMax);
  const pageSize = clamp(query.pageSize, 1, limits.pageSizeMax);
  const values: unknown[] = [pageSize, (page - 1) * pageSize];
  const placeholder = (value: unknown): string => `$${values.push(value)}`;
  const conditions: string[] = [];
  let rank = '0::real';
  if (tsquery !== null) {
    const parameter = `${placeholder(tsquery)}::text::tsquery`;
    conditions.push(`e.search @@ ${parameter}`);
    rank = `ts_rank(e.search, ${parameter})`;
  }
  if (query.startMs !== null) {
    conditions.push(`e.starts_at >= to_timestamp(${placeholder(query.startMs)}::float8 / 1000)`);
  }
  if (query.endMs !== null) {
    conditions.push(`e.starts_at <= to_timestamp(${placeholder(query.endMs)}::float8 / 1000)`);
  }
  if (query.city.trim() !== '') {
    const city = `(SELECT venue_id FROM venue WHERE city_key = ${placeholder(keyOf(query.city))})`;
    conditions.push(`e.venue_id IN ${city}`);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const { rows } = await pool.query<PageRow>(pageStatement(rank, where), values);
  const [first] = rows;
  // A page past the end is one row without an event: the total is still known.
  const events = first.event_id === null ? [] : rows.map(summaryOf);
  return { total: first.total, events };
}

const pageStatement = (rank: string, where: string): string => `
  WITH matched AS MATERIALIZED (
    SELECT e.event_id, e.starts_at, ${rank} AS rank FROM event e ${where}
  ), page AS (
    SELECT * FROM matched ORDER BY rank DESC, starts_at, event_id LIMIT $1 OFFSET $2
  )
  SELECT (SELECT count(*)::integer FROM matched) AS total, ${summaryColumns}
    FROM (SELECT 1) AS always
    LEFT JOIN (page p JOIN event e USING (event_id) JOIN venue v USING (venue_id)) ON true
   ORDER BY p.rank DESC, p.starts_at, p.event_id`;

const clamp = (value: number, min: number, max: number): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.trunc(value))) : min;
