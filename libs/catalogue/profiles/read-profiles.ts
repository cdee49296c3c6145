import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventPage } from '../catalogue.js';
import { eventsOf, shownOfPage, type PageRow } from '../search/search-statements.js';
import { houseColumns, venueNames, venueOf, type VenueRow } from './venue-rows.js';
import type { UpcomingQuery, WithEvents } from './profiles.js';
import {
  numberOfId,
  type Performer,
  type PerformerId,
  type Venue,
  type VenueId,
} from './venues-performers.js';

/**
 * Venues and performers by their ids, each with a page of what is still to come: from the indexes
 * `event_venue` and `event_performers`. Listed and counted are limits.eventsListedMax at most (G8).
 * null: there is no such thing.
 */
export async function readVenue(
  pool: Pool,
  venueId: VenueId,
  query: UpcomingQuery,
): Promise<WithEvents<Venue> | null> {
  const number = numberOfId(venueId);
  const { rows } = await pool.query<VenueRow>({
    name: 'venue',
    text: `SELECT ${venueNames}, ${houseColumns} FROM venue v WHERE v.venue_id = $1`,
    values: [number],
  });
  if (rows.length === 0) return null;
  return { of: venueOf(rows[0]), upcoming: await readUpcoming(pool, 'venue', number, query) };
}

export async function readPerformer(
  pool: Pool,
  performerId: PerformerId,
  query: UpcomingQuery,
): Promise<WithEvents<Performer> | null> {
  const { rows } = await pool.query<Omit<Performer, 'performerId'>>({
    name: 'performer',
    text: 'SELECT name, description, links FROM performer WHERE performer_id = $1',
    values: [numberOfId(performerId)],
  });
  if (rows.length === 0) return null;
  const of = { performerId, ...rows[0] };
  return { of, upcoming: await readUpcoming(pool, 'performer', of.name, query) };
}

const isOf = {
  venue: 'e.venue_id = $1',
  performer: 'e.performers @> ARRAY[$1::text]',
} as const;

async function readUpcoming(
  pool: Pool,
  kind: keyof typeof isOf,
  of: string,
  { nowMs, page, pageSize }: UpcomingQuery,
): Promise<EventPage> {
  const first = (page - 1) * pageSize;
  const size = Math.max(0, Math.min(pageSize, limits.eventsListedMax - first));
  const { rows } = await pool.query<PageRow>({
    name: `upcoming-of-${kind}`,
    text: `
      WITH matched AS MATERIALIZED (
        SELECT e.event_id, e.starts_at FROM event e
         WHERE ${isOf[kind]}
           AND greatest(e.starts_at, e.sale_ends_at) > to_timestamp($2::float8 / 1000)
         LIMIT ${limits.eventsListedMax}
      ), page AS MATERIALIZED (
        SELECT * FROM matched ORDER BY starts_at, event_id LIMIT $3 OFFSET $4
      )
      SELECT (SELECT count(*)::integer FROM matched) AS total, shown.*
        FROM (SELECT 1) AS always
        LEFT JOIN (page p CROSS JOIN ${shownOfPage}) ON true
       ORDER BY p.starts_at, p.event_id`,
    values: [of, nowMs, size, first],
  });
  return { total: rows[0].total, events: eventsOf(rows) };
}
