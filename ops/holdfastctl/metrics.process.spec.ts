import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProcessCluster, type GatewayProcess } from '#libs/testing/process-cluster.js';
import type { RoleProcess } from '#libs/testing/role-process.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../setup.mjs';
import { Crowd } from './testing/crowd.js';
import { runCommandLine } from './holdfastctl.js';

/**
 * What an operator can read on /metrics of a running system after events moved, a gateway repeated
 * itself and a shard was killed: each number that the runbooks name has a value that means it.
 */
let cluster: ProcessCluster;
let gateway: GatewayProcess;
let payments: RoleProcess;
let crowd: Crowd;
let events: readonly string[];

beforeAll(async () => {
  await setup();
  const shards = ['shard-a', 'shard-b'];
  cluster = await ProcessCluster.start(shards);
  [gateway, payments] = await Promise.all([
    cluster.startGateway('gateway-1'),
    cluster.startPayments(),
  ]);
  await run('rebalance', 'suspend');
  const markets = await Promise.all(
    ['shard-a', 'shard-a', 'shard-b'].map(async (shardId) => ({
      // Holds that nobody releases in time end while the test runs.
      event: await importSmallEvent(cluster.pool, eventFor(shardId, shards), 3_000),
      buyers: 3,
      watchers: 1,
    })),
  );
  events = markets.map(({ event }) => event.eventId);
  crowd = await Crowd.open({ pool: cluster.pool, urls: [gateway.url], markets, bookingsEach: 5 });
}, 240_000);

afterAll(async () => {
  await crowd?.close();
  await cluster?.stop();
}, 30_000);

async function run(...args: string[]): Promise<void> {
  let err = '';
  const code = await runCommandLine(args, {
    out: () => undefined,
    err: (text) => void (err += text),
    env: { DATABASE_URL: cluster.databaseUrl, ...cluster.nats.environmentOf('operator') },
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
}

type Numbers = ReadonlyMap<string, number>;

/** By name and labels without role and shard: `holdfast_moves_total{outcome="moved"}`. */
async function numbersAt(url: string): Promise<Numbers> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const numbers = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const own = labels.split(',').filter((label) => !/^(role|shard)=|^$/.test(label));
    numbers.set(own.length === 0 ? name : `${name}{${own.join()}}`, Number(value));
  }
  return numbers;
}

const portOf = (one: RoleProcess): string =>
  `http://127.0.0.1:${String(one.readyLine.metricsPort)}`;
const ofShard = (id: string): Promise<Numbers> => numbersAt(portOf(cluster.shard(id)));
const ofGateway = (): Promise<Numbers> => numbersAt(portOf(gateway));

async function hold(token: string, key: string, seat: string): Promise<number> {
  const answer = await fetch(new URL('/v1/reservations', gateway.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
    body: JSON.stringify({ event_id: events[0], seat_ids: [seat] }),
  });
  return answer.status;
}

async function newToken(): Promise<string> {
  const answer = await fetch(new URL('/v1/sessions', gateway.url), { method: 'POST' });
  return ((await answer.json()) as { token: string }).token;
}

describe('/metrics of a system', () => {
  it('show what a shard does while it sells, and holds that end', async () => {
    const token = await newToken();
    expect(await hold(token, 'metrics-1', 'R16-40')).toBe(201);
    await until(async () => {
      const numbers = await ofShard('shard-a');
      return (numbers.get('holdfast_timer_late_seconds_count') ?? 0) > 0;
    }, 'a hold has ended by itself');
    const numbers = await ofShard('shard-a');
    const counted = [
      'holdfast_commands_total',
      'holdfast_append_seconds_count',
      'holdfast_append_events_sum',
      'holdfast_mailbox_seconds_count',
      'holdfast_takeovers_total{reason="unowned"}',
      'holdfast_takeover_detect_seconds_count',
      'holdfast_takeover_announce_seconds_count',
      'holdfast_takeover_replay_seconds_count',
      'holdfast_timer_late_seconds_sum',
      'holdfast_lease_age_seconds',
      'holdfast_events_owned',
    ];
    expect(counted.filter((name) => !((numbers.get(name) ?? 0) > 0))).toEqual([]);
    expect(numbers.get('holdfast_lease_age_seconds')).toBeLessThan(1);
    for (const name of ['holdfast_mailbox_depth', 'holdfast_mailbox_oldest_seconds']) {
      expect(numbers.get(name)).toBeGreaterThanOrEqual(0);
    }
  }, 30_000);

  it('show a command that was sent twice', async () => {
    const before = (await ofShard('shard-a')).get('holdfast_commands_replayed_total') ?? 0;
    const token = await newToken();
    await hold(token, 'metrics-2', 'R16-39');
    await hold(token, 'metrics-2', 'R16-39');
    const after = (await ofShard('shard-a')).get('holdfast_commands_replayed_total');
    expect(after).toBeGreaterThan(before);
  });

  it('show a move on both sides and at the gateway', async () => {
    const before = await ofGateway();
    await run('event', 'move', events[0], '--to', 'shard-b');
    await crowd.more(10);
    const [source, target, edge] = await Promise.all([
      ofShard('shard-a'),
      ofShard('shard-b'),
      ofGateway(),
    ]);
    expect(source.get('holdfast_moves_total{outcome="moved"}')).toBe(1);
    expect(source.get('holdfast_move_pause_seconds_count')).toBe(1);
    expect(source.get('holdfast_move_pause_seconds_sum')).toBeGreaterThan(0);
    expect(source.get('holdfast_move_rollbacks_total')).toBe(0);
    expect(target.get('holdfast_takeovers_total{reason="move"}')).toBe(1);
    const redirected = 'holdfast_calls_redirected_total';
    expect(edge.get(redirected)).toBeGreaterThan(before.get(redirected) ?? 0);
  });

  it('show an owner that was shut out, whichever way it learnt of it', async () => {
    const losses = async (): Promise<number[]> => {
      const numbers = await ofShard('shard-a');
      return ['fenced', 'replaced'].map(
        (reason) => numbers.get(`holdfast_actors_lost_total{reason="${reason}"}`) ?? NaN,
      );
    };
    expect(await losses()).toEqual([0, 0]);
    await run('event', 'fence', events[1]);
    await until(async () => (await losses()).includes(1), 'the owner noticed');
    // Not twice, and the event is sold on.
    await crowd.more(10);
    expect((await losses()).sort()).toEqual([0, 1]);
  });

  it('show a killed shard: calls that wait, for how long, and who takes over', async () => {
    await cluster.shard('shard-b').kill();
    await crowd.more(20);
    const [survivor, edge] = await Promise.all([ofShard('shard-a'), ofGateway()]);
    expect(survivor.get('holdfast_takeovers_total{reason="failover"}')).toBeGreaterThan(0);
    expect(edge.get('holdfast_calls_resent_total')).toBeGreaterThan(0);
    expect(edge.get('holdfast_calls_parked_seconds_count')).toBeGreaterThan(0);
    expect(edge.get('holdfast_calls_parked_seconds_sum')).toBeGreaterThan(0);
    // Nobody waits any more.
    await until(
      async () => (await ofGateway()).get('holdfast_calls_parked') === 0,
      'no call waits for an owner',
    );
  }, 30_000);

  it('show the sockets of a gateway, and payments their way to the shards', async () => {
    const edge = await ofGateway();
    expect(edge.get('holdfast_sockets')).toBe(events.length);
    expect(edge.get('holdfast_socket_buffered_bytes_count')).toBeGreaterThanOrEqual(events.length);
    expect(edge.get('holdfast_socket_buffered_bytes_bucket{le="+Inf"}')).toBeGreaterThan(0);
    const money = await numbersAt(portOf(payments));
    expect(money.get('holdfast_calls_in_flight')).toBeGreaterThanOrEqual(0);
    expect(money.get('holdfast_payments_stuck')).toBe(0);
    expect(money.get('holdfast_bus_connected')).toBe(1);
  });
});
