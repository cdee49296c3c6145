import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { SeatIndex, UserId } from '#libs/inventory/inventory.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import type { EventOnSale } from '#libs/testing/hold-load.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import { readHistory } from '#libs/oracle/read-history.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { ShardProcess } from '#libs/testing/process-cluster.js';
import { Sale } from '#libs/testing/sale.js';
import { startTcpProxy, type TcpProxy } from '#libs/testing/tcp-proxy.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../../ops/setup.mjs';

/**
 * A primary with a standby. Everybody reaches the database at one address, as in production; a
 * failover promotes the standby and gives it the address. The old primary may still be alive.
 */
const shardIds = ['shard-a', 'shard-b'] as const;
const placement = ['shard-a', 'shard-b', 'shard-a', 'shard-b'];

let nats: TestNats;
let bus: NatsBus;
let primary: TestPostgres;
let standby: TestPostgres;
/** The address of the database, and the line on which the standby follows. */
let address: TcpProxy;
let replication: TcpProxy;
let pool: pg.Pool;
let shards: ShardProcess[];
let sale: Sale;
let folder: string;

beforeAll(async () => {
  await setup();
  nats = await startTestNats();
  bus = await connectNats({ ...nats.link('operator'), name: 'spec', log: silentLog() });
}, 240_000);

afterAll(async () => {
  await bus?.close();
  await nats?.stop();
});

beforeEach(async () => {
  primary = await startTestPostgres({ durable: true });
  const database = await primary.createDatabase();
  await migrate(database);
  await primary.kill('SIGINT');
  replication = await startTcpProxy(primary.port);
  const { dataFolder } = primary;
  standby = await startTestPostgres({
    durable: true,
    standbyOf: { dataFolder, port: replication.port },
  });
  await primary.restart();
  address = await startTcpProxy(primary.port);
  const url = new URL(database);
  url.port = String(address.port);
  pool = openPool(url.href, { applicationName: 'spec', max: 4, answerWithinMs: 5_000 });
  await until(async () => (await on(primary, following)).length === 1, 'the standby follows');
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-standby-'));
  shards = shardIds.map((shardId) => {
    const env = { DATABASE_URL: url.href, ...nats.environmentOf('shard') };
    return new ShardProcess(shardId, path.join(folder, `${shardId}.log`), env);
  });
  await Promise.all(shards.map((shard) => shard.ready()));
}, 60_000);

afterEach(async () => {
  sale?.close();
  await Promise.all(shards.map((shard) => shard.kill()));
  await pool.end();
  await Promise.all([address.close(), replication.close()]);
  await Promise.all([standby.stop(), primary.stop()]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const following = `SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'`;

/** Past the address. */
async function on<T extends pg.QueryResultRow>(server: TestPostgres, sql: string): Promise<T[]> {
  const direct = openPool(server.urlOf('test_1'), {
    applicationName: 'operator',
    max: 1,
    answerWithinMs: 10_000,
  });
  try {
    // The primary of a lost standby would keep an operator waiting for ever.
    await direct.query('SET synchronous_commit = local');
    return (await direct.query<T>(sql)).rows;
  } finally {
    await direct.end();
  }
}

async function promote(): Promise<void> {
  await on(standby, 'SELECT pg_promote(wait => true)');
  address.retarget(standby.port);
  address.cutAll();
}

const ownerless = 'usr_spec' as UserId;

/** What a visitor gets who asks for one seat. */
async function askOnce({ eventId }: EventOnSale): Promise<string> {
  const { client } = sale;
  const commandId = client.nextCommandId();
  const request = { type: 'GetSeatMap' } as const;
  const call = { eventId, commandId, keyed: false, userId: ownerless, request };
  return (await client.call(call)).kind;
}

/** A buyer of a seat nobody else wants: an event learns from an append that its journal changed. */
async function buyOnce({ eventId, seatIds }: EventOnSale): Promise<string> {
  const { client } = sale;
  const commandId = client.nextCommandId();
  const holdId = makeHoldId(eventId, systemRandom.token(16));
  const seats = [(seatIds.length - 1) as SeatIndex];
  const request = { type: 'HoldSeats', holdId, seats, areas: [], best: [] } as const;
  const call = { eventId, commandId, keyed: false, userId: ownerless, request };
  return (await client.call(call)).kind;
}

const quarantined = async (): Promise<string[]> => {
  const sql = 'SELECT event_id AS id FROM ownership WHERE quarantined IS NOT NULL';
  return (await pool.query<{ id: string }>(sql)).rows.map(({ id }) => id);
};

const logged = (message: string): number =>
  shards.reduce((sum, shard) => sum + shard.countLogged(message), 0);

describe('a synchronous standby that is promoted under load', () => {
  it('has every acknowledged hold, and the old primary is not believed when back', async () => {
    await on(primary, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
    await on(primary, 'SELECT pg_reload_conf()');
    const isSync = async () =>
      (await on<{ sync_state: string }>(primary, following))[0]?.sync_state === 'sync';
    await until(isSync, 'the standby is synchronous');
    sale = await Sale.open(pool, bus, placement, nats.sealKey);

    // The old primary lives on, with appends on their way that nobody will confirm.
    await promote();
    await sale.load.more(10, 40_000);
    expect(await quarantined()).toEqual([]);

    // Somebody gives it the address back: its journal ends before what buyers were readyLine.
    const before = logged('event quarantined');
    address.retarget(primary.port);
    address.cutAll();
    await until(() => logged('event quarantined') > before, 'a shard sees the old journal', 40_000);
    address.retarget(standby.port);
    address.cutAll();
    await until(async () => (await quarantined()).length > 0, 'it is written down', 40_000);

    // A mark that could not be written is written later: the operator may have to come again.
    let served = false;
    const serving = sale.load.more(3, 60_000).then(() => (served = true));
    const isServed = async (): Promise<boolean> => {
      await pool.query('UPDATE ownership SET quarantined = NULL WHERE quarantined IS NOT NULL');
      return served;
    };
    await Promise.all([serving, until(isServed, 'all are served again', 60_000)]);
    const judgements = await sale.finish();
    expect(judgements.flatMap(({ wrong }) => wrong)).toEqual([]);
    const { commands, unknowns } = sale.load;
    process.stderr.write(
      `promoted: ${commands.length} commands, ${unknowns} unknown for a while\n`,
    );
  }, 180_000);
});

describe('an asynchronous standby that lost its tail and is promoted', () => {
  it('makes the shards put the events in quarantine, loudly, and never go on', async () => {
    sale = await Sale.open(pool, bus, placement, nats.sealKey);
    replication.jam();
    await sale.load.more(5);
    const stopping = sale.load.stop();
    await primary.kill('SIGKILL');
    replication.cutAll();
    await promote();
    const ids = sale.events.map(({ eventId }) => eventId as string).sort();
    const answers = new Set<string>();
    const allAreOut = async (): Promise<boolean> => {
      const out = await quarantined();
      const others = sale.events.filter(({ eventId }) => !out.includes(eventId));
      for (const kind of await Promise.all(others.map(buyOnce))) answers.add(kind);
      return out.sort().join() === ids.join();
    };
    await until(allAreOut, () => `all four; a buyer got ${[...answers].join()}`, 60_000);
    expect(answers).not.toContain('answered');
    expect(logged('event quarantined')).toBe(ids.length);
    expect(await metric('holdfast_events_quarantined')).toBe(ids.length);
    await stopping;

    const ends = await Promise.all(
      ids.map(async (id) => (await readHistory(pool, id)).rows.length),
    );
    for (const event of sale.events) expect(await askOnce(event)).toBe('unavailable');
    const later = await Promise.all(
      ids.map(async (id) => (await readHistory(pool, id)).rows.length),
    );
    expect(later).toEqual(ends);
    process.stderr.write(`lost tail: ${ids.length} events in quarantine\n`);
  }, 120_000);
});

/** Over both shards. */
async function metric(name: string): Promise<number> {
  let sum = 0;
  for (const { readyLine } of shards) {
    const answer = await fetch(`http://127.0.0.1:${String(readyLine.metricsPort)}/metrics`);
    const text = await answer.text();
    sum += Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
  }
  return sum;
}
