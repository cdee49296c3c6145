import type { Venue } from '#libs/catalogue/profiles/venues-performers.js';

/** A venue in the words of the API, on its own page and in the answer about an event. */
export const houseJson = (house: Venue): object => ({
  venue_id: house.venueId,
  name: house.name,
  city: house.city,
  address: house.address,
  capacity: house.capacity,
  time_zone: house.timeZone,
  thumbnail_url: house.thumbnailUrl,
  image_url: house.imageUrl,
});
