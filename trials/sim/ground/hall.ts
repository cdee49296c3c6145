import type { EventEntry } from '#apps/gateway/events/event-book.js';
import type { Catalogue, EventInventory, PublicLayout } from '#libs/catalogue/catalogue.js';
import { noFees } from '#libs/catalogue/fees.js';
import type { Venue, VenueId } from '#libs/catalogue/profiles/venues-performers.js';
import { SeatNames } from '#libs/catalogue/seat-names.js';
import { plainLabels } from '#libs/testing/plain-labels.js';
import { SEAT_FLAG_WHEELCHAIR, type EventId } from '#libs/inventory/inventory.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { isOn, type Swarm } from '../faults/swarm.js';

/** One event of a simulated run: a small hall with standing room, and short deadlines. */
export interface SimEvent extends EventInventory {
  readonly seatIds: readonly string[];
  readonly areaCapacities: readonly number[];
  /** As the gateway has it. */
  readonly entry: EventEntry;
}

const floorPlaces = 6;
/** At the front, where buyers meet; where rules change, so that other runs are as they were. */
const wheelchairSpaces = 2;

const house: Venue = {
  venueId: 'ven_1' as VenueId,
  name: 'Small Hall',
  city: 'Nowhere',
  address: null,
  capacity: null,
  timeZone: null,
  thumbnailUrl: null,
  imageUrl: null,
};

export function simEvent(eventId: EventId, swarm: Swarm): SimEvent {
  const { rows, seatsPerRow, holdTtlMs, strandedSingles } = swarm;
  const hall = smallHall(rows, seatsPerRow);
  const kept = isOn(swarm, 'change_rules') ? wheelchairSpaces : 0;
  const layout = { ...hall, areas: [{ name: 'Floor', capacity: floorPlaces, category: 0 }] };
  layout.flagsOfSeat.fill(SEAT_FLAG_WHEELCHAIR, 0, kept);
  const rules = saleRules({
    holdTtlMs,
    holdTtlMsMax: 4 * holdTtlMs,
    paymentTtlMs: 6_000,
    placesPerHoldMax: 6,
    placesPerBuyerMax: 12,
    strandedSingles,
  });
  const seats = Array.from({ length: layout.seatCount }, (_, seat) => seat);
  const rowOf = seats.map((seat) => String(Math.floor(seat / seatsPerRow) + 1));
  const numberOf = seats.map((seat) => String((seat % seatsPerRow) + 1));
  const seatIds = seats.map((seat) => `R${rowOf[seat]}-${numberOf[seat]}`);
  const open: PublicLayout = {
    hash: layout.hash,
    seats: new SeatNames(seatIds),
    indexOfArea: new Map([['Floor', 0]]),
    rowOf,
    numberOf,
    labels: plainLabels(rowOf, numberOf),
    layout,
    document: new Uint8Array(0),
  };
  const detail = {
    eventId,
    name: 'Simulated',
    type: 'other' as const,
    venueId: house.venueId,
    venue: house.name,
    city: house.city,
    house,
    performers: [],
    performerIds: [],
    startsAtMs: 0,
    utcOffsetMinutes: null,
    timeZone: null,
    thumbnailUrl: null,
    imageUrl: null,
    onSaleAtMs: null,
    currency: rules.currency,
    currencyDigits: 2,
    cancelledAtMs: null,
    priceMinMinor: rules.prices[0],
    priceMaxMinor: rules.prices[0],
    organiser: null,
    description: '',
    layoutHash: layout.hash,
    seatCount: layout.seatCount,
    categories: [{ name: 'Stalls', priceMinor: rules.prices[0] }],
    areas: [{ name: 'Floor', capacity: floorPlaces, priceMinor: rules.prices[0] }],
    rulesRevision: 0,
    cancellation: null,
    fees: noFees,
    rules,
  };
  const entry = { detail, layout: open };
  return { eventId, layout, rules, seatIds, areaCapacities: [floorPlaces], entry };
}

export function simCatalogue(events: readonly SimEvent[]): Catalogue {
  const of = (eventId: EventId) => events.find((event) => event.eventId === eventId);
  return {
    inventoryOf: (eventId) => Promise.resolve(of(eventId) ?? null),
    eventOf: (eventId) => Promise.resolve(of(eventId)?.entry.detail ?? null),
    layoutOf: (eventId) => Promise.resolve(of(eventId)?.entry.layout ?? null),
    layoutOfHash: () => Promise.resolve(null),
    search: () => Promise.resolve({ total: 0, events: [] }),
  };
}
