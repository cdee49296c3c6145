import type { Venue } from '#libs/catalogue/profiles/venues-performers.js';

/** A venue in the words of the API, on its own page and in the answer about an event. */
export const houseJson = ({ venueId, name, city, address, capacity, timeZone }: Venue): object => ({
  venue_id: venueId,
  name,
  city,
  address,
  capacity,
  time_zone: timeZone,
});
