import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startShard } from '#apps/inventory-shard/shard.js';
import { connectNats } from '#libs/bus/nats-bus.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { createPostgresLeaseStore } from '#libs/journal/postgres-lease.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { Metrics } from '#libs/platform/metrics.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { startTestNats } from '#libs/testing/nats-server.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { until } from '#libs/testing/until.js';
import { runCommandLine } from './holdfastctl.js';

/** What an organiser decides, from the terminal to the owner of the event and back. */
const log = silentLog();
const eventId = 'evt_manual' as EventId;
const closers: (() => Promise<unknown> | void)[] = [];
let environment: NodeJS.ProcessEnv;
let buyers: RoutingClient;
/** Public ids of the first seats of the plan. */
let seats: readonly string[];

beforeAll(async () => {
  const [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  closers.push(() => Promise.all([postgres.stop(), nats.stop()]));
  const url = await postgres.createDatabase();
  await migrate(url);
  environment = { DATABASE_URL: url, NATS_URL: nats.url };
  const pool = openPool(url, { applicationName: 'spec', max: 2, answerWithinMs: 10_000 });
  closers.push(() => pool.end());
  const journal = openPostgresJournal({ url });
  closers.push(() => journal.close());
  const [shardBus, buyerBus] = await Promise.all([
    connectNats({ url: nats.url, name: 'shard', log }),
    connectNats({ url: nats.url, name: 'buyers', log }),
  ]);
  closers.push(() => Promise.all([shardBus.close(), buyerBus.close()]));
  const catalogue = createPostgresCatalogue(pool);
  await importManual();
  seats = (await catalogue.layoutOf(eventId))?.seats.ids.slice(0, 10) ?? [];
  const shard = await startShard({
    shardId: 'shard-1',
    weight: 1,
    bus: shardBus,
    journal,
    leases: createPostgresLeaseStore(pool),
    catalogue,
    snapshotter: { stored: 0, request: () => undefined, close: () => Promise.resolve() },
    clock,
    random,
    log,
    metrics: new Metrics({ processMetrics: false }),
  });
  closers.push(() => shard.stop());
  buyers = createInventoryClient({ bus: buyerBus, clock, random, log, clientId: 'buyers' });
  closers.push(() => buyers.close());
  await until(() => buyers.ready, 'a shard is known');
}, 60_000);

afterAll(async () => {
  for (const close of closers.reverse()) await close();
}, 30_000);

async function importManual(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-sale-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(demoPlan('theatre')));
  const event = {
    plan: 'plan.json',
    id: eventId,
    name: 'Manual',
    venue: 'Hall',
    city: 'Leeds',
    start: '2027-03-01T19:30:00Z',
    on_sale: 'manual',
    currency: 'GBP',
    prices: { Premium: '95', Stalls: '68.50', Circle: '52', Balcony: '29.50', Standing: '20' },
    areas: [{ name: 'Floor', capacity: 10, category: 'Standing' }],
    stranded_singles: 'allow',
  };
  await writeFile(path.join(folder, 'event.json'), JSON.stringify(event));
  expect(await run('import', path.join(folder, 'event.json'))).toMatchObject({ code: 0, err: '' });
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: environment,
  });
  return { code, out, err };
}

/** Code of the refusal, or "held". */
async function hold(seat: number): Promise<string> {
  const result = await buyers.call({
    eventId,
    commandId: buyers.nextCommandId(),
    keyed: false,
    userId: 'usr_a' as UserId,
    request: {
      type: 'HoldSeats',
      holdId: makeHoldId(eventId, random.token(20)),
      seats: [seat as never],
      areas: [],
      best: [],
    },
  });
  if (result.kind !== 'answered') return result.kind;
  return result.answer.kind === 'accepted' ? 'held' : result.answer.refusal.code;
}

describe('holdfastctl event', () => {
  it('opens a sale that waits for it, closes it, and opens it again', async () => {
    expect(await hold(0)).toBe('sale_not_open');
    const opened = await run('event', 'open-sale', eventId);
    expect(opened).toEqual({ code: 0, out: `the sale of ${eventId} is open\n`, err: '' });
    expect(await hold(0)).toBe('held');
    const closed = await run('event', 'close-sale', eventId, '--json');
    expect(JSON.parse(closed.out)).toEqual({ result: 'done', event_id: eventId, sale: 'closed' });
    expect(await hold(1)).toBe('sale_closed');
    expect((await run('event', 'open-sale', eventId)).code).toBe(0);
    expect(await hold(1)).toBe('held');
  });

  it('blocks places for a reason, and puts them on sale again', async () => {
    const places = ['--seats', `${seats[4]}, ${seats[5]}`, '--area', 'Floor=3'];
    const blocked = await run('event', 'block', eventId, ...places, '--reason', 'camera');
    expect(blocked).toEqual({ code: 0, out: `blocked 5 places of ${eventId}\n`, err: '' });
    expect(await hold(4)).toBe('seats_unavailable');
    const history = await run('event', 'history', eventId, '--seat', seats[4]);
    expect(history.out).toContain('SeatsBlocked');
    expect((await run('event', 'unblock', eventId, ...places)).code).toBe(0);
    expect(await hold(4)).toBe('held');
  });

  it('says in one line what was refused, and which places stand in the way', async () => {
    const lines = [
      await run('event', 'block', eventId, '--seats', `${seats[0]},${seats[7]}`),
      await run('event', 'unblock', eventId, '--area', 'Floor=1'),
      await run('event', 'block', eventId, '--seats', 'nowhere'),
      await run('event', 'block', eventId, '--area', 'Roof=1'),
      await run('event', 'open-sale', 'evt_none'),
    ];
    expect(lines.map(({ code, err }) => [code, err])).toEqual([
      [3, `holdfastctl: refused: seats_unavailable: ${seats[0]}\n`],
      [3, 'holdfastctl: refused: seats_not_blocked: Floor\n'],
      [3, 'holdfastctl: the seating plan has no seat nowhere\n'],
      [3, 'holdfastctl: the seating plan has no area Roof\n'],
      [3, 'holdfastctl: there is no event evt_none\n'],
    ]);
    for (const args of [[], ['--area', 'Floor'], ['--area', 'Floor=0']]) {
      expect((await run('event', 'block', eventId, ...args)).code).toBe(2);
    }
  });

  it('releases an event from quarantine once, and says what that means', async () => {
    const pool = openPool(environment.DATABASE_URL ?? '', {
      applicationName: 'spec',
      max: 1,
      answerWithinMs: 10_000,
    });
    await pool.query("UPDATE ownership SET quarantined = 'lost' WHERE event_id = $1", [eventId]);
    const meaning = 'its next owner goes on from the journal as it is';
    const released = await run('event', 'release-quarantine', eventId);
    expect(released).toEqual({
      code: 0,
      out: `released ${eventId} (lost): within 5 s ${meaning}\n`,
      err: '',
    });
    const { rows } = await pool.query('SELECT quarantined FROM ownership');
    expect(rows).toEqual([{ quarantined: null }]);
    await pool.end();
    const again = await run('event', 'release-quarantine', eventId);
    expect([again.code, again.err]).toEqual([3, `holdfastctl: ${eventId} is not in quarantine\n`]);
  });
});
