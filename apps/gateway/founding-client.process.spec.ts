import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { until } from '#libs/testing/until.js';
import { WholeSystem } from '#libs/testing/whole-system.js';

import { setup } from '../../ops/setup.mjs';
import { FoundingClient } from './testing/founding-client.js';
import { openSession } from './testing/harness.js';

/** The words that Holdfast was asked for, spoken by a client that knows no others. */
let system: WholeSystem;
let ann: FoundingClient;
let bob: FoundingClient;

const clientOf = async (): Promise<FoundingClient> =>
  new FoundingClient(system.url, (await openSession(system.url)).token);

beforeAll(async () => {
  await setup();
  system = await WholeSystem.start();
  await system.addEvent('evt_founding', 600_000);
  await system.addEvent('evt_brief', 3_000);
  [ann, bob] = [await clientOf(), await clientOf()];
}, 240_000);

afterAll(() => system?.stop());

async function twoFree(eventId: string): Promise<unknown[]> {
  const { body } = await ann.seats(eventId);
  const free = body.filter(({ status }) => status === 'AVAILABLE');
  return free.slice(0, 2).map(({ seat_id }) => seat_id);
}

async function statusesOf(seatIds: readonly unknown[]): Promise<unknown[]> {
  const { body } = await ann.seats('evt_founding');
  return seatIds.map((id) => body.find(({ seat_id }) => seat_id === id)?.status);
}

const untilAll = (seatIds: readonly unknown[], status: string): Promise<void> =>
  until(
    async () => (await statusesOf(seatIds)).every((one) => one === status),
    () => `all are ${status}`,
  );

describe('a client of the founding documents', () => {
  it('finds an event, by either address', async () => {
    const found = await ann.events('load', 'Leeds');
    expect(found.status).toBe(200);
    const event = found.body.find(({ event_id }) => event_id === 'evt_founding');
    expect(event).toMatchObject({ name: 'Load', venue_name: 'Small Hall', thumbnail_url: null });
    expect(Date.parse(String(event?.date))).toBeGreaterThan(Date.now());
    const pages = await Promise.all(
      [1, 2, 3].map((page) => ann.search('load', '2026-01-01', '2199-12-31', 1, page)),
    );
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    const ids = pages.flatMap(({ body }) => body.map(({ event_id }) => event_id));
    expect(ids.sort()).toEqual(['evt_brief', 'evt_founding']);
  });

  it('sees the seats of an event, and that there is no other event', async () => {
    const { status, body } = await ann.seats('evt_founding');
    expect([status, body.length]).toEqual([200, 640]);
    expect(body[0]).toMatchObject({ row: '1', number: '1', status: 'AVAILABLE', price: 1_000 });
    expect((await ann.seats('evt_other')).status).toBe(404);
    expect((await ann.seats('an event')).status).toBe(404);
  });

  it('buys two seats: taken for others, declined, paid once however often', async () => {
    const seats = await twoFree('evt_founding');
    const held = await ann.reserve('evt_founding', seats);
    expect(held.status).toBe(201);
    expect(Date.parse(held.body.expires_at)).toBeGreaterThan(Date.now());
    await untilAll(seats, 'HELD');
    expect((await bob.reserve('evt_founding', seats)).status).toBe(409);
    expect((await bob.reserve('evt_founding', ['no seat'])).status).toBe(400);
    const { reservation_id: id } = held.body;
    expect((await ann.pay(id, 'pm_card_chargeDeclined', 'first')).status).toBe(402);
    const paid = await ann.pay(id, 'pm_card_visa', 'second');
    expect([paid.status, paid.body.status]).toEqual([201, 'CONFIRMED']);
    expect((await ann.pay(id, 'pm_card_visa', 'second')).body).toEqual(paid.body);
    await untilAll(seats, 'BOOKED');
  });

  it('buys by the asynchronous pair as well', async () => {
    const seats = await twoFree('evt_founding');
    const locked = await ann.reserve('evt_founding', seats, '/v1/reserve');
    expect(locked.status).toBe(200);
    expect((await bob.reserve('evt_founding', seats, '/v1/reserve')).status).toBe(409);
    const { reservation_id: id } = locked.body;
    expect((await ann.pay(id, 'pm_card_visa', 'third', '/v1/checkout')).status).toBe(202);
    await untilAll(seats, 'BOOKED');
  });

  it('is too late for a reservation that has expired', async () => {
    const held = await ann.reserve('evt_brief', await twoFree('evt_brief'));
    await until(() => Date.now() > Date.parse(held.body.expires_at), 'it has expired', 10_000);
    expect((await ann.pay(held.body.reservation_id, 'pm_card_visa', 'late')).status).toBe(400);
  });
});
