import type { LiveStreams } from '../live/streams.js';
import type { Route } from '../http/route.js';
import type { GatewayParts } from '../parts.js';
import { Bookings } from './bookings/handlers.js';
import { searchEvents, showEvent, showLayout } from './events/handlers.js';
import * as probes from './probes/handlers.js';
import { Reservations } from './reservations/handlers.js';
import { showSeats } from './seats/handlers.js';
import { openSession } from './sessions/handlers.js';
import { routesWith, type Handlers } from './table.js';

/** Who answers which row of the route table. */
export function createRoutes(parts: GatewayParts, streams: LiveStreams): readonly Route[] {
  const reservations = new Reservations(parts);
  const bookings = new Bookings(parts);
  const handlers: Handlers = {
    openSession: (exchange) => openSession(parts, exchange),
    searchEvents: (exchange) => searchEvents(parts, exchange),
    showEvent: (exchange) => showEvent(parts, exchange),
    showLayout: (exchange) => showLayout(parts, exchange),
    showSeats: (exchange) => showSeats(parts, exchange),
    watchEvent: streams.serve,
    createReservation: reservations.create,
    showReservation: reservations.show,
    releaseReservation: reservations.release,
    extendReservation: reservations.extend,
    createBooking: bookings.create,
    showBooking: bookings.show,
    listBookings: bookings.list,
    lockSeats: reservations.lock,
    checkout: bookings.checkout,
    livez: probes.live,
    readyz: (exchange) => probes.ready(parts, exchange),
    metrics: (exchange) => probes.metrics(parts, exchange),
  };
  return routesWith(handlers, { createReservation: reservations.createQuickly });
}
