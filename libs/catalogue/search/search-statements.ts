import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventPage, EventQuery, EventSummary } from '../catalogue.js';
import { summaryColumns, summaryOf, type SummaryRow } from '../event-rows.js';

/** The statements of event-search.ts. `terms` are tsquery literals; bounds of time always hold. */
export interface Slice {
  readonly first: number;
  /** 0: past what is listed. */
  readonly size: number;
}

/** Each event by its key: a join would be planned for the tenth of the table that it expects. */
export const shownOfPage = `LATERAL (
  SELECT ${summaryColumns} FROM event e JOIN venue v USING (venue_id)
   WHERE e.event_id = p.event_id OFFSET 0) AS shown`;

export interface PageRow extends SummaryRow {
  readonly total: number;
}

/** By `rank`, then by start. null: more than are ranked. */
export async function listRanked(
  pool: Pool,
  query: EventQuery,
  { any, rank }: { readonly any: string; readonly rank: string },
  { first, size }: Slice,
): Promise<EventPage | null> {
  const { where, values, shape } = filtersOf(query, [any, rank, size, first]);
  const { rows } = await pool.query<PageRow>({
    name: `search-ranked${shape}`,
    text: `
      WITH matched AS MATERIALIZED (
        SELECT e.event_id, e.starts_at, ts_rank(e.search, $2::text::tsquery) AS rank
          FROM event e WHERE e.search @@ $1::text::tsquery${where}
         LIMIT ${limits.searchRankedMax + 1}
      ), page AS MATERIALIZED (
        SELECT * FROM matched ORDER BY rank DESC, starts_at, event_id LIMIT $3 OFFSET $4
      )
      SELECT (SELECT count(*)::integer FROM matched) AS total, shown.*
        FROM (SELECT 1) AS always
        LEFT JOIN (page p CROSS JOIN ${shownOfPage}) ON true
       ORDER BY p.rank DESC, p.starts_at, p.event_id`,
    values,
  });
  const [{ total }] = rows;
  return total > limits.searchRankedMax ? null : { total, events: eventsOf(rows) };
}

/** Of all that match, limits.eventsListedMax at most. */
export async function countMatches(
  pool: Pool,
  query: EventQuery,
  terms: string | null,
): Promise<number> {
  const { where, values, shape } = filtersOf(query, terms === null ? [] : [terms]);
  const match = terms === null ? 'true' : 'e.search @@ $1::text::tsquery';
  const { rows } = await pool.query<{ total: number }>({
    name: `search-count${terms === null ? '-all' : ''}${shape}`,
    text: `SELECT count(*)::integer AS total FROM (
             SELECT FROM event e WHERE ${match}${where}
              LIMIT ${limits.eventsListedMax}) AS matched`,
    values,
  });
  return rows[0].total;
}

/**
 * A slice in order of start. The first of many are met soon by walking along `event_start`; for a
 * slice far in, or of few, all matches are collected and sorted.
 */
export async function listByStart(
  pool: Pool,
  query: EventQuery,
  terms: string | null,
  { first, size }: Slice,
  total: number,
): Promise<EventSummary[]> {
  if (size <= 0 || first >= total) return [];
  const walks = terms === null || (first + size) * walkShare < total;
  const { where, values, shape } = filtersOf(query, [
    size,
    first,
    ...(terms === null ? [] : [terms]),
  ]);
  // The function is the operator @@ under the name that no index answers to: a condition on rows.
  const match = walks
    ? 'ts_match_vq(e.search, $3::text::tsquery)'
    : 'e.search @@ $3::text::tsquery';
  const matched = `SELECT e.event_id, e.starts_at FROM event e
                    WHERE ${terms === null ? 'true' : match}${where}`;
  const ordered = 'ORDER BY starts_at, event_id LIMIT $1 OFFSET $2';
  const page = walks
    ? `page AS MATERIALIZED (${matched} ${ordered})`
    : `matched AS MATERIALIZED (${matched}),
       page AS MATERIALIZED (SELECT * FROM matched ${ordered})`;
  const { rows } = await pool.query<SummaryRow>({
    name: `search-${walks ? 'walk' : 'sort'}${terms === null ? '-all' : ''}${shape}`,
    text: `WITH ${page} SELECT shown.* FROM page p CROSS JOIN ${shownOfPage}
            ORDER BY p.starts_at, p.event_id`,
    values,
  });
  return eventsOf(rows);
}

/** A slice that ends within this part of the matches is walked to. */
const walkShare = 10;

// A page past the end is one row without an event: the total is still known.
export const eventsOf = (rows: readonly SummaryRow[]): EventSummary[] =>
  rows.length === 0 || rows[0].event_id === null ? [] : rows.map(summaryOf);

const isNotGone =
  'NOT EXISTS (SELECT FROM event_availability a WHERE a.event_id = e.event_id AND a.gone)';
const sellsOn = (moment: string): string => `coalesce(e.sale_ends_at > ${moment}, true)`;

/** Conditions beside the terms, numbered behind `first`; `shape` names which there are. */
export function filtersOf(
  { startMs, endMs, startDay, endDay, availableAtMs }: EventQuery,
  first: readonly unknown[],
): { where: string; values: unknown[]; shape: string } {
  const values = [...first];
  let [where, shape] = ['', ''];
  const add = (mark: string, value: unknown, condition: (parameter: string) => string): void => {
    if (value === null) return;
    where += ` AND ${condition(`$${values.push(value)}`)}`;
    shape += mark;
  };
  const moment = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000)`;
  add('-s', startMs, (ms) => `e.starts_at >= ${moment(ms)}`);
  add('-e', endMs, (ms) => `e.starts_at <= ${moment(ms)}`);
  // The day at the venue decides; the moments around it are where the index begins and ends.
  const utc = (day: string, hours: number) =>
    `((${day}::date + interval '${hours} hours') AT TIME ZONE 'UTC')`;
  add('-sd', startDay, (d) => `e.start_day >= ${d}::date AND e.starts_at >= ${utc(d, -16)}`);
  add('-ed', endDay, (d) => `e.start_day <= ${d}::date AND e.starts_at < ${utc(d, 40)}`);
  add('-a', availableAtMs, (ms) => `${isNotGone} AND ${sellsOn(moment(ms))}`);
  return { where, values, shape };
}
