import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseShard } from '#libs/routing/placement.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { setup } from '../setup.mjs';
import { Crowd, noTrouble } from './testing/crowd.js';
import { runCommandLine } from './holdfastctl.js';

/**
 * A shard is added, filled, emptied and taken back while one event is hot and many are cool, with
 * everything real: buyers hold and pay by HTTP, and the oracle has the last word.
 */
const all = ['shard-a', 'shard-b', 'shard-c'];
const perShard = 5;
const buyersOfHot = 10;
let cluster: ProcessCluster;
let crowd: Crowd;
let events: readonly string[];
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(all.slice(0, 2));
  const [gateway] = await Promise.all([cluster.startGateway('gateway-1'), cluster.startPayments()]);
  env = { DATABASE_URL: cluster.databaseUrl, ...cluster.nats.environmentOf('operator') };
  // Nothing but the operator moves events.
  await json('rebalance', 'suspend');
  const wanted = all.flatMap((shardId) => Array<string>(perShard).fill(shardId));
  const markets = await Promise.all(
    wanted.map(async (shardId, i) => ({
      event: await importSmallEvent(cluster.pool, eventFor(shardId, all), 60_000),
      buyers: i === 0 ? buyersOfHot : 1,
      watchers: i === 0 ? 3 : 1,
    })),
  );
  events = markets.map(({ event }) => event.eventId);
  const urls = [gateway.url];
  crowd = await Crowd.open({ pool: cluster.pool, urls, markets, bookingsEach: 15 });
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
}, 30_000);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
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

interface Plan {
  readonly moves: readonly { readonly event_id: string; readonly to: string }[];
  readonly loads: readonly { readonly shard: string; before: number; after: number }[];
}

/** By event, incarnation and epoch. */
async function owners(): Promise<ReadonlyMap<string, string>> {
  const { rows } = await cluster.pool.query<{ event_id: string; owner: string }>(
    `SELECT event_id, concat(shard, ' ', epoch) AS owner FROM ownership`,
  );
  return new Map(rows.map(({ event_id, owner }) => [event_id, owner]));
}

const eager = ['--include-hot', '--include-recent'];
const imbalance = ({ loads }: Plan, when: 'before' | 'after'): number =>
  Math.max(...loads.map((load) => load[when])) - Math.min(...loads.map((load) => load[when]));

/** Nothing stays where it is against its placement. */
const noneKept = { balanced: 0, hot: 0, recent: 0 };

describe('under load', () => {
  it('a plan after a shard was added moves to it what placement wants there, no more', async () => {
    const { incarnation } = await cluster.startShard('shard-c');
    const shards = all.map((shardId) => ({ shardId, incarnation: shardId, weight: 1 }));
    const wanted = events.filter(
      (event) => chooseShard(event as never, shards)?.shardId === 'shard-c',
    );
    expect(wanted).toHaveLength(perShard);
    const before = await owners();
    const plan = await json<Plan>('rebalance', 'plan', ...eager);
    expect(plan.moves.length).toBeGreaterThan(0);
    expect(new Set(plan.moves.map(({ to }) => to))).toEqual(new Set([incarnation]));
    expect(wanted).toEqual(expect.arrayContaining(plan.moves.map(({ event_id }) => event_id)));
    expect(imbalance(plan, 'after')).toBeLessThan(imbalance(plan, 'before'));
    // A plan is no move.
    expect(await owners()).toEqual(before);
    // What changed shards a moment ago, or is hot and on sale, stays unless it is asked for.
    expect((await json<Plan>('rebalance', 'plan')).moves).toEqual([]);

    const applied = await json('rebalance', 'apply', ...eager);
    const { length } = plan.moves;
    expect(applied).toEqual({ planned: length, moved: length, failed: [], kept: noneKept });
    const after = await owners();
    const changed = events.filter((event) => before.get(event) !== after.get(event));
    expect(changed.sort()).toEqual(plan.moves.map(({ event_id }) => event_id).sort());
    await crowd.more(30);
    expect(crowd.trouble).toEqual(noTrouble);
  }, 60_000);

  it('an apply is repeated until nothing is left to move, and then does nothing', async () => {
    let planned = 1;
    for (let rounds = 0; planned > 0 && rounds < 4; rounds += 1) {
      planned = (await json<{ planned: number }>('rebalance', 'apply', ...eager)).planned;
    }
    expect(planned).toBe(0);
    const before = await owners();
    const again = await json('rebalance', 'apply', ...eager);
    expect(again).toEqual({ planned: 0, moved: 0, failed: [], kept: noneKept });
    expect(await owners()).toEqual(before);
    expect(crowd.trouble).toEqual(noTrouble);
  }, 60_000);

  it('a drain leaves no event on the shard and gives no buyer an error', async () => {
    const [hot] = events;
    const target = (await cluster.ownerOf(hot)) ?? '';
    const name = all.find((shardId) => cluster.shard(shardId).incarnation === target) ?? '';
    const had = [...(await owners()).values()].filter((owner) => owner.startsWith(target)).length;
    expect(had).toBeGreaterThan(1);
    const drained = await json('shard', 'drain', name);
    expect(drained).toMatchObject({ result: 'done', moved: had, left: 0, failures: [] });
    await crowd.more(60);
    const now = await owners();
    expect([...now.values()].filter((owner) => owner.startsWith(target))).toEqual([]);
    // Whoever was served there is served on.
    expect(now.size).toBe(events.length);
    expect(crowd.trouble).toEqual(noTrouble);
    const shown = await json<{ id: string; state: string; events: number }[]>('shards');
    expect(shown.find(({ id }) => id === name)).toMatchObject({ state: 'cordoned', events: 0 });
    // An emptied shard may end, and nobody notices.
    await cluster.shard(name).kill('SIGTERM');
    expect(cluster.shard(name).exitCode).toBe(0);
    await crowd.more(20);
    await cluster.startShard(name);
    expect(crowd.trouble).toEqual(noTrouble);
  }, 90_000);

  it('and after all of it nothing was lost', async () => {
    await crowd.close();
    expect(crowd.trouble).toEqual(noTrouble);
    expect(crowd.tally.booked).toBeGreaterThan(20);
    expect(await crowd.wrong()).toEqual([]);
    expect(await json('event', 'verify', '--all')).toMatchObject({ clean: events.length, bad: [] });
    expect((await run('payments', 'reconcile')).code).toBe(0);
  }, 60_000);
});
