import type { Catalogue, EventDetail, PublicLayout } from '#libs/catalogue/catalogue.js';
import { noFees } from '#libs/catalogue/fees.js';
import { SeatNames } from '#libs/catalogue/seat-names.js';
import type { EventId } from '#libs/inventory/ids.js';
import { plainLabels } from '#libs/testing/plain-labels.js';

/** One event, `evt_show`, with seats A-1 .. A-100 and the area Floor; enough for payments. */
export const showId = 'evt_show' as EventId;

const seatIds = Array.from({ length: 100 }, (_, index) => `A-${index + 1}`);
const rowOf = seatIds.map(() => 'A');
const numberOf = seatIds.map((_, index) => String(index + 1));

const layout = {
  hash: 'f'.repeat(64),
  seats: new SeatNames(seatIds),
  indexOfArea: new Map([['Floor', 0]]),
  rowOf,
  numberOf,
  labels: plainLabels(rowOf, numberOf),
  layout: {
    categoryOfSeat: new Uint16Array(seatIds.length),
    areas: [{ name: 'Floor', capacity: 100, category: 0 }],
  },
  document: new Uint8Array(),
} as unknown as PublicLayout;

/** Its prices were stored without their decimals, in a currency where nobody can tell them. */
export const unsettledId = 'evt_forint' as EventId;

const detail = {
  ...{ eventId: showId, currency: 'EUR', currencyDigits: 2, fees: noFees },
  // Holds cost what their test says.
  rules: { prices: [] as number[] },
} as unknown as EventDetail;

const unsettled = { eventId: unsettledId, currency: 'HUF', currencyDigits: null } as EventDetail;
const details = new Map([detail, unsettled].map((event) => [event.eventId, event]));

export const fakeCatalogue: Catalogue = {
  inventoryOf: () => Promise.resolve(null),
  eventOf: (eventId) => Promise.resolve(details.get(eventId) ?? null),
  layoutOf: (eventId) => Promise.resolve(eventId === showId ? layout : null),
  layoutOfHash: (hash) => Promise.resolve(hash === layout.hash ? layout : null),
  search: () => Promise.resolve({ total: 0, events: [] }),
};
