import type { Pool } from 'pg';
import { searchVersion, keyOf } from '../search/plain-words.js';
import {
  cityKeys,
  searchVector,
  searchWords,
  type SearchableText,
} from '../search/search-terms.js';

/**
 * A catalogue of any size for specs and measurements, written without imports: names of three
 * syllables (8,000 of them), a few words that every eighth event has, eight cities, six types, one
 * event an hour.
 */
const syllables = [
  ...['ka', 'mo', 'ri', 'ta', 'lu', 'ven', 'sor', 'del', 'fin', 'qua'],
  ...['bra', 'ost', 'hem', 'zil', 'pu', 'gno', 'wex', 'cha', 'ny', 'dro'],
];
export const genres = [
  ...['Concert', 'Musical', 'Opera', 'Ballet', 'Comedy', 'Festival', 'Derby', 'Final'],
];
export const cities = ['London', 'Leeds', 'Köln', 'Hamburg', 'Chicago', 'Tokyo', 'Madrid', 'Oslo'];
export const types = ['concert', 'theatre', 'sport', 'film', 'family', 'other'];
const venueCount = 1_000;
const atOnce = 5_000;
/** Of these somebody has bought places, and of every tenth of all events the last one. */
const touchedEach = 5;

export function nameOf(n: number): string {
  const count = syllables.length;
  const digits = [n, Math.floor(n / count), Math.floor(n / count ** 2)];
  const name = digits.map((digit) => syllables[digit % count]).join('');
  return name[0].toUpperCase() + name.slice(1);
}

interface Made extends SearchableText {
  readonly id: string;
}

export const eventOf = (i: number): Made => ({
  id: `evt_${i}`,
  name: `${nameOf(i * 7)} ${nameOf(i * 13 + 5)} ${genres[i % genres.length]}`,
  performers: [nameOf(i * 31 + 2), `The ${nameOf(i * 3 + 1)}`],
  venue: `${nameOf((i % venueCount) * 5)} Hall`,
  city: cities[i % cities.length],
  type: types[i % types.length],
});

export async function fillCatalogue(pool: Pool, count: number): Promise<void> {
  await pool.query("INSERT INTO seating_plan VALUES ('h', 'Plan', 1, '{Stalls}', '[]', '', '')");
  const venues = Array.from({ length: venueCount }, (_, i) => eventOf(i));
  await pool.query(
    `INSERT INTO venue (name, city, name_key, city_key, search_version)
     SELECT *, $5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
    [
      venues.map(({ venue }) => venue),
      venues.map(({ city }) => city),
      venues.map(({ venue }) => keyOf(venue)),
      venues.map(({ city }) => keyOf(city)),
      searchVersion,
    ],
  );
  const words = new Set<string>();
  for (let from = 0; from < count; from += atOnce) {
    const events = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) =>
      eventOf(from + i),
    );
    events.flatMap(searchWords).forEach((word) => words.add(word));
    await insertEvents(pool, events, from);
  }
  await pool.query('INSERT INTO search_word SELECT unnest($1::text[])', [[...words]]);
  await pool.query('INSERT INTO search_city SELECT unnest($1::text[])', [
    [...new Set(cities.flatMap(cityKeys))],
  ]);
  await pool.query(
    `INSERT INTO event_availability (event_id, epoch, version, free, sale_status)
     SELECT 'evt_' || i, 1, 1, CASE WHEN i % 10 = 0 THEN 0 ELSE 5 END, 'on_sale'
       FROM generate_series(0, $1::integer - 1, ${touchedEach}) AS i`,
    [count],
  );
  await pool.query('VACUUM ANALYZE');
}

async function insertEvents(pool: Pool, events: readonly Made[], from: number): Promise<void> {
  await pool.query(
    `INSERT INTO event (event_id, name, description, venue_id, performers, starts_at, plan_hash,
                        currency, price_min_minor, price_max_minor, rules, type, search,
                        search_version)
     SELECT i, n, '', 1 + ($7 + o - 1) % ${venueCount}, ARRAY[p],
            '2027-01-01Z'::timestamptz + ($7 + o) * interval '1 hour',
            'h', 'EUR', 100, 200, '{"prices":[100],"currency":"EUR","holdTtlMs":600000}', t,
            s::tsvector, $6
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
         AS e (i, n, p, t, s, o)`,
    [
      events.map((event) => event.id),
      events.map((event) => event.name),
      events.map((event) => event.performers[0]),
      events.map((event) => event.type),
      events.map(searchVector),
      searchVersion,
      from,
    ],
  );
}
