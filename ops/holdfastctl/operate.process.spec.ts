import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { Sale } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../setup.mjs';
import { runCommandLine } from './holdfastctl.js';

/** The operator's commands on a small real system that sells all the while. */
let cluster: ProcessCluster;
let bus: NatsBus;
let sale: Sale;
let databaseUrl: string;
let events: readonly string[];

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(['shard-a', 'shard-b']);
  databaseUrl = cluster.databaseUrl;
  bus = await connectNats({ ...cluster.nats.link('operator'), name: 'spec', log: silentLog() });
  sale = await Sale.open(
    cluster.pool,
    bus,
    ['shard-a', 'shard-a', 'shard-b', 'shard-b'],
    cluster.nats.sealKey,
  );
  events = sale.events.map(({ eventId }) => eventId);
}, 240_000);

afterAll(async () => {
  await sale?.load.stop();
  sale?.close();
  await bus?.close();
  await cluster?.stop();
}, 30_000);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return runWith({ DATABASE_URL: databaseUrl, ...cluster.nats.environmentOf('operator') }, ...args);
}

async function runWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env,
  });
  return { code, out, err };
}

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, out, err } = await run('--json', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

const refusals = (): number[] => [sale.load.unknowns, sale.load.unavailables];

describe('holdfastctl on a running system', () => {
  it('lists shards and their load for people and for programs', async () => {
    const shards = await json<Record<string, unknown>[]>('shards');
    expect(shards.map(({ id }) => id)).toEqual(['shard-a', 'shard-b']);
    expect(shards[0]).toMatchObject({
      incarnation: cluster.shard('shard-a').incarnation,
      pid: expect.any(Number),
      host: expect.any(String),
      state: 'active',
      events: 2,
      commands_per_second: expect.any(Number),
    });
    const { out } = await run('shards');
    expect(out.split('\n')[0]).toMatch(/^shard +incarnation +pid/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const status = await run('status', '--json');
    // No gateway and no payments: it says so, and shows the rest.
    const troubles = ['no gateway answers', 'no payments process is there'];
    const shown = { events: 4, owned: 4, rebalancing: 'on', troubles };
    expect([status.code, JSON.parse(status.out)]).toMatchObject([1, shown]);
    const hot = await json<Record<string, unknown>[]>('events', '--hot');
    expect(hot.map(({ event_id }) => event_id).sort()).toEqual([...events].sort());
  });

  it('shows an event, and moves it while it sells without an error to buyers', async () => {
    const [eventId] = events;
    const before = await json('event', 'show', eventId);
    expect(before).toMatchObject({
      owner: cluster.shard('shard-a').incarnation,
      epoch: 1,
      source: 'owner',
      mailbox: expect.any(Number),
      holds: expect.any(Number),
      booked: expect.any(Number),
      free: expect.any(Number),
      batch_no: expect.any(Number),
      seq: expect.any(Number),
    });
    expect(before).toHaveProperty('watchers');
    const dry = await json('event', 'move', eventId, '--dry-run');
    expect(dry).toMatchObject({ result: 'dry_run', to: cluster.shard('shard-b').incarnation });
    const stale = await run('event', 'move', eventId, '--expect-epoch', '9');
    expect(stale).toMatchObject({ code: 3, out: '' });
    expect(stale.err).toBe(`holdfastctl: ${eventId} is at epoch 1, not 9\n`);
    const moved = await json('event', 'move', eventId, '--to', 'shard-b', '--expect-epoch', '1');
    expect(moved).toMatchObject({ result: 'moved', epoch: 2, pause_ms: expect.any(Number) });
    const again = await run('event', 'move', eventId, '--to', 'shard-b');
    expect(again).toMatchObject({ code: 3, err: 'holdfastctl: not moved: it is there already\n' });
    const [last] = await json<Record<string, unknown>[]>('moves', '--limit', '1');
    expect(last).toMatchObject({ outcome: 'moved', event_id: eventId });
    await sale.load.more(3);
    expect(refusals()).toEqual([0, 0]);
  });

  it('drains a shard under load, and takes it back', async () => {
    const drained = await json('shard', 'drain', 'shard-b');
    expect(drained).toMatchObject({ result: 'done', left: 0, moved: 3, failures: [] });
    const owners = await Promise.all(events.map((event) => cluster.ownerOf(event)));
    expect(new Set(owners)).toEqual(new Set([cluster.shard('shard-a').incarnation]));
    await sale.load.more(3);
    expect(refusals()).toEqual([0, 0]);
    const nowhere = await run('shard', 'drain', 'shard-a', '--deadline', '5');
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain('no other shard takes events');
    for (const shard of ['shard-a', 'shard-b']) {
      expect(await json('shard', 'uncordon', shard)).toMatchObject({ state: 'active' });
    }
    expect(await run('shard', 'cordon', 'shard-z')).toEqual({
      code: 3,
      out: '',
      err: 'holdfastctl: no live shard shard-z; alive: shard-a, shard-b\n',
    });
  });

  it('plans and applies a rebalance, and suspends the automatic one', async () => {
    await until(async () => (await json<object[]>('rebalance', 'suspend')) !== null, 'suspended');
    const options = ['--include-hot', '--include-recent'];
    const plan = await json<{ moves: { to: string }[]; automatic_suspended: boolean }>(
      'rebalance',
      'plan',
      ...options,
    );
    expect(plan.automatic_suspended).toBe(true);
    expect(plan.moves.length).toBeGreaterThan(0);
    const applied = await json('rebalance', 'apply', ...options);
    expect(applied).toMatchObject({ moved: plan.moves.length, failed: [] });
    expect(await json('rebalance', 'resume')).toMatchObject({ suspended: false, before: true });
    const shards = await json<{ events: number }[]>('shards');
    expect(Math.min(...shards.map((shard) => shard.events))).toBeGreaterThan(0);
  });

  it('pins an event, and fences one: its next command finds it an owner', async () => {
    const [, pinned, fenced] = events;
    await json('event', 'pin', pinned, 'shard-b', '--move');
    expect(await cluster.ownerOf(pinned)).toBe(cluster.shard('shard-b').incarnation);
    expect(await json('event', 'show', pinned)).toMatchObject({ pinned_to: 'shard-b' });
    expect((await run('event', 'pin', pinned, 'shard-q')).code).toBe(3);
    expect(await json('event', 'unpin', pinned)).toMatchObject({ before: 'shard-b' });
    const { epoch } = await json<{ epoch: number }>('event', 'show', fenced);
    const shut = await json('event', 'fence', fenced);
    expect(shut).toMatchObject({ epoch: epoch + 1, connections_ended: 1 });
    await sale.load.more(3);
    const after = await json<{ epoch: number }>('event', 'show', fenced);
    expect(after.epoch).toBeGreaterThan(epoch + 1);
  });

  it('waits as long as a suspicion takes for a shard that was late', async () => {
    const { pool } = cluster;
    await pool.query(
      `INSERT INTO shard_lease (incarnation, shard_id, host, pid, renewed_at)
       VALUES ('shard-late.1', 'shard-late', 'late', 1,
         clock_timestamp() - make_interval(secs => $1))`,
      [limits.lateShardMs / 2_000],
    );
    const fromMs = performance.now();
    await json('shards');
    expect(performance.now() - fromMs).toBeGreaterThanOrEqual(limits.suspectAfterMs);
    await pool.query("DELETE FROM shard_lease WHERE incarnation = 'shard-late.1'");
  });

  it('tells the history of a seat and shows the map as it was', async () => {
    const [eventId] = events;
    type Entry = { at: string; seat_ids: string[]; user_id: string; what: string };
    const history = await json<{ entries: Entry[]; total: number }>('event', 'history', eventId);
    expect(history.total).toBeGreaterThan(3);
    const hold = history.entries.find(({ what }) => what === 'SeatsHeld')!;
    const ofSeat = await json<{ entries: Entry[] }>(
      ...['event', 'history', eventId, '--seat', hold.seat_ids[0]],
    );
    expect(ofSeat.entries.length).toBeGreaterThan(0);
    expect(ofSeat.entries.every(({ seat_ids }) => seat_ids.includes(hold.seat_ids[0]))).toBe(true);
    type Replay = { seats: { seat_id: string; status: string }[]; held: number };
    const then = await json<Replay>('event', 'replay', eventId, '--at', hold.at);
    const statusThen = then.seats.find(({ seat_id }) => seat_id === hold.seat_ids[0])?.status;
    expect(statusThen).toBe('held');
    const longAgo = await json<Replay>('event', 'replay', eventId, '--at', '2020-01-01');
    expect(longAgo.held).toBe(0);
    const { out } = await run('event', 'replay', eventId, '--at', hold.at);
    expect(out).toContain('h held');
    expect((await run('event', 'history', eventId, '--seat', 'nowhere')).code).toBe(3);
  });

  it('verifies every event, and names the batch in which a byte was changed', async () => {
    const [first] = events;
    expect(await json('event', 'verify', first)).toMatchObject({ clean: true, live: 'equal' });
    await sale.load.stop();
    expect(await json('event', 'verify', '--all')).toMatchObject({ events: 4, clean: 4, bad: [] });
    await cluster.pool.query(
      `UPDATE journal SET facts = set_byte(facts, 20, get_byte(facts, 20) # 1)
       WHERE event_id = $1 AND batch_no = 4`,
      [first],
    );
    const bad = await run('event', 'verify', first, '--json');
    expect(bad.code).toBe(1);
    const { error } = JSON.parse(bad.err) as { error: { message: string; details: object[] } };
    expect(error.message).toContain(`batch 4: its content does not match its hash`);
    expect(error.details[0]).toMatchObject({ clean: false, first_bad_batch: 4 });
  });

  it('names the kind of fact that only a newer version can read', async () => {
    const newer = events[3];
    await cluster.pool.query(
      `UPDATE journal SET facts = '\\x640100'
       WHERE event_id = $1 AND batch_no = (SELECT max(batch_no) FROM journal
                                           WHERE event_id = $1 AND length(facts) > 0)`,
      [newer],
    );
    const words = /fact kind 100 version 1 is unknown here: a newer Holdfast wrote it/;
    for (const args of [['history'], ['replay', '--at', new Date().toISOString()]]) {
      const [command, ...options] = args;
      const shown = await run('event', command, newer, ...options);
      expect(shown).toMatchObject({ code: 3, out: '', err: expect.stringMatching(words) });
    }
    const verified = await run('event', 'verify', newer);
    expect(verified).toMatchObject({ code: 1, err: expect.stringMatching(words) });
    const all = await run('--json', 'event', 'verify', '--all');
    const { error } = JSON.parse(all.err) as { error: { details: { events: number }[] } };
    expect(error.details[0].events).toBe(4);
  });

  it('says in one line what needs a bus, and works on the journal without one', async () => {
    const env = { DATABASE_URL: databaseUrl };
    const without = await runWith(env, 'shards');
    expect(without).toMatchObject({ code: 4, out: '' });
    expect(without.err).toMatch(/^holdfastctl: this needs the message bus.*\n$/);
    const shown = await runWith(env, 'event', 'show', events[1], '--json');
    expect(JSON.parse(shown.out)).toMatchObject({ source: 'journal', mailbox: null });
    expect((await runWith(env, 'event', 'show', 'evt_nobody')).code).toBe(3);
    expect((await run('event', 'replay', events[1], '--at', 'noon')).code).toBe(2);
  });

  it('counts no shard that was killed, once its silence was noticed', async () => {
    await cluster.shard('shard-b').kill();
    await until(
      async () => (await json<object[]>('shards')).length === 1,
      'one shard is left',
      4 * limits.suspectAfterMs,
    );
    expect(cluster.shard('shard-a').ended).toBe(false);
  });
});
