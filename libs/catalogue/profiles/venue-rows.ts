import type { Venue, VenueId } from './venues-performers.js';

/** Of a venue; the alias is v. */
export interface VenueRow {
  readonly venue_id: string;
  readonly venue: string;
  readonly city: string;
  readonly address: string | null;
  readonly capacity: number | null;
  readonly venue_time_zone: string | null;
}

/** What lists of events say of it. */
export const venueNames = 'v.venue_id, v.name AS venue, v.city';
/** The rest. */
export const houseColumns = 'v.address, v.capacity, v.time_zone AS venue_time_zone';

export const venueOf = (row: VenueRow): Venue => ({
  venueId: `ven_${row.venue_id}` as VenueId,
  name: row.venue,
  city: row.city,
  address: row.address,
  capacity: row.capacity,
  timeZone: row.venue_time_zone,
});
