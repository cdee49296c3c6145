import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { InventoryLayout, SaleRules } from '#libs/inventory/layout.js';
import type { Cancellation } from './cancellation.js';
import type { EventFees } from './fees.js';
import type { PerformerId, Venue, VenueId } from './profiles/venues-performers.js';
import type { SeatLabels } from './seat-labels.js';
import type { SeatNames } from './seat-names.js';

/** What is on sale: venues, seating plans, events. Written by imports, read by everybody. */
export interface Catalogue {
  /** For the owner: the compiled plan (shared between events with the same hash) and the rules. */
  inventoryOf(eventId: EventId): Promise<EventInventory | null>;
  /** For the gateway: everything a buyer sees that does not change with sales. */
  eventOf(eventId: EventId): Promise<EventDetail | null>;
  layoutOf(eventId: EventId): Promise<PublicLayout | null>;
  /** The same by the plan's own hash; null: there is no such plan. */
  layoutOfHash(hash: string): Promise<PublicLayout | null>;
  search(query: EventQuery): Promise<EventPage>;
}

export interface EventInventory {
  readonly eventId: EventId;
  readonly layout: InventoryLayout;
  readonly rules: SaleRules;
}

export const eventTypes = ['concert', 'theatre', 'sport', 'film', 'family', 'other'] as const;
export type EventType = (typeof eventTypes)[number];

/** All events, the first page: what a query says that says nothing. */
export const everyEvent: EventQuery = {
  keyword: '',
  city: '',
  startMs: null,
  endMs: null,
  startDay: null,
  endDay: null,
  type: null,
  availableAtMs: null,
  page: 1,
  pageSize: limits.pageSizeDefault,
};

export interface EventQuery {
  /** Full text over name, performers, venue, city; typo-tolerant. Empty = all. */
  readonly keyword: string;
  readonly city: string;
  /** Inclusive bounds of the event's start, null = open. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** The same by the calendar at the venue, `2027-03-01`. */
  readonly startDay: string | null;
  readonly endDay: string | null;
  readonly type: EventType | null;
  /** Only what can be had at this moment, as far as owners have said; null: all. */
  readonly availableAtMs: number | null;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface EventPage {
  /** At most limits.eventsListedMax, which means so many or more. */
  readonly total: number;
  readonly events: readonly EventSummary[];
}

/** How many of the matches there are of each kind. */
export interface EventFacets {
  /** At most limits.eventsListedMax: of more, so many are counted. */
  readonly total: number;
  /** Most events first. */
  readonly types: readonly { readonly type: EventType; readonly events: number }[];
  /** Most events first, limits.facetCitiesMax at most. */
  readonly cities: readonly { readonly city: string; readonly events: number }[];
  /** By the calendar at the venue, `2027-03`, in order; limits.facetMonthsMax at most. */
  readonly months: readonly { readonly month: string; readonly events: number }[];
}

/** Counts for the filters of a search; its page does not matter. */
export interface FacetSearch {
  facetsOf(query: EventQuery): Promise<EventFacets>;
}

export interface EventSummary {
  readonly eventId: EventId;
  readonly name: string;
  readonly type: EventType;
  readonly venueId: VenueId;
  readonly venue: string;
  readonly city: string;
  readonly performers: readonly string[];
  readonly startsAtMs: number;
  /** Of the clock at the venue, east of Greenwich; null: not known. */
  readonly utcOffsetMinutes: number | null;
  /** IANA name; null: the file gave an offset only, or none. */
  readonly timeZone: string | null;
  /** Of a picture that never changes: the event's own, else its venue's. */
  readonly thumbnailUrl: string | null;
  readonly onSaleAtMs: number | null;
  /** When its owner said that it does not take place; null: it does. */
  readonly cancelledAtMs: number | null;
  readonly currency: string;
  /**
   * Decimals of the event's amounts; null: an older release stored them, and did not say. Such an
   * event is not charged before its file was imported once more (import-event.ts).
   */
  readonly currencyDigits: number | null;
  readonly priceMinMinor: number;
  readonly priceMaxMinor: number;
}

export interface EventDetail extends EventSummary {
  /** The same picture, larger; null: there is none, or it is elsewhere. */
  readonly imageUrl: string | null;
  /** Whose event it is; null: nobody's, so that only staff sees its sales. Not shown to buyers. */
  readonly organiser: string | null;
  readonly description: string;
  /** More about the venue. */
  readonly house: Venue;
  /** Ids of `performers`, in the same order. */
  readonly performerIds: readonly PerformerId[];
  readonly layoutHash: string;
  readonly seatCount: number;
  readonly categories: readonly { readonly name: string; readonly priceMinor: number }[];
  readonly areas: readonly {
    readonly name: string;
    readonly capacity: number;
    /** null: not for sale. */
    readonly priceMinor: number | null;
  }[];
  readonly rules: SaleRules;
  /** null: buyers cannot give bookings back themselves. */
  readonly cancellation: Cancellation | null;
  /** What is in the prices. */
  readonly fees: EventFees;
  /** Of two views of the event the one with the higher has the later rules. */
  readonly rulesRevision: number;
}

/** The static plan by public names; index i of every array is seat index i. */
export interface PublicLayout {
  readonly hash: string;
  /** Public seat ids (pretix seat_guid), by index and back. */
  readonly seats: SeatNames;
  readonly indexOfArea: ReadonlyMap<string, number>;
  /** Row label and seat number per seat. */
  readonly rowOf: readonly string[];
  readonly numberOf: readonly string[];
  /** What people call each seat. */
  readonly labels: SeatLabels;
  readonly layout: InventoryLayout;
  /** The document served at /v1/layouts/{hash}, UTF-8 JSON, ready to send. */
  readonly document: Uint8Array;
}
