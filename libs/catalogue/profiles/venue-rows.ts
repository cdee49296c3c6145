import { mediaAddressOrNone } from '../media/event-image.js';
import type { Venue, VenueId } from './venues-performers.js';

/** Of a venue; the alias is v. */
export interface VenueRow {
  readonly venue_id: string;
  readonly venue: string;
  readonly city: string;
  readonly venue_thumbnail: string | null;
  readonly address: string | null;
  readonly capacity: number | null;
  readonly venue_time_zone: string | null;
  readonly venue_large: string | null;
}

/** What lists of events say of it. */
export const venueNames =
  'v.venue_id, v.name AS venue, v.city, v.image_thumbnail AS venue_thumbnail';
/** The rest. */
export const houseColumns =
  'v.address, v.capacity, v.time_zone AS venue_time_zone, v.image_large AS venue_large';

export const venueOf = (row: VenueRow): Venue => ({
  venueId: `ven_${row.venue_id}` as VenueId,
  name: row.venue,
  city: row.city,
  address: row.address,
  capacity: row.capacity,
  timeZone: row.venue_time_zone,
  thumbnailUrl: mediaAddressOrNone(row.venue_thumbnail),
  imageUrl: mediaAddressOrNone(row.venue_large),
});
