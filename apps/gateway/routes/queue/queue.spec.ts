import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { evidenceOf, problemsOf } from '#libs/room/evidence.js';
import { keepRoom } from '#libs/room/keeper.js';
import type { RoomSettings } from '#libs/room/room.js';
import { createRoomKeys } from '#libs/room/signed.js';
import { until } from '#libs/testing/until.js';

import { fakeEventId } from '../../testing/fake-catalogue.js';
import { startHarness, type Harness, type Reply } from '../../testing/harness.js';

/** The waiting room as its people meet it. */
const path = `/v1/events/${fakeEventId}/queue`;
const nonce = 'a-nonce-of-sixteen-or-more';
const hourMs = 3_600_000;

let harness: Harness;
let buyers: { userId: string; token: string }[];

beforeEach(async () => {
  harness = await startHarness();
  buyers = await Promise.all([1, 2, 3].map(() => harness.session()));
});
afterEach(() => harness.stop());

async function open(more: Partial<RoomSettings> = {}): Promise<void> {
  const nowMs = Date.now();
  const settings: RoomSettings = {
    ...{ opensAtMs: nowMs - 1_000, drawsAtMs: nowMs + hourMs, ratePerMinute: 60_000 },
    ...{ activeMax: 2, claimMs: 60_000, admissionMs: 60_000, partyMax: 4, ...more },
  };
  await harness.rooms.open(fakeEventId, settings, createRoomKeys());
  await until(async () => (await serving()).status === 200, 'the gateway knows the room');
}

const serving = (): Promise<Reply> => harness.call('GET', `${path}/serving`);
const ask = (buyer: number): Promise<Reply> =>
  harness.call('GET', path, { token: buyers[buyer].token });
const prove = (buyer: number, query = ''): Promise<Reply> =>
  harness.call('GET', `${path}/proof${query}`, { token: buyers[buyer].token });
const join = (buyer: number, body: object = {}): Promise<Reply> =>
  harness.call('POST', path, { token: buyers[buyer].token, body: { nonce, ...body } });
const hold = (buyer: number, admission?: unknown, places = 1): Promise<Reply> => {
  const seats = { event_id: fakeEventId, seat_ids: ['A-1', 'A-2', 'A-3'].slice(0, places) };
  const body = admission === undefined ? seats : { ...seats, admission };
  return harness.call('POST', '/v1/reservations', { token: buyers[buyer].token, body });
};
const admissionOf = ({ json }: Reply): string => (json.admission as { token: string }).token;

/** Its keeper at a moment, until nothing is due. */
async function keepAt(nowMs: number): Promise<void> {
  const ports = { rooms: harness.rooms, clock: { nowMs: () => nowMs } };
  for (;;) {
    const [room] = await harness.rooms.rooms(0);
    if (!(await keepRoom(ports, room, null))) break;
  }
  const [{ revision, serving: called }] = await harness.rooms.rooms(0);
  const known = async (): Promise<boolean> => {
    const { json } = await serving();
    return revision > 0 && json.serving === called && json.phase !== 'drawing';
  };
  await until(known, 'the gateway knows how far it is');
}

/** The draw is over, and those who fit were called then. */
async function drawAt(nowMs: number, expected = 'serving'): Promise<void> {
  await keepAt(nowMs);
  await until(async () => (await serving()).json.phase === expected, 'the draw is over');
}

describe('an event without a waiting room', () => {
  it('has no queue, and is held as ever', async () => {
    expect(await join(0)).toMatchObject({ status: 404, code: 'room_not_found' });
    expect((await serving()).status).toBe(204);
    expect((await hold(0)).status).toBe(201);
  });
});

describe('a waiting room', () => {
  it('lets nobody hold from its opening on, whatever he sends, until it is closed', async () => {
    await open();
    expect(await hold(0)).toMatchObject({ status: 409, code: 'admission_needed' });
    // The second goes the short way, which knows the event by now.
    expect(await hold(0)).toMatchObject({ status: 409, code: 'admission_needed' });
    const more = { event_id: fakeEventId, best_available: [{ quantity: 1 }] };
    const token = buyers[0].token;
    const general = await harness.call('POST', '/v1/reservations', { token, body: more });
    expect(general).toMatchObject({ status: 409, code: 'admission_needed' });
    const locked = await harness.call('POST', '/v1/reserve', { token, body: more });
    expect(locked).toMatchObject({ status: 409, code: 'admission_needed' });
    const [room] = await harness.rooms.rooms(0);
    await harness.rooms.change(room, { closedAtMs: Date.now() });
    await until(async () => (await hold(0)).status === 201, 'it is closed');
    expect(await join(0)).toMatchObject({ status: 409, code: 'room_closed' });
  });

  it('takes nobody in before it opens, and guards nothing then', async () => {
    await open({ opensAtMs: Date.now() + hourMs, drawsAtMs: Date.now() + 2 * hourMs });
    const early = await join(0);
    expect(early).toMatchObject({ status: 409, code: 'room_not_open' });
    expect(early.error.retry_after_ms).toBeGreaterThan(hourMs - 60_000);
    expect((await hold(0)).status).toBe(201);
  });

  it('gives two taps and a second device the same place and a receipt', async () => {
    await open();
    const [first, second] = await Promise.all([join(0), join(0, { nonce: `${nonce}-2` })]);
    expect(first).toMatchObject({ status: 200, json: { index: 0, state: 'waiting', nonce } });
    expect(second.json).toEqual(first.json);
    expect((await join(1, { party: 3 })).json).toMatchObject({ index: 1, party: 3 });
    expect((await ask(0)).json).toEqual(first.json);
    expect(await ask(2)).toMatchObject({ status: 404, code: 'not_in_room' });
    expect((await join(2, { party: 5 })).code).toBe('too_many_places');
    expect((await join(2, { nonce: 'short' })).error.field).toBe('nonce');
    expect((await join(2, { nonce: 'x'.repeat(65) })).error.field).toBe('nonce');
  });

  it('keeps its secret until the draw, and then proves each place', async () => {
    await open();
    await Promise.all([join(0), join(1)]);
    expect(await prove(0)).toMatchObject({ status: 409, code: 'proof_not_ready' });
    await keepAt(Date.now());
    await until(async () => (await serving()).json.head !== null, 'a head is published');
    const { json: before } = await serving();
    expect(before).toMatchObject({ phase: 'lobby', joined: 2, serving: 0, secret: null });
    const early = await prove(0);
    expect(early.json).toMatchObject({ secret: null, position: null });
    await drawAt(Date.now() + hourMs);
    const { json: after } = await serving();
    expect(after).toMatchObject({ serving: 2, commitment: before.commitment });
    for (const buyer of [0, 1]) {
      const { json } = await prove(buyer, '?since=2');
      const { since_path: steps, ...proof } = json;
      const seen = [{ head: before.head, path: steps }];
      const evidence = evidenceOf({ ...proof, seen });
      expect(evidence).toMatchObject({ user_id: buyers[buyer].userId, secret: after.secret });
      expect(problemsOf(evidence!)).toEqual([]);
    }
    await join(2);
    expect(await prove(2)).toMatchObject({ status: 404, code: 'not_in_draw' });
  });

  it('admits who is called, and holds for him alone, no more than he said', async () => {
    await open();
    await Promise.all([join(0, { party: 2 }), join(1)]);
    await drawAt(Date.now() + hourMs);
    const late = await join(2);
    expect(late.json).toMatchObject({ state: 'waiting', position: 2, before: 0, admission: null });
    expect((await ask(0)).json).toMatchObject({ state: 'called', admission: null });
    const admitted = await join(0);
    expect(admitted.json).toMatchObject({ state: 'admitted' });
    const token = admissionOf(admitted);
    expect((await ask(0)).json.admission).toEqual(admitted.json.admission);
    expect((await hold(1, token)).code).toBe('admission_invalid');
    expect(await hold(0, token, 3)).toMatchObject({ code: 'party_limit', error: { limit: 2 } });
    const [party, until36, mark] = token.split('.');
    const forged = [`4.${until36}.${mark}`, `${party}.zzzzzzzz.${mark}`, 'x', `${token}x`];
    for (const one of forged) expect((await hold(0, one)).code).toBe('admission_invalid');
    expect((await hold(0, token, 2)).status).toBe(201);
  });

  it('tells the owner the party, who bounds all that one admission holds and books', async () => {
    expect((await hold(0)).status).toBe(201);
    expect(harness.inventory.calls.at(-1)?.request).not.toHaveProperty('partyMax');
    await open();
    await join(0, { party: 2 });
    await drawAt(Date.now() + hourMs);
    const token = admissionOf(await join(0));
    const refusal = { code: 'buyer_limit', limit: 2, left: 1 } as const;
    const answer = { kind: 'refused', refusal } as const;
    harness.inventory.override = () => ({ kind: 'answered', answer, replayed: false });
    expect(await hold(0, token, 2)).toMatchObject({
      ...{ status: 409, code: 'party_limit', error: { limit: 2, left: 1 } },
    });
    expect(harness.inventory.calls.at(-1)?.request).toMatchObject({ partyMax: 2 });
  });

  it('says that a party cannot sit together, and lets it go on for fewer', async () => {
    await open();
    await join(0, { party: 3 });
    const lower = (buyer: number, party: number): Promise<Reply> =>
      harness.call('POST', `${path}/party`, { token: buyers[buyer].token, body: { party } });
    expect((await ask(0)).json).toMatchObject({ party: 3, fits: null });
    const [room] = await harness.rooms.rooms(0);
    const left = { placesFree: 4, placesHeld: 5, placesPaying: 1, together: [4, 2, 0, 0] };
    await harness.rooms.change(room, left);
    await until(async () => (await serving()).json.places_free === 4, 'it is known');
    expect((await serving()).json).toMatchObject({
      ...{ places_held: 5, places_paying: 1, together: [4, 2, 0, 0] },
    });
    const { json: before } = await ask(0);
    expect(before).toMatchObject({ fits: 'held' });
    expect(await lower(0, 4)).toMatchObject({ code: 'party_limit', error: { limit: 3 } });
    expect(await lower(1, 1)).toMatchObject({ status: 404, code: 'not_in_room' });
    expect((await lower(0, 2)).json).toEqual({ ...before, party: 2, fits: 'now' });
    expect(await lower(0, 3)).toMatchObject({ code: 'party_limit', error: { limit: 2 } });
  });

  it('takes an admission back, whose token is worth nothing from then on', async () => {
    await open();
    await Promise.all([join(0), join(1)]);
    const leave = (buyer: number): Promise<Reply> =>
      harness.call('DELETE', path, { token: buyers[buyer].token });
    expect((await leave(0)).json).toMatchObject({ state: 'waiting' });
    expect(await leave(2)).toMatchObject({ status: 404, code: 'not_in_room' });
    await drawAt(Date.now() + hourMs);
    const token = admissionOf(await join(0));
    expect((await hold(0, token)).status).toBe(201);
    expect((await leave(0)).json).toMatchObject({ state: 'over', admission: null });
    expect((await leave(0)).json).toMatchObject({ state: 'over' });
    expect((await hold(0, token)).code).toBe('admission_expired');
    // Behind all others he is admitted again, and the new token is good.
    expect((await join(0)).json).toMatchObject({ state: 'waiting', position: 2 });
    await keepAt(Date.now() + hourMs + 5_000);
    const again = admissionOf(await join(0));
    expect((await hold(0, again)).code).not.toBe('admission_expired');
  });

  it('hears from the store that an admission has ended elsewhere', async () => {
    await open();
    await join(0);
    await drawAt(Date.now() + hourMs);
    const token = admissionOf(await join(0));
    const [{ roomNo }] = await harness.rooms.rooms(0);
    await harness.rooms.settle(roomNo, [{ position: 0, bought: 1 }], Date.now());
    await until(async () => (await hold(0, token)).code === 'admission_expired', 'it is heard of');
  });

  it('puts who missed his turn behind all others, and nobody else waits for him', async () => {
    await open({ opensAtMs: Date.now() - 2 * hourMs, drawsAtMs: Date.now() - hourMs });
    await Promise.all([join(0), join(1)]);
    // The draw and the first calls were an hour ago.
    await drawAt(Date.now() - hourMs);
    await join(2);
    expect((await ask(0)).json).toMatchObject({ state: 'lapsed' });
    const again = await join(0);
    expect(again.json).toMatchObject({ state: 'waiting', index: expect.any(Number), position: 3 });
    await keepAt(Date.now());
    expect((await ask(2)).json).toMatchObject({ state: 'called', position: 2 });
  });

  it('ends an admission at its hour', async () => {
    await open({ admissionMs: 1 });
    await join(0);
    await drawAt(Date.now() + hourMs);
    const token = admissionOf(await admittedOf(0));
    expect((await hold(0, token)).code).toBe('admission_expired');
    expect((await ask(0)).json).toMatchObject({ state: 'over' });
  });

  /** Admitted in the store, an hour ago or just now. */
  async function admittedOf(buyer: number): Promise<Reply> {
    const [room] = await harness.rooms.rooms(0);
    const admission = { position: 0, userId: buyers[buyer].userId as never, party: 1 };
    const untilMs = Date.now() + 100;
    await harness.rooms.admit(room.roomNo, { ...admission, untilMs });
    const reply = await ask(buyer);
    await until(() => Date.now() > untilMs, 'the hour is over');
    return reply;
  }
});
