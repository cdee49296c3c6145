import type { Handlers } from '../area.js';
import type { BookingParts } from '../bookings/booking-parts.js';
import { Bookings } from '../bookings/handlers.js';
import { Reservations, type ReservationParts } from '../reservations/handlers.js';
import type { reserveAndCheckoutRows } from './rows.js';

export function reserveAndCheckoutHandlers(
  parts: ReservationParts & BookingParts,
): Handlers<typeof reserveAndCheckoutRows> {
  return {
    lockSeats: new Reservations(parts).lock,
    checkout: new Bookings(parts).checkout,
  };
}
