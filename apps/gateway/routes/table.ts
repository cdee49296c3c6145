import { assert } from '#libs/platform/assert.js';

import type { Route } from '../http/route.js';
import { adminHandlers } from './admin/handlers.js';
import { adminRows } from './admin/rows.js';
import * as adminSchemas from './admin/schemas.js';
import { area, type PartsOf, type Row } from './area.js';
import { bookingHandlers } from './bookings/handlers.js';
import { bookingRows } from './bookings/rows.js';
import * as bookingSchemas from './bookings/schemas.js';
import { cancellationHandlers } from './cancellations/handlers.js';
import { cancellationRows } from './cancellations/rows.js';
import * as cancellationSchemas from './cancellations/schemas.js';
import { configHandlers } from './config/handlers.js';
import { configRows } from './config/rows.js';
import * as configSchemas from './config/schemas.js';
import { eventHandlers } from './events/handlers.js';
import { eventRows } from './events/rows.js';
import * as eventSchemas from './events/schemas.js';
import { layoutHandlers } from './layouts/handlers.js';
import { layoutRows } from './layouts/rows.js';
import * as layoutSchemas from './layouts/schemas.js';
import { liveHandlers } from './live/handlers.js';
import { liveRows } from './live/rows.js';
import { mediaHandlers } from './media/handlers.js';
import { mediaRows } from './media/rows.js';
import * as mediaSchemas from './media/schemas.js';
import { probeHandlers } from './probes/handlers.js';
import { probeRows } from './probes/rows.js';
import { profileHandlers } from './profiles/handlers.js';
import { profileRows } from './profiles/rows.js';
import * as profileSchemas from './profiles/schemas.js';
import { refundHandlers } from './refunds/handlers.js';
import { refundRows } from './refunds/rows.js';
import * as refundSchemas from './refunds/schemas.js';
import { replayHandlers } from './replay/handlers.js';
import { replayRows } from './replay/rows.js';
import * as replaySchemas from './replay/schemas.js';
import { queueHandlers } from './queue/handlers.js';
import { queueRows } from './queue/rows.js';
import * as queueSchemas from './queue/schemas.js';
import { reservationHandlers } from './reservations/handlers.js';
import { reservationRows } from './reservations/rows.js';
import * as reservationSchemas from './reservations/schemas.js';
import { reserveAndCheckoutHandlers } from './reserve-and-checkout/handlers.js';
import { reserveAndCheckoutRows } from './reserve-and-checkout/rows.js';
import { seatHandlers } from './seats/handlers.js';
import { seatRows } from './seats/rows.js';
import * as seatSchemas from './seats/schemas.js';
import { sessionHandlers } from './sessions/handlers.js';
import { sessionRows } from './sessions/rows.js';
import * as sessionSchemas from './sessions/schemas.js';
import { statusHandlers } from './status/handlers.js';
import { statusRows } from './status/rows.js';
import * as statusSchemas from './status/schemas.js';
import { stripeHandlers } from './stripe/handlers.js';
import { stripeRows } from './stripe/rows.js';
import * as stripeSchemas from './stripe/schemas.js';
import { ownEventsOnly } from './shared/own-events.js';
import * as sharedSchemas from './shared/schemas.js';

/**
 * The route table: every address of the API, what it takes, what it gives, who may ask. A new area
 * is one line here, a new route of an area none. In the order of the API, which is also the order
 * of the document.
 */
const areas = [
  area(configRows, configSchemas, configHandlers),
  area(sessionRows, sessionSchemas, sessionHandlers),
  area(eventRows, eventSchemas, eventHandlers),
  area(profileRows, profileSchemas, profileHandlers),
  area(layoutRows, layoutSchemas, layoutHandlers),
  area(mediaRows, mediaSchemas, mediaHandlers),
  area(seatRows, seatSchemas, seatHandlers),
  area(liveRows, {}, liveHandlers),
  area(queueRows, queueSchemas, queueHandlers),
  area(reservationRows, reservationSchemas, reservationHandlers),
  area(bookingRows, bookingSchemas, bookingHandlers),
  area(reserveAndCheckoutRows, {}, reserveAndCheckoutHandlers),
  area(stripeRows, stripeSchemas, stripeHandlers),
  area(adminRows, adminSchemas, adminHandlers),
  area(refundRows, refundSchemas, refundHandlers),
  area(cancellationRows, cancellationSchemas, cancellationHandlers),
  area(replayRows, replaySchemas, replayHandlers),
  area(statusRows, statusSchemas, statusHandlers),
  area(probeRows, {}, probeHandlers),
] as const;

/** What the routes are made of; put together once, in gateway.ts. */
export type RouteParts = PartsOf<typeof areas>;

/** The document is made from these alone, without a running gateway. */
export const routeRows: readonly Row[] = areas.flatMap(({ rows }) =>
  Object.entries(rows).map(([operationId, row]) => ({ operationId, ...row })),
);

/** What the document calls by name: the schemas of all areas and those they share. */
export const routeSchemas = merged([sharedSchemas, ...areas.map(({ schemas }) => schemas)]);

export function routeIndexOf(operationId: string): number {
  const index = routeRows.findIndex((row) => row.operationId === operationId);
  assert(index !== -1, 'the route table has this operation');
  return index;
}

export function createRoutes(parts: RouteParts): readonly Route[] {
  return areas.flatMap(({ rows, handlers }) => {
    const own = handlers(parts);
    return Object.entries(rows).map(([operationId, row]): Route => {
      const handler = own[operationId];
      const { handle, ...quick } = typeof handler === 'function' ? { handle: handler } : handler;
      const short = typeof row.auth !== 'string' && 'quick' in quick;
      assert(!short, 'there is no short way past the check of a role');
      return { operationId, ...row, ...quick, handle: ownEventsOnly(row, handle, parts) };
    });
  });
}

/** Of two shapes of one name, one would silently stand for both in the document. */
function merged<Schema>(
  parts: readonly Readonly<Record<string, Schema>>[],
): Record<string, Schema> {
  const entries = parts.flatMap((part) => Object.entries(part));
  const all = Object.fromEntries(entries);
  assert(Object.keys(all).length === entries.length, 'a schema has a name of its own');
  return all;
}
