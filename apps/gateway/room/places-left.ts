import type { Room } from '#libs/room/room.js';

/** What can still be had, and what may come back, as everybody is told it. */
export const placesLeft = (room: Room) => ({
  places_free: room.placesFree,
  places_held: room.placesHeld,
  places_paying: room.placesPaying,
  together: room.together === null ? null : [...room.together],
});
