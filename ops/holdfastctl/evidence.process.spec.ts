import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { takeSnapshot } from '#libs/actor/snapshots.js';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import type { EventId } from '#libs/inventory/ids.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { silentLog } from '#libs/platform/log.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { Sale } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../setup.mjs';
import { runCommandLine } from './holdfastctl.js';

/** History, replay and verification of an event that had three owners, and of one tampered with. */
const bookingsMin = 100;
let cluster: ProcessCluster;
let bus: NatsBus;
let sale: Sale;
let event: EventId;

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(['shard-a', 'shard-b']);
  bus = await connectNats({ ...cluster.nats.link('operator'), name: 'spec', log: silentLog() });
  sale = await Sale.open(cluster.pool, bus, ['shard-a'], cluster.nats.sealKey);
  event = sale.events[0].eventId;
}, 240_000);

afterAll(async () => {
  await sale?.load.stop();
  sale?.close();
  await bus?.close();
  await cluster?.stop();
}, 30_000);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: { DATABASE_URL: cluster.databaseUrl, ...cluster.nats.environmentOf('operator') },
  });
  return { code, out, err };
}

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, out, err } = await run('--json', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

interface Verified {
  readonly first_bad_batch: number | null;
  readonly problems: readonly string[];
}

/** Of an event that is not clean. */
async function bad(): Promise<Verified> {
  const { code, err } = await run('--json', 'event', 'verify', event);
  expect(code).toBe(1);
  const { error } = JSON.parse(err) as { error: { message: string; details: [Verified] } };
  expect(error.message).toContain(event);
  return error.details[0];
}

async function bookings(): Promise<number> {
  const { rows } = await cluster.pool.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM booking WHERE event_id = $1',
    [event],
  );
  return rows[0].count;
}

async function snapshot(): Promise<void> {
  const journal = openPostgresJournal({ url: cluster.databaseUrl });
  const catalogue = createPostgresCatalogue(cluster.pool);
  await takeSnapshot(journal, (id) => catalogue.inventoryOf(id), event, silentLog());
  await journal.close();
}

describe('the evidence of an event that was moved, and whose owner was killed', () => {
  it('is clean: chain, fold, tables, snapshots, and the state of its third owner', async () => {
    const { owner } = await json<{ owner: string }>('event', 'show', event);
    const target = owner.startsWith('shard-a') ? 'shard-b' : 'shard-a';
    await json('event', 'move', event, '--to', target);
    await sale.load.more(20);
    await snapshot();
    await cluster.shard(target).kill();
    await sale.load.more(20);
    await until(async () => (await bookings()) >= bookingsMin, 'many bookings', 40_000);
    await sale.load.stop();
    const verified = await json('event', 'verify', event);
    expect(verified).toMatchObject({ clean: true, epochs: 3, live: 'equal', problems: [] });
    expect(verified.bookings).toBeGreaterThanOrEqual(bookingsMin);
    expect(verified.snapshots).toBeGreaterThanOrEqual(1);
  }, 90_000);

  it('shows the map as it was at every fact that somebody asks for', async () => {
    type Entry = { at: string; what: string; seat_ids: string[]; epoch: number };
    const { entries } = await json<{ entries: Entry[] }>(
      ...['event', 'history', event, '--limit', '100000'],
    );
    expect(new Set(entries.map(({ epoch }) => epoch)).size).toBe(3);
    const booked = entries.filter(({ what }) => what === 'SeatsBooked');
    for (const at of [0, 0.5, 1].map((part) => Math.floor(part * (booked.length - 1)))) {
      const { at: time, seat_ids: seats } = booked[at];
      type Replay = { booked: number; seats: { seat_id: string; status: string }[] };
      const map = await json<Replay>('event', 'replay', event, '--at', time);
      const status = new Map(map.seats.map((seat) => [seat.seat_id, seat.status]));
      expect(seats.map((seat) => status.get(seat))).toEqual(seats.map(() => 'booked'));
      const before = booked.filter((other) => other.at <= time);
      expect(map.booked).toBe(before.reduce((sum, other) => sum + other.seat_ids.length, 0));
    }
  });

  it.each([
    [2, 'It must be a time', 'yesterday'],
    [2, 'It must be a time', '2027-02-31'],
    [2, 'It must be a time', 'foo 1'],
    [2, 'It must be a time', '25:00'],
    [2, 'It must be a time', '2026-01-01T25:00:00Z'],
    [3, 'is in the future', '2999-01-01'],
  ])('is refused with %d for a moment that is none: "%s", %s', async (code, words, at) => {
    const refused = await run('event', 'replay', event, '--at', at);
    expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
    expect(refused.err.trimEnd()).not.toContain('\n');
  });

  it('names a snapshot of which a byte was changed, also with its digest', async () => {
    const change = (column: string): Promise<unknown> =>
      cluster.pool.query(
        `UPDATE snapshot SET ${column} WHERE event_id = $1 AND batch_no =
           (SELECT min(batch_no) FROM snapshot WHERE event_id = $1)`,
        [event],
      );
    const { rows } = await cluster.pool.query<{ batch_no: number }>(
      'SELECT min(batch_no)::integer AS batch_no FROM snapshot WHERE event_id = $1',
      [event],
    );
    const name = `snapshot of batch ${rows[0].batch_no}`;
    const lastByte = 'state = set_byte(state, length(state) - 1, get_byte(state, 0) # 255)';
    await cluster.pool.query('CREATE TABLE kept AS SELECT * FROM snapshot');
    await change(lastByte);
    expect(await bad()).toMatchObject({
      first_bad_batch: null,
      problems: [`${name}: its bytes do not match its digest`],
    });
    await change("digest = encode(sha256(state), 'hex')");
    expect((await bad()).problems).toEqual([expect.stringContaining(`${name}: `)]);
    await cluster.pool.query('TRUNCATE snapshot');
    await cluster.pool.query('INSERT INTO snapshot SELECT * FROM kept');
    await change('batch_no = 1000000');
    expect((await bad()).problems).toEqual([
      expect.stringMatching(/^snapshot of batch 1000000: the journal ends at batch \d+$/),
    ]);
    await cluster.pool.query('TRUNCATE snapshot');
    expect(await json('event', 'verify', event)).toMatchObject({ clean: true, snapshots: 0 });
  });

  it('names the batch of which a byte was changed, and what does not fit', async () => {
    const middle = Math.floor(Number((await json('event', 'verify', event)).batches) / 2);
    const flip = (column: string): Promise<unknown> =>
      cluster.pool.query(
        `UPDATE journal SET ${column} = set_byte(${column}, 0, get_byte(${column}, 0) # 1)
         WHERE event_id = $1 AND batch_no =
           (SELECT min(batch_no) FROM journal
            WHERE event_id = $1 AND batch_no >= $2 AND length(facts) > 0)`,
        [event, middle],
      );
    for (const [column, words] of [
      ['hash', 'its content does not match its hash'],
      ['prev_hash', 'it was not built on its predecessor'],
      ['facts', 'its content does not match its hash'],
    ]) {
      await flip(column);
      const { first_bad_batch: batch, problems } = await bad();
      expect(batch).toBeGreaterThanOrEqual(middle);
      expect(problems[0]).toBe(`batch ${batch}: ${words}`);
      await flip(column);
    }
    expect(await json('event', 'verify', event)).toMatchObject({ clean: true, live: 'equal' });
    await cluster.pool.query('DELETE FROM journal WHERE event_id = $1 AND batch_no = $2', [
      event,
      middle,
    ]);
    expect(await bad()).toMatchObject({
      first_bad_batch: middle,
      problems: expect.arrayContaining([expect.stringContaining(`missing: batch ${middle + 1}`)]),
    });
  });
});
