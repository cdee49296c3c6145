import type { PoolClient } from 'pg';
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

export interface RankedTerms {
  readonly any: string;
  readonly rank: string;
  /** A part of `any` that few events have: the index is asked for these alone. */
  readonly rare?: string | null;
}

/** By `rank`, then by start. null: more than are ranked. */
export async function listRanked(
  client: PoolClient,
  query: EventQuery,
  { any, rank, rare = null }: RankedTerms,
  { first, size }: Slice,
): Promise<EventPage | null> {
  const isRare = rare !== null && rare !== any;
  const terms = [any, rank, size, first, ...(isRare ? [rare] : [])];
  const { where, values, nameOf, timed } = filtersOf(query, terms);
  const [all, ranked] = [termsOf('$1', timed), termsOf('$2', timed)];
  const match = isRare
    ? `e.search @@ ${termsOf('$5', timed)} AND ts_match_vq(e.search, ${all})`
    : `e.search @@ ${all}`;
  const { rows } = await client.query<PageRow>({
    name: nameOf(`search-ranked${isRare ? '-rare' : ''}`, any),
    text: `
      WITH matched AS MATERIALIZED (
        SELECT e.event_id, e.starts_at, ts_rank(e.search, ${ranked}) AS rank
          FROM event e WHERE ${match}${where}
         LIMIT ${limits.searchRankedMax + 1}
      ), page AS MATERIALIZED (
        SELECT * FROM matched ORDER BY rank DESC, starts_at, event_id ${sliceOf('$3', '$4')}
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

/** Of all that match, `max` at most. */
export async function countMatches(
  client: PoolClient,
  query: EventQuery,
  terms: string | null,
  max: number,
): Promise<number> {
  const { where, values, nameOf, timed } = filtersOf(query, [
    max,
    ...(terms === null ? [] : [terms]),
  ]);
  const match = terms === null ? 'true' : `e.search @@ ${termsOf('$2', timed)}`;
  const { rows } = await client.query<{ total: number }>({
    name: nameOf(`search-count${terms === null ? '-all' : ''}`, terms),
    text: `SELECT count(*)::integer AS total FROM (
             SELECT FROM event e WHERE ${match}${where}
              LIMIT $1) AS matched`,
    values,
  });
  return rows[0].total;
}

/** Events of which nothing can be had any more, or whose sale is over at `atMs`: `max` at most. */
export async function countGone(client: PoolClient, atMs: number, max: number): Promise<number> {
  const { rows } = await client.query<{ gone: number }>({
    name: 'search-count-gone',
    text: `
      SELECT (SELECT count(*) FROM (SELECT FROM event_availability WHERE gone
               LIMIT (SELECT $1::integer)) AS g)::integer
           + (SELECT count(*) FROM (SELECT FROM event
               WHERE sale_ends_at <= to_timestamp((SELECT $2::float8) / 1000)
               LIMIT (SELECT $1::integer)) AS o)::integer AS gone`,
    values: [max, atMs],
  });
  return rows[0].gone;
}

/**
 * A slice in order of start. The first of many are met soon by walking along `event_start`; for a
 * slice far in, or of few, all matches are collected and sorted.
 */
export async function listByStart(
  client: PoolClient,
  query: EventQuery,
  terms: string | null,
  { first, size }: Slice,
  total: number,
): Promise<EventSummary[]> {
  if (size <= 0 || first >= total) return [];
  const walks = terms === null || (first + size) * walkShare < total;
  const { where, values, nameOf, timed } = filtersOf(query, [
    size,
    first,
    ...(terms === null ? [] : [terms]),
  ]);
  // The function is the operator @@ under the name that no index answers to: a condition on rows.
  const match = walks
    ? `ts_match_vq(e.search, ${termsOf('$3', timed)})`
    : `e.search @@ ${termsOf('$3', timed)}`;
  const matched = `SELECT e.event_id, e.starts_at FROM event e
                    WHERE ${terms === null ? 'true' : match}${where}`;
  const ordered = `ORDER BY starts_at, event_id ${sliceOf('$1', '$2')}`;
  const page = walks
    ? `page AS MATERIALIZED (${matched} ${ordered})`
    : `matched AS MATERIALIZED (${matched}),
       page AS MATERIALIZED (SELECT * FROM matched ${ordered})`;
  const { rows } = await client.query<SummaryRow>({
    name: nameOf(`search-${walks ? 'walk' : 'sort'}${terms === null ? '-all' : ''}`, terms),
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

/**
 * Terms of a parameter. Where times bound the search too, the planner shall know both, to choose
 * between `event_search` and `event_start`. Otherwise it shall not: it would plan anew for each.
 */
export const termsOf = (parameter: string, timed: boolean): string =>
  timed ? `${parameter}::text::tsquery` : `(SELECT ${parameter}::text::tsquery)`;

/** Nor the slice: a plan for any takes a tenth of all, which looks dear beside one for twenty. */
const sliceOf = (size: string, first: string): string =>
  `LIMIT (SELECT ${size}::bigint) OFFSET (SELECT ${first}::bigint)`;

export interface Filters {
  readonly where: string;
  readonly values: unknown[];
  /** A bound of time is among them. */
  readonly timed: boolean;
  /** The name to prepare a statement by; undefined: it is planned for its values, each time. */
  readonly nameOf: (statement: string, terms: string | null) => string | undefined;
}

/** Conditions beside the terms, numbered behind `first`. */
export function filtersOf(
  { startMs, endMs, startDay, endDay, availableAtMs }: EventQuery,
  first: readonly unknown[],
): Filters {
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
  const timed = where !== '';
  add('-a', availableAtMs, (ms) => `${isNotGone} AND ${sellsOn(moment(`(SELECT ${ms})`))}`);
  const nameOf = (statement: string, terms: string | null) =>
    timed && terms !== null ? undefined : statement + shape;
  return { where, values, timed, nameOf };
}
