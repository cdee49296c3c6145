import type { Pool, PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventImage, Media, SaidImages } from './event-image.js';

/**
 * Pictures in the database, each once under its hash, and which event or venue has which.
 *
 * MED1  A picture that something names is there: the rows that name it refer to it, and it is
 *       written in the same transaction before them.
 * MED2  One that nothing names is found so by the next import of a picture, and removed by the
 *       first a day later: pages that were read before still show it meanwhile.
 */
export async function loadMedia(pool: Pool, hash: string): Promise<Uint8Array | null> {
  const { rows } = await pool.query<{ bytes: Buffer }>({
    name: 'media',
    text: 'SELECT bytes FROM media WHERE hash = $1',
    values: [hash],
  });
  return rows.length === 0 ? null : rows[0].bytes;
}

/** In one order, so that no two imports wait for each other in a circle. */
export async function writeMedia(client: PoolClient, { event, venue }: SaidImages): Promise<void> {
  const images = [event, venue ?? null].filter((image) => image !== null);
  const media = images.flatMap(({ thumbnail, large }) => [thumbnail, large]);
  for (const { hash, bytes } of media.toSorted(byHash)) {
    // Whoever is about to remove it waits for this row, and finds it named.
    await client.query(
      `INSERT INTO media (hash, bytes) VALUES ($1, $2)
       ON CONFLICT (hash) DO UPDATE SET unnamed_at = NULL`,
      [hash, bytes],
    );
  }
}

const byHash = (a: Media, b: Media): number => (a.hash < b.hash ? -1 : 1);

const keys = { event: 'event_id', venue: 'venue_id' } as const;

/** null: it has none any more. A row that has this one already is not touched. */
export async function nameImage(
  client: PoolClient,
  table: keyof typeof keys,
  key: string,
  image: EventImage | null,
): Promise<void> {
  await client.query(
    `UPDATE ${table} SET image_source = $2, image_thumbnail = $3, image_large = $4
      WHERE ${keys[table]} = $1 AND image_source IS DISTINCT FROM $2`,
    [key, image?.source ?? null, image?.thumbnail.hash ?? null, image?.large.hash ?? null],
  );
}

/** Of what nothing names: tells when that was seen, and removes what was so for a day. */
export async function collectMedia(pool: Pool): Promise<void> {
  await pool.query(
    `UPDATE media m SET unnamed_at = statement_timestamp()
      WHERE unnamed_at IS NULL AND ${isUnnamed}`,
  );
  await pool.query(
    `DELETE FROM media m
      WHERE unnamed_at < statement_timestamp() - $1 * interval '1 millisecond' AND ${isUnnamed}`,
    [limits.mediaKeptMs],
  );
}

const isUnnamed = `
  NOT EXISTS (SELECT FROM event e WHERE e.image_thumbnail = m.hash)
  AND NOT EXISTS (SELECT FROM event e WHERE e.image_large = m.hash)
  AND NOT EXISTS (SELECT FROM venue v WHERE v.image_thumbnail = m.hash)
  AND NOT EXISTS (SELECT FROM venue v WHERE v.image_large = m.hash)`;
