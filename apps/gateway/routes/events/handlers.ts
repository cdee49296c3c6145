import type { Catalogue, EventSummary } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';

import { areaFrame } from '../../live/frames.js';
import { matchesTag } from '../../http/entity-tag.js';
import type { Exchange } from '../../http/exchange.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Handlers } from '../area.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import { isoTime } from '../shared/iso-time.js';
import type { eventRows } from './rows.js';

export interface EventParts extends EventStepParts {
  readonly catalogue: Pick<Catalogue, 'search'>;
}

export const eventHandlers = (parts: EventParts): Handlers<typeof eventRows> => ({
  searchEvents: (exchange) => searchEvents(parts, exchange),
  showEvent: (exchange) => showEvent(parts, exchange),
  showLayout: (exchange) => showLayout(parts, exchange),
});

/** What is on sale: search, one event with its live state, and its seating plan. */
interface SearchQuery {
  readonly keyword?: string;
  readonly city?: string;
  readonly start?: string;
  readonly end?: string;
  readonly page?: number;
  readonly page_size?: number;
}

async function searchEvents(parts: EventParts, exchange: Exchange): Promise<void> {
  const query = exchange.query as SearchQuery;
  const startMs = timeOf(query.start);
  const endMs = timeOf(query.end);
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) {
    const field = Number.isNaN(startMs) ? 'query.start' : 'query.end';
    exchange.error('invalid_request', { field, detail: 'must be a date or an RFC 3339 time' });
    return;
  }
  const page = query.page ?? 1;
  const pageSize = query.page_size ?? limits.pageSizeDefault;
  const { keyword = '', city = '' } = query;
  const found = await parts.catalogue.search({ keyword, city, startMs, endMs, page, pageSize });
  const events = found.events.map(summaryJson);
  exchange.json(200, JSON.stringify({ total: found.total, page, page_size: pageSize, events }));
}

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

function summaryJson(event: EventSummary): object {
  return {
    event_id: event.eventId,
    name: event.name,
    venue: event.venue,
    city: event.city,
    performers: event.performers,
    starts_at: isoTime(event.startsAtMs),
    on_sale_at: event.onSaleAtMs === null ? null : isoTime(event.onSaleAtMs),
    currency: event.currency,
    price_min: event.priceMinMinor,
    price_max: event.priceMaxMinor,
  };
}

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** NaN: not a time. A date alone is its first moment in UTC. */
function timeOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  return timePattern.test(text) ? Date.parse(text) : Number.NaN;
}
