import type { EventSummary } from '#libs/catalogue/catalogue.js';
import { startTimeText } from '#libs/catalogue/start-time.js';
import { zoneOfOffset } from '#libs/catalogue/time-zones/zone-clock.js';

import { isoTime } from '../shared/iso-time.js';

/** What every answer about an event says of it, in the words of the API. */
export function summaryJson(event: EventSummary): object {
  const { startsAtMs: atMs, utcOffsetMinutes } = event;
  return {
    event_id: event.eventId,
    name: event.name,
    type: event.type,
    date: startTimeText({ atMs, utcOffsetMinutes }),
    time_zone: event.timeZone ?? zoneOfOffset(utcOffsetMinutes),
    venue_id: event.venueId,
    venue_name: event.venue,
    city: event.city,
    thumbnail_url: event.thumbnailUrl,
    performers: event.performers,
    starts_at: isoTime(atMs),
    on_sale_at: event.onSaleAtMs === null ? null : isoTime(event.onSaleAtMs),
    cancelled_at: event.cancelledAtMs === null ? null : isoTime(event.cancelledAtMs),
    currency: event.currency,
    currency_digits: event.currencyDigits,
    price_min: event.priceMinMinor,
    price_max: event.priceMaxMinor,
  };
}
