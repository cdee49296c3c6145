import type { PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventFacets, EventQuery } from '../catalogue.js';
import { filtersOf, termsOf } from './search-statements.js';

/**
 * How many matches there are of each type, in each city and month, in one pass over
 * limits.eventsListedMax of them at most (FE1). `terms` is a tsquery literal; null: everything.
 */
export async function countFacets(
  client: PoolClient,
  query: EventQuery,
  terms: string | null,
): Promise<EventFacets> {
  const { where, values, nameOf, timed } = filtersOf(query, terms === null ? [] : [terms]);
  const match = terms === null ? 'true' : `e.search @@ ${termsOf('$1', timed)}`;
  const { rows } = await client.query<EventFacets>({
    name: nameOf(`search-facets${terms === null ? '-all' : ''}`, terms),
    text: `
      WITH matched AS MATERIALIZED (
        SELECT e.type, e.venue_id, e.start_day FROM event e WHERE ${match}${where}
         LIMIT ${limits.eventsListedMax}
      ), by_venue AS MATERIALIZED (
        SELECT venue_id, count(*) AS events FROM matched GROUP BY venue_id
      )
      SELECT (SELECT count(*)::integer FROM matched) AS total,
             ${listOf(`SELECT type, count(*) AS events FROM matched GROUP BY type
                        ORDER BY events DESC, type`)} AS types,
             ${listOf(`SELECT min(v.city) AS city, sum(b.events) AS events
                         FROM by_venue b JOIN venue v USING (venue_id) GROUP BY v.city_key
                        ORDER BY events DESC, v.city_key
                        LIMIT ${limits.facetCitiesMax}`)} AS cities,
             ${listOf(`SELECT to_char(day, 'YYYY-MM') AS month, sum(events) AS events FROM (
                         SELECT date_trunc('month', start_day::timestamp) AS day, count(*) AS events
                           FROM matched GROUP BY 1) AS by_month GROUP BY day
                        ORDER BY day LIMIT ${limits.facetMonthsMax}`)} AS months`,
    values,
  });
  return rows[0];
}

const listOf = (select: string): string =>
  `(SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (${select}) AS r)`;
