import type { Pool } from 'pg';
import type { EventId } from '#libs/inventory/ids.js';

/** What an owner counted of its event: for searches, never for a hold. */
export interface AvailabilityCount {
  readonly eventId: EventId;
  readonly epoch: number;
  readonly version: number;
  /** Seats and places that are free and for sale. */
  readonly free: number;
  readonly saleStatus: 'scheduled' | 'open' | 'closed';
}

/** Where owners write their counts. */
export interface AvailabilityStore {
  /** Of counts of one event that by the later owner, at the later version, stays. */
  write(counts: readonly AvailabilityCount[]): Promise<void>;
}

export function createPostgresAvailability(pool: Pool): AvailabilityStore {
  return {
    async write(counts) {
      // In one order: two shards that write the same events do not wait for each other in a circle.
      const rows = counts.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
      await pool.query({
        name: 'availability-write',
        text: writeCounts,
        values: [
          rows.map(({ eventId }) => eventId),
          rows.map(({ epoch }) => epoch),
          rows.map(({ version }) => version),
          rows.map(({ free }) => free),
          rows.map(({ saleStatus }) => saleStatus),
        ],
      });
    },
  };
}

const writeCounts = `
  INSERT INTO event_availability AS a (event_id, epoch, version, free, sale_status)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::text[])
  ON CONFLICT (event_id) DO UPDATE
     SET epoch = EXCLUDED.epoch, version = EXCLUDED.version, free = EXCLUDED.free,
         sale_status = EXCLUDED.sale_status, counted_at = statement_timestamp()
   WHERE (a.epoch, a.version) < (EXCLUDED.epoch, EXCLUDED.version)`;
