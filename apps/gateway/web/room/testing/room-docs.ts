import type { Place, Serving } from '../../shop.js';

/** What a gateway says of a room that opens at eleven and draws at noon, and of a place in it. */
export const servingDoc = (more: Partial<Serving> = {}): Serving => ({
  ...{
    room: 'evt_a/1',
    scope: 'hold',
    phase: 'serving',
    joined: 200,
    serving: 0,
    called_per_minute: 0,
  },
  ...{ opens_at: '2027-03-01T11:00:00Z', draws_at: '2027-03-01T12:00:00Z' },
  ...{ party_max: 4, claim_seconds: 120, admission_seconds: 600 },
  ...{ paused: false, sold_out: false, places_free: null, message: '' },
  ...{ places_held: null, places_paying: null, together: null },
  ...{ commitment: '', verify_key: '', head: null, secret: null },
  ...more,
});

export const placeDoc = (more: Partial<Place> = {}): Place => ({
  ...{ room: 'evt_a/1', state: 'waiting', index: 7, nonce: 'a-nonce', party: 2, position: null },
  ...{ before: null, estimate_seconds: null, claim_until: null, admission: null },
  ...{ fits: null, receipt: '', ask_again_ms: 10_000 },
  ...more,
});
