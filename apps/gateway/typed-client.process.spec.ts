import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import createClient, { type Client } from 'openapi-fetch';

import type { paths } from '#libs/client/openapi-types.js';
import { WholeSystem } from '#libs/testing/whole-system.js';

import { setup } from '../../ops/setup.mjs';

/**
 * A client whose every path, field and answer comes from docs/openapi.json, by way of the types
 * that are made of it: it would not compile against a document that says something else.
 */
let system: WholeSystem;
let api: Client<paths>;

beforeAll(async () => {
  await setup();
  system = await WholeSystem.start();
  await system.addEvent('evt_typed', 600_000);
  api = createClient<paths>({ baseUrl: system.url });
}, 240_000);

afterAll(() => system?.stop());

async function tokenOf(): Promise<{ readonly authorization: string }> {
  const { data } = await api.POST('/v1/sessions');
  return { authorization: `Bearer ${data?.token ?? ''}` };
}

describe('a client made from openapi.json', () => {
  it('finds an event and says where the next page is', async () => {
    const query = { keyword: 'load', page_size: 1 };
    const { data, response } = await api.GET('/v1/events', { params: { query } });
    expect(data?.map(({ event_id, city }) => [event_id, city])).toEqual([['evt_typed', 'Leeds']]);
    expect(response.headers.get('x-total-count')).toBe('1');
    expect(response.headers.get('link')).toContain('rel="last"');
  });

  it('sells a seat, and hears in the error what stands in its way', async () => {
    const params = { path: { event_id: 'evt_typed' } };
    const seats = await api.GET('/v1/events/{event_id}/seats', { params });
    const list = Array.isArray(seats.data) ? seats.data : [];
    const seat_ids = list.slice(0, 2).map(({ seat_id }) => seat_id);
    const headers = await tokenOf();
    const body = { event_id: 'evt_typed', seat_ids };
    const held = await api.POST('/v1/reservations', { headers, body });
    expect(held.data).toMatchObject({ event_id: 'evt_typed', seat_ids, total: 2_000 });

    const lost = await api.POST('/v1/reservations', { headers: await tokenOf(), body });
    expect(lost.response.status).toBe(409);
    expect(lost.error?.error).toMatchObject({ code: 'seats_unavailable', seat_ids });
    expect(lost.error?.error.alternative?.seat_ids).toHaveLength(2);

    const reservation_id = held.data?.reservation_id ?? '';
    const payment = { reservation_id, payment_token: 'pm_card_visa', idempotency_key: 'typed-1' };
    const paid = await api.POST('/v1/bookings', { headers, body: payment });
    expect(paid.data).toMatchObject({ status: 'CONFIRMED', seat_ids, total: 2_000 });
    const mine = await api.GET('/v1/me/bookings', { headers });
    expect(mine.data?.bookings.map(({ booking_id }) => booking_id)).toEqual([
      paid.data?.booking_id,
    ]);
  });
});
