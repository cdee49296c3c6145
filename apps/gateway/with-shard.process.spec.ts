import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startShard, type RunningShard } from '#apps/inventory-shard/shard.js';
import { createInlineSnapshotter } from '#libs/actor/snapshots.js';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { createMemoryFactFormat } from '#libs/journal/fact-format.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { MemoryOffice } from '#libs/office/memory-office.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { until } from '#libs/testing/until.js';

import { startGateway, type Gateway } from './gateway.js';
import { FakeCatalogue, fakeEventId } from './testing/fake-catalogue.js';
import { callHttp, openSession, type Reply } from './testing/harness.js';
import { LiveClient } from './testing/live-client.js';

const log = silentLog();

/** The production gateway, router, shard, actor and core; only bus and journal are in memory. */
describe('the gateway with a real shard', () => {
  let shard: RunningShard;
  let shardBus: MemoryBus;
  let inventory: RoutingClient;
  let gateway: Gateway;
  let journal: MemoryJournal;
  let url: string;

  beforeEach(async () => {
    const catalogue = new FakeCatalogue(40, 10, { holdTtlMs: 700, opensAtMs: Date.now() - 1 });
    const broker = new MemoryBroker({ clock, random, log });
    journal = new MemoryJournal({ clock });
    journal.register(fakeEventId, null);
    const inventoryOf = catalogue.inventoryOf.bind(catalogue);
    shardBus = broker.connect('s1');
    shard = await startShard({
      shardId: 's1',
      weight: 1,
      bus: shardBus,
      journal,
      leases: new MemoryLeaseStore(clock),
      catalogue,
      factFormat: createMemoryFactFormat(factLevelNewest),
      snapshotter: createInlineSnapshotter(journal, inventoryOf, log),
      clock,
      random,
      log,
      metrics: new Metrics({ processMetrics: false }),
    });
    const bus = broker.connect('gateway');
    inventory = createInventoryClient({ bus, clock, random, log, clientId: 'gw' });
    await until(() => inventory.ready, 'a shard is known');
    const config = {
      PORT: 0,
      HOLDFAST_EDGE: 'auto' as const,
      HOST: '127.0.0.1',
      HOLDFAST_TOKEN_SECRET: 'a secret of at least 32 characters',
      HOLDFAST_TOKEN_ISSUERS: [],
      HOLDFAST_LOOPBACK_UNLIMITED: true,
      HOLDFAST_FORWARDED_HEADER: 'x-forwarded-for' as const,
      HOLDFAST_AUDIT_DAYS: 0,
      HOLDFAST_LAME_DUCK_MS: 0,
    };
    const office = new MemoryOffice(clock);
    const roomStore = new MemoryRooms();
    gateway = await startGateway({
      ...{ config, bus, inventory, catalogue, office, pages: null, clock, random, log },
      database: { away: false },
      shards: () => inventory.membership.live,
      ...{ config, bus, inventory, catalogue, office, roomStore, pages: null, clock, random, log },
    });
    url = `http://127.0.0.1:${gateway.port}`;
  });

  afterEach(async () => {
    await gateway.stop();
    inventory.close();
    await shard.stop();
    await journal.close();
  });

  const reserve = (token: string, seats: readonly string[], key?: string): Promise<Reply> =>
    callHttp(url, 'POST', '/v1/reservations', {
      token,
      body: { event_id: fakeEventId, seat_ids: seats },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });

  it('holds, refuses with an alternative, repeats, releases; a watcher sees it all', async () => {
    const [one, two] = [await openSession(url), await openSession(url)];
    const watcher = new LiveClient(`${url.replace('http', 'ws')}/v1/events/evt_show1/live`);
    await watcher.untilFrame('snapshot');

    const held = await reserve(one.token, ['A-1', 'A-2'], 'k');
    expect([held.status, held.json.seat_ids, held.json.total]).toEqual([
      201,
      ['A-1', 'A-2'],
      10_000,
    ]);
    expect((await reserve(one.token, ['A-1', 'A-2'], 'k')).text).toBe(held.text);
    expect((await reserve(one.token, ['A-3'], 'k')).code).toBe('idempotency_key_reused');

    const lost = await reserve(two.token, ['A-2', 'A-3']);
    expect([lost.status, lost.code, lost.error.seat_ids]).toEqual([
      409,
      'seats_unavailable',
      ['A-2'],
    ]);
    expect((lost.error.alternative as { seat_ids: string[] }).seat_ids).toHaveLength(2);

    const path = `/v1/reservations/${String(held.json.reservation_id)}`;
    expect((await callHttp(url, 'GET', path, { token: two.token })).status).toBe(404);
    expect((await callHttp(url, 'DELETE', path, { token: two.token })).status).toBe(404);
    const part = await callHttp(url, 'DELETE', path, {
      token: one.token,
      body: { seat_ids: ['A-1'] },
    });
    expect([part.status, part.json.seat_ids]).toEqual([200, ['A-2']]);
    await until(() => watcher.statuses.startsWith('fhf'), 'the watcher saw the release');
    expect(watcher.gaps).toBe(0);
    watcher.close();
  });

  it('says in time that an answer stays out, and the truth under the same key', async () => {
    const { token } = await openSession(url);
    expect((await reserve(token, ['C-1'])).status).toBe(201);
    shardBus.pause();
    const open = await reserve(token, ['C-2', 'C-3'], 'k');
    expect([open.status, open.code]).toEqual([503, 'outcome_unknown']);
    expect(open.headers.get('retry-after')).toBe('1');
    shardBus.resume();
    let again = open;
    await until(async () => {
      again = await reserve(token, ['C-2', 'C-3'], 'k');
      return again.status !== 503;
    }, 'the owner answers');
    expect([again.status, again.json.reservation_id]).toEqual([201, open.error.reservation_id]);
    expect((await reserve(token, ['C-2', 'C-3'], 'k')).text).toBe(again.text);
  });

  it('frees a hold when its time is over, and the watcher sees it', async () => {
    const { token } = await openSession(url);
    const target = `${url.replace('http', 'ws')}/v1/events/evt_show1/live?token=${token}`;
    const watcher = new LiveClient(target);
    await watcher.untilFrame('snapshot');
    const held = await reserve(token, ['B-1']);
    await until(() => watcher.frame('hold')?.status === 'expired', 'the hold expired');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(String(held.json.expires_at)));
    await until(() => !watcher.statuses.includes('h'), 'the seat is free');
    const path = `/v1/reservations/${String(held.json.reservation_id)}`;
    expect((await callHttp(url, 'GET', path, { token })).code).toBe('reservation_expired');
    watcher.close();
  });

  it('sells a seat once, however many ask for it at the same time', async () => {
    const buyers = await Promise.all(Array.from({ length: 20 }, () => openSession(url)));
    const replies = await Promise.all(buyers.map(({ token }) => reserve(token, ['C-5'])));
    const held = replies.filter(({ status }) => status === 201);
    expect(held).toHaveLength(1);
    expect(replies.filter(({ code }) => code === 'seats_unavailable')).toHaveLength(19);
  });

  it('refuses an event that no shard knows', async () => {
    const { token } = await openSession(url);
    const body = { event_id: 'evt_other', seat_ids: ['A-1'] };
    const answer = await callHttp(url, 'POST', '/v1/reservations', { token, body });
    expect([answer.status, answer.code]).toEqual([404, 'event_not_found']);
  });
});
