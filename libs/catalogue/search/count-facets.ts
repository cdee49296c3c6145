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
      WITH matched AS (
        SELECT e.type, e.venue_id, e.start_day FROM event e WHERE ${match}${where}
         LIMIT ${limits.eventsListedMax}
      ), counted AS MATERIALIZED (
        SELECT type, venue_id, start_day, count(*) AS events FROM matched
         GROUP BY GROUPING SETS ((type), (venue_id), (start_day))
      )
      SELECT (SELECT coalesce(sum(events), 0)::integer FROM counted
               WHERE type IS NOT NULL) AS total,
             ${listOf(`SELECT type, events FROM counted WHERE type IS NOT NULL
                        ORDER BY events DESC, type`)} AS types,
             ${listOf(`SELECT min(v.city) AS city, sum(c.events) AS events
                         FROM counted c JOIN venue v USING (venue_id) GROUP BY v.city_key
                        ORDER BY events DESC, v.city_key
                        LIMIT ${limits.facetCitiesMax}`)} AS cities,
             ${listOf(`SELECT to_char(month, 'YYYY-MM') AS month, sum(events) AS events
                         FROM (SELECT date_trunc('month', start_day::timestamp) AS month, events
                                 FROM counted WHERE start_day IS NOT NULL) AS days
                        GROUP BY days.month ORDER BY days.month
                        LIMIT ${limits.facetMonthsMax}`)} AS months`,
    values,
  });
  return rows[0];
}

const listOf = (select: string): string =>
  `(SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (${select}) AS r)`;
