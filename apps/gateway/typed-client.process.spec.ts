import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import createClient from 'openapi-fetch';
import type { paths } from '#libs/client/openapi-types.js';
import { RestClient } from '#libs/client/rest-client.js';
import { ServerClock } from '#libs/client/server-clock.js';
import { TypedClient } from '#libs/client/typed-client.js';
import { webSender } from '#libs/client/web-sender.js';
import { systemClock } from '#libs/platform/clock.js';
import { WholeSystem } from '#libs/testing/whole-system.js';
import { setup } from '../../ops/setup.mjs';
import { EmbeddedPage } from './testing/embedded-page.js';

/**
 * A client whose every path, field and answer comes from docs/openapi.json, by way of the types
 * that are made of it: it would not compile against a document that says something else.
 */
let system: WholeSystem;
let api: TypedClient;
/** A phone whose clock is two hours slow. */
const phoneMs = (): number => Date.now() - 7_200_000;
const clock = new ServerClock(phoneMs);

beforeAll(async () => {
  await setup();
  system = await WholeSystem.start();
  await system.addEvent('evt_typed', 600_000);
  const after = systemClock.after.bind(systemClock);
  const send = webSender(system.url, { fetch, after, nowMs: phoneMs, clock });
  api = new TypedClient(new RestClient({ send, pause, now: phoneMs, random: Math.random }));
}, 240_000);

afterAll(() => system?.stop());

const tokenOf = async (): Promise<string> => {
  const answer = await api.post('/v1/sessions');
  return answer?.status === 201 ? answer.body.token : '';
};

describe('a client made from openapi.json', () => {
  it('finds an event and says how many there are', async () => {
    const found = await api.get('/v1/events', { query: { keyword: 'load', page_size: 1 } });
    if (found?.status !== 200) throw new Error(`${found?.status} ${found?.code}`);
    expect(found.body.map(({ event_id, city }) => [event_id, city])).toEqual([
      ['evt_typed', 'Leeds'],
    ]);
    expect(found.total).toBe(1);
  });

  it('sells a seat, and hears in the error what stands in its way', async () => {
    const path = { event_id: 'evt_typed' };
    const seats = await api.get('/v1/events/{event_id}/seats', { path });
    const list = seats?.status === 200 && Array.isArray(seats.body) ? seats.body : [];
    const seat_ids = list.slice(0, 2).map(({ seat_id }) => seat_id);
    const token = await tokenOf();
    const body = { event_id: 'evt_typed', seat_ids };
    const held = await api.post('/v1/reservations', { token, body, key: 'typed-hold' });
    if (held?.status !== 201) throw new Error(`${held?.status} ${held?.code}`);
    expect(held.body).toMatchObject({ event_id: 'evt_typed', seat_ids, total: 2_000 });

    const lost = await api.post('/v1/reservations', { token: await tokenOf(), body });
    if (lost?.status !== 409) throw new Error(`${lost?.status} ${lost?.code}`);
    expect(lost.body.error).toMatchObject({ code: 'seats_unavailable', seat_ids });
    expect(lost.body.error.alternative?.seat_ids).toHaveLength(2);

    const { reservation_id } = held.body;
    const payment = { reservation_id, payment_token: 'pm_card_visa', idempotency_key: 'typed-1' };
    const paid = await api.post('/v1/bookings', { token, body: payment });
    if (paid?.status !== 201) throw new Error(`${paid?.status} ${paid?.code}`);
    expect(paid.body).toMatchObject({ status: 'CONFIRMED', seat_ids, total: 2_000 });
    const mine = await api.get('/v1/me/bookings', { token });
    const bookings = mine?.status === 200 ? mine.body.bookings : [];
    expect(bookings.map(({ booking_id }) => booking_id)).toEqual([paid.body.booking_id]);
  });

  it('knows how long a hold has left on a phone that is two hours slow', () => {
    expect(clock.known).toBe(true);
    const off = clock.remainingMs(Date.now() + 60_000) - 60_000;
    expect(off).toBeGreaterThan(-1_000);
    expect(off).toBeLessThanOrEqual(clock.slackMs + 1_000);
  });
});

describe('a client of somebody else, made from the same types', () => {
  it('finds an event and says where the next page is', async () => {
    const query = { keyword: 'load', page_size: 1 };
    const theirs = createClient<paths>({ baseUrl: system.url });
    const { data, response } = await theirs.GET('/v1/events', { params: { query } });
    expect(data?.map(({ event_id, city }) => [event_id, city])).toEqual([['evt_typed', 'Leeds']]);
    expect(response.headers.get('link')).toContain('rel="last"');
  });
});

describe('the page of docs/how-to/embed.md', () => {
  it('sells two seats together, and shows how many are left', async () => {
    const page = new EmbeddedPage(system.url, 'evt_typed');
    await page.start();
    await page.text('sale', /^638 seats are free$/);
    await page.element('take').onclick?.();
    await page.text('hold', /^.+, .+: yours for \d+ s$/);
    expect(page.element('pay').hidden).toBe(false);
    await page.text('sale', /^636 seats are free$/);
    await page.element('pay').onclick?.();
    await page.text('hold', /^Booked: .+, .+$/);
    expect(page.element('take').disabled).toBe(false);
    page.leave();
  });
});
