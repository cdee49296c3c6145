import type { Pool, PoolClient } from 'pg';
import { imageWord, type SaidImages } from '../media/event-image.js';
import { nameImage } from '../media/media-rows.js';
import { keyOf, searchVersion } from '../search/plain-words.js';

/**
 * What an event file says of its venue and its performers beside their names, for the transaction
 * that writes the event. They are shared by events: the file that was imported last has the word,
 * about what it says; what it does not say stays.
 */
export interface SaidOfVenue {
  /** null: it has none any more. So are the others. */
  readonly address?: string | null;
  readonly capacity?: number | null;
  readonly timeZone?: string | null;
}

export interface SaidOfPerformer {
  readonly name: string;
  readonly description?: string;
  readonly links?: readonly string[];
}

export interface NamedVenue {
  readonly venue: string;
  readonly city: string;
  readonly saidOfVenue: SaidOfVenue;
  readonly images: SaidImages;
}

export interface WrittenVenue {
  readonly number: string;
  /** `venue address: Old Street 1 -> New Street 2`. */
  readonly changes: readonly string[];
}

/** Makes the venue where there is none of this name in this city. */
export async function writeVenue(client: PoolClient, event: NamedVenue): Promise<WrittenVenue> {
  const { venue, city, images } = event;
  const { rows } = await client.query<StoredVenue>(
    // The update changes nothing; it is there because DO NOTHING would not return the row.
    `INSERT INTO venue (name, city, name_key, city_key, search_version)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_key, name_key) DO UPDATE SET name = venue.name
     RETURNING ${storedColumns}`,
    [venue, city, keyOf(venue), keyOf(city), searchVersion],
  );
  const [before] = rows;
  const after = { ...before, ...event.saidOfVenue };
  const changes = changesOf(before, event);
  if (changes.length > 0) {
    await client.query(
      'UPDATE venue SET address = $2, capacity = $3, time_zone = $4 WHERE venue_id = $1',
      [before.number, after.address, after.capacity, after.timeZone],
    );
  }
  if (images.venue !== undefined) await nameImage(client, 'venue', before.number, images.venue);
  return { number: before.number, changes };
}

/** What writeVenue would change, in the same words. Reads only. */
export async function venueChanges(pool: Pool, event: NamedVenue): Promise<readonly string[]> {
  const { rows } = await pool.query<StoredVenue>(
    `SELECT ${storedColumns} FROM venue WHERE city_key = $1 AND name_key = $2`,
    [keyOf(event.city), keyOf(event.venue)],
  );
  return rows.length === 0 ? [] : changesOf(rows[0], event);
}

function changesOf(before: StoredVenue, { saidOfVenue, images }: NamedVenue): string[] {
  const said = images.venue === undefined ? {} : { image: images.venue?.source ?? null };
  const after = { ...before, ...saidOfVenue, ...said };
  return fields
    .filter(([field]) => before[field] !== after[field])
    .map(([field, name, word]) => `venue ${name}: ${word(before[field])} -> ${word(after[field])}`);
}

interface StoredVenue {
  readonly number: string;
  readonly address: string | null;
  readonly capacity: number | null;
  readonly timeZone: string | null;
  /** `source` of its picture. */
  readonly image: string | null;
}

const storedColumns =
  'venue_id AS number, address, capacity, time_zone AS "timeZone", image_source AS image';

const plainWord = (value: string | number | null): string => String(value ?? 'none');

const fields = [
  ['address', 'address', plainWord],
  ['capacity', 'capacity', plainWord],
  ['timeZone', 'time_zone', plainWord],
  ['image', 'image', (value: string | number | null) => imageWord(value as string | null)],
] as const;

/** After the event: its row has brought theirs. Gives what changed, in words. */
export async function writePerformers(
  client: PoolClient,
  said: readonly SaidOfPerformer[],
): Promise<string[]> {
  const changes: string[] = [];
  // In the order in which all imports lock them.
  for (const one of said.toSorted(byName)) {
    const { rowCount } = await client.query(
      `UPDATE performer SET description = coalesce($2, description), links = coalesce($3, links)
        WHERE ${saysOther}`,
      valuesOf(one),
    );
    if (rowCount === 1) changes.push(performerWord(one));
  }
  return changes;
}

/** What writePerformers would change of those that are there, in the same words. Reads only. */
export async function performerChanges(
  pool: Pool,
  said: readonly SaidOfPerformer[],
): Promise<string[]> {
  const changes: string[] = [];
  for (const one of said.toSorted(byName)) {
    const { rowCount } = await pool.query(
      `SELECT FROM performer WHERE ${saysOther}`,
      valuesOf(one),
    );
    if (rowCount === 1) changes.push(performerWord(one));
  }
  return changes;
}

const saysOther = `name = $1
  AND (description, links)
      IS DISTINCT FROM (coalesce($2, description), coalesce($3::text[], links))`;

const valuesOf = ({ name, description, links }: SaidOfPerformer): unknown[] => [
  name,
  description ?? null,
  links ?? null,
];

const performerWord = ({ name }: SaidOfPerformer): string =>
  `performer ${name}: description or links`;

const byName = (a: SaidOfPerformer, b: SaidOfPerformer): number => (a.name < b.name ? -1 : 1);
