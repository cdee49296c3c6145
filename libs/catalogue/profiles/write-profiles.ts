import type { PoolClient } from 'pg';
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
}

export interface WrittenVenue {
  readonly number: string;
  /** `venue address: Old Street 1 -> New Street 2`. */
  readonly changes: readonly string[];
}

/** Makes the venue where there is none of this name in this city. */
export async function writeVenue(client: PoolClient, event: NamedVenue): Promise<WrittenVenue> {
  const { venue, city, saidOfVenue: said } = event;
  const { rows } = await client.query<StoredVenue>(
    // The update changes nothing; it is there because DO NOTHING would not return the row.
    `INSERT INTO venue (name, city, name_key, city_key, search_version)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (city_key, name_key) DO UPDATE SET name = venue.name
     RETURNING venue_id, address, capacity, time_zone AS "timeZone"`,
    [venue, city, keyOf(venue), keyOf(city), searchVersion],
  );
  const [{ venue_id: number, ...before }] = rows;
  const after = { ...before, ...said };
  const changed = fields.filter(([field]) => before[field] !== after[field]);
  if (changed.length > 0) {
    await client.query(
      'UPDATE venue SET address = $2, capacity = $3, time_zone = $4 WHERE venue_id = $1',
      [number, after.address, after.capacity, after.timeZone],
    );
  }
  const word = (value: string | number | null | undefined) => String(value ?? 'none');
  return {
    number,
    changes: changed.map(
      ([field, name]) => `venue ${name}: ${word(before[field])} -> ${word(after[field])}`,
    ),
  };
}

interface StoredVenue {
  readonly venue_id: string;
  readonly address: string | null;
  readonly capacity: number | null;
  readonly timeZone: string | null;
}

const fields = [
  ['address', 'address'],
  ['capacity', 'capacity'],
  ['timeZone', 'time_zone'],
] as const;

/** After the event: its row has brought theirs. Gives what changed, in words. */
export async function writePerformers(
  client: PoolClient,
  said: readonly SaidOfPerformer[],
): Promise<string[]> {
  const changes: string[] = [];
  // In the order in which all imports lock them.
  for (const { name, description, links } of said.toSorted(byName)) {
    const { rowCount } = await client.query(
      `UPDATE performer SET description = coalesce($2, description), links = coalesce($3, links)
        WHERE name = $1
          AND (description, links)
              IS DISTINCT FROM (coalesce($2, description), coalesce($3, links))`,
      [name, description ?? null, links ?? null],
    );
    if (rowCount === 1) changes.push(`performer ${name}: description or links`);
  }
  return changes;
}

const byName = (a: SaidOfPerformer, b: SaidOfPerformer): number => (a.name < b.name ? -1 : 1);
