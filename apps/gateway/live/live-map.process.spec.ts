import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pack } from 'msgpackr';

import type { SnapshotFrame } from '#libs/contracts/live-frames.js';
import type { HoldId, UserId } from '#libs/inventory/ids.js';
import { until } from '#libs/testing/until.js';

import { GuestTokens } from '../auth/guest-tokens.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../testing/harness.js';
import { LiveClient, refusedUpgrade, type Frame } from '../testing/live-client.js';

const letters = ['f', 'h', 'b', 'x'];

describe.each(loadedEdges)('the live map over %s', (edge) => {
  let harness: Harness;
  let clients: LiveClient[];

  beforeEach(async () => {
    harness = await startHarness({ edge, seatCount: 200 });
    clients = [];
  });

  afterEach(async () => {
    clients.forEach((client) => client.close());
    await harness.stop();
  });

  function watch(query = '', protocols: readonly string[] = []): LiveClient {
    const url = `${harness.wsUrl}/v1/events/evt_show1/live${query}`;
    const client = new LiveClient(url, protocols);
    clients.push(client);
    return client;
  }

  const truth = (): string => [...harness.inventory.statuses].map((s) => letters[s]).join('');

  it('starts with one snapshot of the whole map', async () => {
    harness.inventory.setSeats([3], 2);
    const client = watch();
    await client.untilFrame('snapshot');
    expect(client.frame('snapshot')).toMatchObject({
      event_id: 'evt_show1',
      version: 1,
      sale_status: 'open',
      statuses: truth(),
      areas: [{ area: 'Floor', capacity: 100, free: 100, held: 0, booked: 0, blocked: 0 }],
    });
  });

  it('sends every change as diffs that continue each other', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    for (let seat = 0; seat < 60; seat++) harness.inventory.setSeats([seat], 1 + (seat % 3));
    await client.untilVersion(60);
    expect(client.statuses).toBe(truth());
    expect(client.gaps).toBe(0);
    expect(client.snapshots).toBe(1);
  });

  it('ends with the token that opened it, and says so', async () => {
    const userId = 'usr_abcdefgh12345678' as UserId;
    const { token } = new GuestTokens(harness.secret).sign(userId, Date.now(), 4_000);
    const [own, anonymous] = [watch(`?token=${token}`), watch()];
    await own.untilFrame('snapshot');
    await own.untilClosed();
    expect(own.closeCode).toBe(4401);
    expect(own.frame('error')).toMatchObject({ error: { code: 'token_expired' } });
    const target = `${harness.wsUrl}/v1/events/evt_show1/live?token=${token}`;
    expect(await refusedUpgrade(target)).toEqual({ status: 401, code: 'token_expired' });
    harness.inventory.setSeats([1], 1);
    await anonymous.untilVersion(1);
  });

  it('merges the changes of a tick into one diff with each seat once', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    for (let round = 0; round < 50; round++) harness.inventory.setSeats([7], 1 + (round % 3));
    await client.untilVersion(50);
    const diffs = client.frames.filter((frame) => frame.type === 'diff');
    expect(diffs.length).toBeLessThan(10);
    expect(client.statuses[7]).toBe(truth()[7]);
    for (const diff of diffs) expect(diff.changes).toHaveLength(1);
  });

  it('speaks msgpack to those who ask for it and JSON to the others', async () => {
    const packed = watch('', ['holdfast.msgpack']);
    const plain = watch();
    await packed.untilFrame('snapshot');
    await plain.untilFrame('snapshot');
    harness.inventory.setSeats([1, 2], 1);
    await packed.untilVersion(1);
    await plain.untilVersion(1);
    expect(packed.protocol).toBe('holdfast.msgpack');
    expect(packed.statuses).toBe(plain.statuses);
    packed.sendBytes(pack({ type: 'ping' }));
    await packed.untilFrame('pong');
    expect(packed.frame('pong')).toEqual({
      type: 'pong',
      version: 1,
      now_ms: expect.any(Number) as unknown,
    });
  });

  it('gives a client that was away what it missed, not the whole map', async () => {
    const stays = watch();
    const leaves = watch();
    await leaves.untilFrame('snapshot');
    await stays.untilFrame('snapshot');
    leaves.close();
    for (let seat = 10; seat < 15; seat++) harness.inventory.setSeats([seat], 1);
    await stays.untilVersion(5);
    const back = watch('?version=0');
    await back.untilFrame('diff');
    expect(back.snapshots).toBe(0);
    expect(back.frame('diff')).toMatchObject({ from: 0, to: 5 });
    expect((back.frame('diff') as Frame).changes).toHaveLength(5);
  });

  it('gives a snapshot to a client whose version is not remembered', async () => {
    harness.inventory.setSeats([1], 1);
    harness.inventory.setSeats([2], 1);
    const client = watch('?version=1');
    await client.untilFrame('snapshot');
    expect(client.statuses).toBe(truth());
  });

  it('answers resume on an open socket and goes on from there', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    harness.inventory.setSeats([1], 1);
    await client.untilVersion(1);
    // As it was when it missed the frame.
    client.map.apply(client.frame('snapshot') as unknown as SnapshotFrame);
    client.send({ type: 'resume', version: 0 });
    await client.untilFrame('diff', 2);
    harness.inventory.setSeats([2], 1);
    await client.untilVersion(2);
    expect(client.gaps).toBe(0);
    expect(client.statuses).toBe(truth());
  });

  it('recovers from diffs that the bus lost, without a gap for the client', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    harness.inventory.loseDiffs = true;
    harness.inventory.setSeats([1, 2], 1);
    harness.inventory.loseDiffs = false;
    harness.inventory.setSeats([3], 2);
    await client.untilVersion(2);
    expect(client.statuses).toBe(truth());
    expect(client.gaps).toBe(0);
    expect(client.frame('diff')).toMatchObject({ holds_unknown: true });
  });

  it('finds a lost last diff by asking the owner', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    harness.inventory.loseDiffs = true;
    harness.inventory.setSeats([5], 1);
    await client.untilVersion(1);
    expect(client.statuses).toBe(truth());
    expect(client.gaps).toBe(0);
  });

  it('tells a buyer about the own hold and nobody else', async () => {
    const { token } = await harness.session();
    const mine = watch(`?token=${token}`);
    const other = watch();
    await mine.untilFrame('snapshot');
    await other.untilFrame('snapshot');
    const body = { event_id: 'evt_show1', seat_ids: ['A-1'] };
    const held = await harness.call('POST', '/v1/reservations', { token, body });
    const id = String(held.json.reservation_id);
    await mine.untilFrame('hold');
    expect(mine.frame('hold')).toEqual({
      type: 'hold',
      reservation_id: id,
      status: 'held',
      expires_at: held.json.expires_at,
    });
    harness.inventory.expire(id as HoldId);
    await mine.untilFrame('hold', 2);
    expect(mine.frame('hold')).toMatchObject({ status: 'expired' });
    await other.untilVersion(2);
    expect(other.frame('hold')).toBeUndefined();
  });

  it('takes the token from a subprotocol too, and does not echo it', async () => {
    const { token, userId } = await harness.session();
    const client = watch('', ['holdfast.json', `bearer.${token}`]);
    await client.untilFrame('snapshot');
    expect(client.protocol).toBe('holdfast.json');
    const note = { holdId: 'rsv_show1_x' as HoldId, what: 'booked', deadlineMs: 0 } as const;
    harness.inventory.setSeats([1], 2, [{ userId: userId as UserId, ...note }]);
    await client.untilFrame('hold');
    expect(client.frame('hold')).toMatchObject({ status: 'booked' });
  });

  it('gives a slow client a fresh snapshot instead of a silent gap', async () => {
    await harness.stop();
    harness = await startHarness({ edge, seatCount: 100_000 });
    const slow = watch();
    const quick = watch();
    await slow.untilFrame('snapshot');
    await quick.untilFrame('snapshot');
    slow.pause();
    const many = Array.from({ length: 50_000 }, (_, i) => i);
    let round = 0;
    while (!(await metric('holdfast_live_stale_total'))) {
      round += 1;
      harness.inventory.setSeats(many, 1 + (round % 2));
      await quick.untilVersion(round);
    }
    slow.unpause();
    await slow.untilVersion(round);
    expect(slow.gaps).toBe(0);
    expect(slow.snapshots).toBeGreaterThan(1);
    expect(slow.statuses).toBe(truth());
    expect(quick.snapshots).toBe(1);
  });

  async function metric(name: string): Promise<number> {
    const text = await harness.gateway.metrics.text();
    const line = text.split('\n').find((l) => l.startsWith(name) && !l.startsWith('#'));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  it.each([
    ['text that is not JSON', 'hello'],
    ['an unknown type', { type: 'buy' }],
    ['a resume without a version', { type: 'resume' }],
    ['a resume with a negative version', { type: 'resume', version: -1 }],
    ['a ping with more than it may have', { type: 'ping', extra: 1 }],
    ['a list', [1, 2]],
    ['null', 'null'],
  ])('says what is wrong with %s and closes with the code of the table', async (_what, message) => {
    const client = watch();
    await client.untilFrame('snapshot');
    client.send(message);
    await client.untilClosed();
    expect(client.closeCode).toBe(4400);
    expect(client.frame('error')).toMatchObject({ error: { code: 'unknown_message' } });
  });

  it('closes a socket that talks too much', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    for (let i = 0; i < 50; i++) client.send({ type: 'ping' });
    await client.untilClosed();
    expect(client.closeCode).toBe(4429);
  });

  it('closes a socket whose frame is over the limit, and lives on', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    client.send('x'.repeat(10_000));
    await client.untilClosed();
    expect((await harness.call('GET', '/livez')).status).toBe(200);
  });

  it.each([
    ['an event id that is none', 'nonsense!', '', 404, 'event_not_found'],
    ['a bad token', 'evt_show1', '?token=abc', 401, 'unauthorized'],
    ['a version that is none', 'evt_show1', '?version=-3', 400, 'invalid_request'],
  ])('refuses an upgrade for %s', async (_what, event, query, status, code) => {
    const answer = await refusedUpgrade(`${harness.wsUrl}/v1/events/${event}/live${query}`);
    expect(answer).toEqual({ status, code });
  });

  it('closes a socket for an event that does not exist, and then refuses at once', async () => {
    const url = `${harness.wsUrl}/v1/events/evt_nope/live`;
    const client = new LiveClient(url);
    await client.untilClosed();
    expect(client.closeCode).toBe(4404);
    expect(client.frame('error')).toMatchObject({ error: { code: 'event_not_found' } });
    expect(await refusedUpgrade(url)).toEqual({ status: 404, code: 'event_not_found' });
  });

  it('closes a socket whose event has no owner now, and says when to try again', async () => {
    harness.inventory.override = () => ({
      kind: 'unavailable',
      retryAfterMs: 60_000,
      executed: 'no',
    });
    const client = watch();
    await client.untilClosed();
    expect(client.closeCode).toBe(1013);
    expect(client.frame('error')).toMatchObject({
      error: { code: 'unavailable', retry_after_ms: 1000 },
    });
  });

  it('keeps viewers who come and go at the same moment apart', async () => {
    for (let round = 0; round < 20; round++) {
      const three = [watch(), watch(), watch()];
      await three[0].untilFrame('snapshot');
      three[0].close();
      await Promise.all(three.slice(1).map((client) => client.untilFrame('snapshot')));
      three.slice(1).forEach((client) => client.close());
    }
    expect(clients).toHaveLength(60);
  });

  it('tells open sockets that the server goes away', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    await harness.gateway.stop();
    await client.untilClosed();
    expect(client.closeCode).toBe(1001);
  });

  it('counts the open sockets and forgets the closed ones', async () => {
    const client = watch();
    await client.untilFrame('snapshot');
    expect(await metric('holdfast_sockets')).toBe(1);
    client.close();
    await until(async () => (await metric('holdfast_sockets')) === 0, 'the socket is gone');
  });
});
