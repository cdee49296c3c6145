import type {
  Catalogue,
  EventDetail,
  EventFacets,
  EventInventory,
  EventPage,
  EventQuery,
  FacetSearch,
  PublicLayout,
} from '#libs/catalogue/catalogue.js';
import { noFees } from '#libs/catalogue/fees.js';
import type { MediaSource } from '#libs/catalogue/media/event-image.js';
import type { Profiles, UpcomingQuery, WithEvents } from '#libs/catalogue/profiles/profiles.js';
import type {
  Performer,
  PerformerId,
  Venue,
  VenueId,
} from '#libs/catalogue/profiles/venues-performers.js';
import { SeatNames } from '#libs/catalogue/seat-names.js';
import { plainLabels } from '#libs/testing/plain-labels.js';
import type { EventId, MinorUnits } from '#libs/inventory/ids.js';
import { usualRules, type InventoryLayout, type SaleRules } from '#libs/inventory/layout.js';

/** A catalogue of one event: rows of ten seats named `A-1`, and a standing area. */
export const fakeEventId = 'evt_show1' as EventId;

const seatsPerRow = 10;

export type FakeRules = { readonly holdTtlMs?: number; readonly opensAtMs?: number };

export class FakeCatalogue implements Catalogue, Profiles, FacetSearch, MediaSource {
  readonly detail: EventDetail;
  readonly layout: PublicLayout;
  lookups = 0;
  searches: EventQuery[] = [];
  pages: UpcomingQuery[] = [];
  readonly media = new Map<string, Uint8Array>();
  /** What every search is said to have found. */
  total = 1;

  constructor(seatCount: number, areaCapacity: number, rules: FakeRules = {}) {
    this.layout = publicLayout(seatCount, areaCapacity);
    const detail = detailOf(this.layout, seatCount, areaCapacity);
    this.detail = { ...detail, rules: { ...detail.rules, ...rules } as SaleRules };
  }

  inventoryOf(eventId: EventId): Promise<EventInventory | null> {
    const { detail, layout } = this;
    const found = { eventId, layout: layout.layout, rules: detail.rules };
    return Promise.resolve(eventId === fakeEventId ? found : null);
  }

  eventOf(eventId: EventId): Promise<EventDetail | null> {
    this.lookups += 1;
    return Promise.resolve(eventId === fakeEventId ? this.detail : null);
  }

  layoutOf(eventId: EventId): Promise<PublicLayout | null> {
    return Promise.resolve(eventId === fakeEventId ? this.layout : null);
  }

  layoutOfHash(hash: string): Promise<PublicLayout | null> {
    this.lookups += 1;
    return Promise.resolve(hash === this.layout.hash ? this.layout : null);
  }

  search(query: EventQuery): Promise<EventPage> {
    this.searches.push(query);
    return Promise.resolve({ total: this.total, events: [this.detail] });
  }

  facetsOf(query: EventQuery): Promise<EventFacets> {
    this.searches.push(query);
    const { total } = this;
    return Promise.resolve({
      total,
      types: [{ type: 'concert', events: total }],
      cities: [{ city: 'Utrecht', events: total }],
      months: [{ month: '2027-05', events: total }],
    });
  }

  venueOf(venueId: VenueId, query: UpcomingQuery): Promise<WithEvents<Venue> | null> {
    return this.withEvents(venueId === fakeHouse.venueId ? fakeHouse : null, query);
  }

  performerOf(
    performerId: PerformerId,
    query: UpcomingQuery,
  ): Promise<WithEvents<Performer> | null> {
    return this.withEvents(performerId === fakePerformer.performerId ? fakePerformer : null, query);
  }

  mediaOf(hash: string): Promise<Uint8Array | null> {
    this.lookups += 1;
    return Promise.resolve(this.media.get(hash) ?? null);
  }

  private withEvents<Of>(of: Of | null, query: UpcomingQuery): Promise<WithEvents<Of> | null> {
    this.pages.push(query);
    const upcoming = { total: this.total, events: [this.detail] };
    return Promise.resolve(of === null ? null : { of, upcoming });
  }
}

export const fakeHouse: Venue = {
  venueId: 'ven_7' as VenueId,
  name: 'Old "Hall"',
  city: 'Utrecht',
  address: 'Domplein 1',
  capacity: 900,
  timeZone: 'Europe/Amsterdam',
  thumbnailUrl: `/v1/media/${'e'.repeat(64)}`,
  imageUrl: `/v1/media/${'f'.repeat(64)}`,
};

export const fakePerformer: Performer = {
  performerId: 'prf_3' as PerformerId,
  name: 'Somebody',
  description: 'Plays.',
  links: ['https://somebody.example/'],
};

function publicLayout(seatCount: number, areaCapacity: number): PublicLayout {
  const seats = Array.from({ length: seatCount }, (_, seat) => seat);
  const rowOf = seats.map((seat) => rowName(Math.floor(seat / seatsPerRow)));
  const numberOf = seats.map((seat) => String((seat % seatsPerRow) + 1));
  const seatIds = seats.map((seat) => `${rowOf[seat]}-${numberOf[seat]}`);
  return {
    hash: 'a'.repeat(64),
    seats: new SeatNames(seatIds),
    indexOfArea: new Map([['Floor', 0]]),
    rowOf,
    numberOf,
    labels: plainLabels(rowOf, numberOf),
    layout: inventoryLayout(seatCount, areaCapacity),
    document: Buffer.from('{"hash":"layout"}'),
  };
}

/** A, B, ... Z, AA, AB, ... */
function rowName(row: number): string {
  const letter = String.fromCharCode(65 + (row % 26));
  return row < 26 ? letter : rowName(Math.floor(row / 26) - 1) + letter;
}

function inventoryLayout(seatCount: number, areaCapacity: number): InventoryLayout {
  const rowCount = Math.ceil(seatCount / seatsPerRow);
  return {
    hash: 'a'.repeat(64),
    seatCount,
    rowCount,
    rowStart: Uint32Array.from({ length: rowCount + 1 }, (_, r) =>
      Math.min(r * seatsPerRow, seatCount),
    ),
    rowOfSeat: Uint32Array.from({ length: seatCount }, (_, i) => Math.floor(i / seatsPerRow)),
    neighbourNext: Uint8Array.from({ length: seatCount }, (_, i) =>
      i % seatsPerRow === seatsPerRow - 1 || i === seatCount - 1 ? 0 : 1,
    ),
    categoryOfSeat: new Uint16Array(seatCount),
    sectionOfRow: new Uint16Array(rowCount),
    flagsOfSeat: new Uint8Array(seatCount),
    x: new Float32Array(seatCount),
    y: new Float32Array(seatCount),
    focalX: 0,
    focalY: 0,
    categories: ['Standard'],
    sections: ['Main'],
    areas: [{ name: 'Floor', capacity: areaCapacity, category: 0 }],
  };
}

function detailOf(layout: PublicLayout, seatCount: number, areaCapacity: number): EventDetail {
  return {
    eventId: fakeEventId,
    name: 'The Show',
    type: 'concert',
    venueId: fakeHouse.venueId,
    venue: fakeHouse.name,
    house: fakeHouse,
    performerIds: [fakePerformer.performerId],
    city: 'Utrecht',
    performers: ['Somebody'],
    startsAtMs: Date.UTC(2027, 4, 1, 18),
    utcOffsetMinutes: 120,
    timeZone: 'Europe/Amsterdam',
    thumbnailUrl: 'https://pictures.example/show.5f3a.jpg',
    imageUrl: null,
    onSaleAtMs: null,
    currency: 'EUR',
    currencyDigits: 2,
    cancelledAtMs: null,
    priceMinMinor: 5_000,
    priceMaxMinor: 5_000,
    organiser: 'acme',
    description: 'A show.',
    layoutHash: layout.hash,
    seatCount,
    categories: [{ name: 'Standard', priceMinor: 5_000 }],
    areas: [{ name: 'Floor', capacity: areaCapacity, priceMinor: 5_000 }],
    rulesRevision: 0,
    cancellation: null,
    fees: noFees,
    rules: {
      prices: [5_000 as MinorUnits],
      currency: 'EUR',
      opensAtMs: null,
      endsAtMs: null,
      buyers: 'guest',
      holdTtlMs: 600_000,
      holdTtlMsMax: 1_800_000,
      paymentTtlMs: 600_000,
      placesPerHoldMax: 10,
      placesPerBuyerMax: 20,
      strandedSingles: 'allow',
      ...usualRules,
    },
  };
}
