import { randomUUID } from 'node:crypto';
import type { Scene } from './scene.js';

/** A request of a route that is right in every way but perhaps in who sends it. */
export interface Sample {
  /** By the names in the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

type SampleOf = (scene: Scene) => Sample;

const ofEvent: SampleOf = ({ eventId }) => ({ params: { event_id: eventId } });
const ofReservation: SampleOf = ({ reservationId }) => ({
  params: { reservation_id: reservationId },
});
const change: SampleOf = (scene) => ({ ...ofEvent(scene), body: { reason: 'an attack' } });
const hold: SampleOf = ({ eventId }) => ({
  body: { event_id: eventId, best_available: [{ quantity: 1 }] },
});
const pay: SampleOf = ({ reservationId }) => ({
  body: {
    reservation_id: reservationId,
    payment_token: 'pm_card_visa',
    idempotency_key: randomUUID(),
  },
});

/** By operation. A route without one is a hole: nobody tried it (see matrix.ts). */
export const samples: Readonly<Record<string, SampleOf>> = {
  showConfig: () => ({}),
  openSession: () => ({ body: {} }),
  listEvents: () => ({ query: 'keyword=load' }),
  searchEvents: () => ({ query: 'keyword=load' }),
  showFacets: () => ({ query: 'keyword=load' }),
  showEvent: ofEvent,
  showVenue: () => ({ params: { venue_id: 'ven_1' } }),
  showPerformer: () => ({ params: { performer_id: 'prf_1' } }),
  showLayout: ({ layoutHash }) => ({ params: { hash: layoutHash } }),
  showMedia: () => ({ params: { hash: 'a'.repeat(64) } }),
  showSeats: ofEvent,
  showSeatsVersion: ({ eventId }) => ({ params: { event_id: eventId, version: '1.1' } }),
  watchEvent: (scene) => ({ ...ofEvent(scene), headers: { accept: 'text/event-stream' } }),
  createReservation: hold,
  showReservation: ofReservation,
  releaseReservation: (scene) => ({ ...ofReservation(scene), body: {} }),
  extendReservation: (scene) => ({ ...ofReservation(scene), body: { seconds: 1 } }),
  createBooking: pay,
  showBooking: ({ bookingId }) => ({ params: { booking_id: bookingId } }),
  listBookings: () => ({}),
  cancelBooking: ({ bookingId }) => ({
    params: { booking_id: bookingId },
    body: { idempotency_key: randomUUID() },
  }),
  quoteCancellation: ({ bookingId }) => ({ params: { booking_id: bookingId }, body: {} }),
  lockSeats: hold,
  checkout: pay,
  hearStripe: () => ({ body: { object: 'event' }, headers: { 'stripe-signature': 't=1,v1=00' } }),
  showChallenge: () => ({ params: { intent_id: 'pi_1' }, query: 'client_secret=pi_1_secret_1' }),
  answerChallenge: () => ({ params: { intent_id: 'pi_1' }, body: {} }),
  listOfficeEvents: ({ eventId }) => ({ query: `after=${eventId.slice(0, -1)}` }),
  showSales: ofEvent,
  openSale: change,
  closeSale: change,
  startRefund: (scene) => ({
    params: { ...ofEvent(scene).params, booking_id: scene.bookingId },
    body: { reason: 'an attack', idempotency_key: randomUUID(), amount: 1 },
  }),
  cancelEvent: change,
  showCancellation: ofEvent,
  joinQueue: (scene) => ({ ...ofEvent(scene), body: { nonce: 'attack-'.repeat(4), party: 1 } }),
  showQueuePlace: ofEvent,
  leaveQueue: ofEvent,
  lowerParty: (scene) => ({ ...ofEvent(scene), body: { party: 1 } }),
  showQueueProof: ofEvent,
  showQueueServing: ofEvent,
  showReplay: ofEvent,
  showStatus: () => ({}),
  showHistory: ofEvent,
  showAudit: ofEvent,
  livez: () => ({}),
  readyz: () => ({}),
};

export function pathOf(path: string, { params = {}, query }: Sample): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => params[name] ?? 'none');
  return query === undefined ? filled : `${filled}?${query}`;
}
