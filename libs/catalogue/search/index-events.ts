import type { Pool, PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { inTransaction } from '#libs/database/transaction.js';
import { keyOf, searchVersion } from './plain-words.js';
import { cityKeys, searchVector, searchWords, type SearchableText } from './search-terms.js';

/**
 * Derives again what was derived by an older build, or not at all: terms of events, keys of venues.
 * Called when a process of a new release starts, and by gateways for events that changed. Rows of a
 * higher version are of a newer build and stay (versions only rise). Several processes may do it at
 * the same time: rows that another one has at work are passed over. Resolves with how many events.
 */
export async function indexStaleEvents(pool: Pool): Promise<number> {
  await rekeyVenues(pool);
  let all = 0;
  for (;;) {
    const done = await inTransaction(pool, indexSome);
    all += done;
    if (done < limits.indexAtOnceMax) return all;
  }
}

/** Words of an event for those who misspell one; for the transaction that writes the event. */
export async function insertSearchWords(client: PoolClient, event: SearchableText): Promise<void> {
  await insertAll(client, 'search_word', searchWords(event));
  await insertAll(client, 'search_city', cityKeys(event.city));
}

async function indexSome(client: PoolClient): Promise<number> {
  const { rows } = await client.query<SearchableText & { event_id: string }>(
    `SELECT e.event_id, e.name, e.performers, e.type, v.name AS venue, v.city
       FROM event e JOIN venue v USING (venue_id)
      WHERE e.search_version < $1
      ORDER BY e.event_id LIMIT ${limits.indexAtOnceMax} FOR UPDATE OF e SKIP LOCKED`,
    [searchVersion],
  );
  if (rows.length === 0) return 0;
  await client.query(
    `UPDATE event e SET search = n.search::tsvector, search_version = $3
       FROM unnest($1::text[], $2::text[]) AS n (event_id, search)
      WHERE e.event_id = n.event_id`,
    [rows.map((row) => row.event_id), rows.map(searchVector), searchVersion],
  );
  await insertAll(client, 'search_word', distinctSorted(rows.flatMap(searchWords)));
  await insertAll(client, 'search_city', distinctSorted(rows.flatMap((row) => cityKeys(row.city))));
  return rows.length;
}

/** Two venues that have one key by now keep the keys they had: nothing is merged unasked. */
async function rekeyVenues(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ venue_id: string; name: string; city: string }>(
    'SELECT venue_id, name, city FROM venue WHERE search_version < $1 ORDER BY venue_id',
    [searchVersion],
  );
  for (const { venue_id: venueId, name, city } of rows) {
    await pool.query(
      `UPDATE venue v SET search_version = $1,
              name_key = CASE WHEN taken.is THEN name_key ELSE $3 END,
              city_key = CASE WHEN taken.is THEN city_key ELSE $4 END
         FROM (SELECT EXISTS (SELECT FROM venue WHERE venue_id <> $2 AND name_key = $3
                                 AND city_key = $4) AS is) AS taken
        WHERE venue_id = $2`,
      [searchVersion, venueId, keyOf(name), keyOf(city)],
    );
  }
}

const distinctSorted = (words: readonly string[]): string[] => [...new Set(words)].sort();

async function insertAll(
  client: PoolClient,
  table: 'search_word' | 'search_city',
  words: readonly string[],
): Promise<void> {
  await client.query(`INSERT INTO ${table} SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`, [
    words,
  ]);
}
