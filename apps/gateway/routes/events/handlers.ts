import type { Catalogue } from '#libs/catalogue/catalogue.js';

import { areaFrame } from '../../live/frames.js';
import { matchesTag } from '../../http/entity-tag.js';
import type { Exchange } from '../../http/exchange.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Handlers } from '../area.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import { listEvents } from './list-events.js';
import type { eventRows } from './rows.js';
import { summaryJson } from './summary-json.js';

/** What is on sale: the list, one event with its live state, and its seating plan. */
export interface EventParts extends EventStepParts {
  readonly catalogue: Pick<Catalogue, 'search'>;
}

export const eventHandlers = (parts: EventParts): Handlers<typeof eventRows> => ({
  listEvents: (exchange) => listEvents(parts.catalogue, exchange, '/v1/events'),
  searchEvents: (exchange) => listEvents(parts.catalogue, exchange, '/v1/events/search'),
  showEvent: (exchange) => showEvent(parts, exchange),
  showLayout: (exchange) => showLayout(parts, exchange),
});

async function showEvent(parts: EventParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { detail } = entry;
  const { rules } = detail;
  const replica = parts.replicas.of(entry);
  const live = replica !== null && (await replica.ready());
  const body = {
    ...summaryJson(detail),
    description: detail.description,
    layout_hash: detail.layoutHash,
    seat_count: detail.seatCount,
    categories: detail.categories.map(({ name, priceMinor }) => ({ name, price: priceMinor })),
    areas: detail.areas.map(({ name, capacity, priceMinor }) => ({
      name,
      capacity,
      price: priceMinor,
    })),
    places_per_reservation_max: rules.placesPerHoldMax,
    places_per_buyer_max: rules.placesPerBuyerMax,
    reservation_seconds: Math.floor(rules.holdTtlMs / 1000),
    sale_status: live ? replica.map.saleStatus : null,
    availability: live ? availabilityOf(replica) : null,
  };
  exchange.json(200, JSON.stringify(body));
}

/** Content-hashed: a plan never changes, so its address may be kept for ever. */
async function showLayout(parts: EventParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const etag = `"${entry.layout.hash}"`;
  const headers = [
    ['ETag', etag],
    ['Cache-Control', 'public, max-age=31536000, immutable'],
  ] as const;
  if (matchesTag(exchange.headers.ifNoneMatch, etag)) exchange.notModified(headers);
  else exchange.sendLarge('application/json', entry.layout.document, headers);
}

function availabilityOf(replica: EventReplica): object {
  const [free, held, booked, blocked] = replica.map.counts;
  return {
    version: replica.map.version,
    seats: { free, held, booked, blocked },
    areas: replica.map.areas.map((_counts, area) => areaFrame(replica, area)),
  };
}
