import type { Cancellation } from '#libs/catalogue/cancellation.js';
import type { EventDetail } from '#libs/catalogue/catalogue.js';
import { percentWord, type FeeTerms } from '#libs/catalogue/fees.js';
import type { AccessibleRelease } from '#libs/inventory/layout.js';

import { breakdownOf } from '../shared/breakdown.js';
import { isoTime } from '../shared/iso-time.js';
import { areaFrame } from '../../live/frames.js';
import type { EventPages } from '../../events/event-pages.js';
import type { Exchange } from '../../http/exchange.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Handlers } from '../area.js';
import { houseJson } from '../profiles/house-json.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import { listEvents, showFacets, type ListParts } from './list-events.js';
import type { eventRows } from './rows.js';
import { summaryJson } from './summary-json.js';

/** What is on sale: the list, one event with its live state. */
export interface EventParts extends EventStepParts, ListParts {
  readonly shows: EventPages;
}

export const eventHandlers = (parts: EventParts): Handlers<typeof eventRows> => ({
  listEvents: (exchange) => listEvents(parts, exchange, '/v1/events'),
  searchEvents: (exchange) => listEvents(parts, exchange, '/v1/events/search'),
  showFacets: (exchange) => showFacets(parts, exchange),
  showEvent: (exchange) => showEvent(parts, exchange),
});

async function showEvent(parts: EventParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { answers, replicas, shows } = parts;
  const { detail } = entry;
  const replica = replicas.of(entry);
  // In a moment its seats may be known: nobody keeps it until then.
  if (replica === null || !(await replica.ready())) {
    await answers.json(exchange, eventText(detail, null), [['Cache-Control', 'no-store']]);
    return;
  }
  const page = shows.page(detail, replica, () => eventText(detail, replica));
  if (!answers.notModified(exchange, page.as)) await answers.send(exchange, page.body, page.as);
}

/** Null: nothing is known of its seats now. */
function eventText(detail: EventDetail, replica: EventReplica | null): string {
  const { rules } = detail;
  return JSON.stringify({
    ...summaryJson(detail),
    image_url: detail.imageUrl,
    description: detail.description,
    venue: houseJson(detail.house),
    lineup: detail.performerIds.map((performerId, i) => ({
      performer_id: performerId,
      name: detail.performers[i],
    })),
    layout_hash: detail.layoutHash,
    seat_count: detail.seatCount,
    categories: detail.categories.map(({ name, priceMinor }) => ({
      name,
      price: priceMinor,
      ...breakdownOf(priceMinor, detail.fees.parts.get(priceMinor)),
    })),
    areas: detail.areas.map(({ name, capacity, priceMinor }) => ({
      name,
      capacity,
      price: priceMinor,
    })),
    places_per_reservation_max: rules.placesPerHoldMax,
    places_per_buyer_max: rules.placesPerBuyerMax,
    reservation_seconds: Math.floor(rules.holdTtlMs / 1000),
    sale_ends_at: rules.endsAtMs === null ? null : isoTime(rules.endsAtMs),
    buyers: rules.buyers,
    accessible_release: releaseJson(rules.accessibleRelease),
    wheelchair_limit: rules.wheelchairsPerBuyerMax,
    cancellation: cancellationJson(detail.cancellation),
    ...termsJson(detail.fees.terms),
    sale_status: replica === null ? null : replica.map.saleStatus,
    availability: replica === null ? null : availabilityOf(replica),
  });
}

/** A moment is one by then: how many hours before the start it is, is said once, at the import. */
const releaseJson = (release: AccessibleRelease): string =>
  typeof release === 'string' ? release : isoTime(release);

const cancellationJson = (rule: Cancellation | null): object | null =>
  rule === null
    ? null
    : {
        until: isoTime(rule.untilMs),
        fee_per_place: rule.feeMinor,
        booking_fee_kept: rule.keepsBookingFee,
      };

const termsJson = ({ ticketMinor, feeMilli, taxMilli }: FeeTerms): object => ({
  fees:
    ticketMinor + feeMilli === 0
      ? null
      : { percent: percentWord(feeMilli), per_ticket: ticketMinor },
  tax: taxMilli === null ? null : { percent: percentWord(taxMilli), included: true },
});

function availabilityOf(replica: EventReplica): object {
  const [free, held, booked, blocked] = replica.map.counts;
  return {
    version: replica.map.version,
    seats: { free, held, booked, blocked },
    areas: replica.map.areas.map((_counts, area) => areaFrame(replica, area)),
  };
}
