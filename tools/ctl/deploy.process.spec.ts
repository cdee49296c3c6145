import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFacts } from '#libs/inventory/inventory.js';
import { judge } from '#libs/testing/oracle/oracle.js';
import { readHistory } from '#libs/testing/oracle/read-history.js';
import { ProcessCluster, type GatewayProcess } from '#libs/testing/process-cluster.js';
import type { EventOnSale } from '#libs/testing/hold-load.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { Api, now } from '#tools/demo/api.js';
import { Buyer, type Market } from '#tools/demo/buyer.js';
import { Tally } from '#tools/demo/tally.js';
import { Watcher } from '#tools/demo/watcher.js';
import { setup } from '../setup.mjs';
import { runCommandLine } from './holdfastctl.js';

/**
 * A deploy, with everything real: two shards, two gateways, buyers by HTTP and watchers by
 * WebSocket who never stop, and the oracle at the end of each story.
 */
let cluster: ProcessCluster;
let gateways: GatewayProcess[];

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(['shard-a', 'shard-b']);
  gateways = await Promise.all(
    ['gateway-1', 'gateway-2'].map((name) => cluster.startGateway(name)),
  );
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
}, 30_000);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: {
      DATABASE_URL: cluster.databaseUrl,
      NATS_URL: cluster.nats.url,
      HOLDFAST_GATEWAY_URL: gateways[0].url,
    },
  });
  return { code, out, err };
}

const buyersAtOnce = 8;
const watchersEach = 3;

/** Buyers and watchers of two events, one on each shard. */
class Crowd {
  readonly tally = new Tally();
  readonly api: Api;
  readonly watchers: Watcher[];
  private readonly buyers: { readonly event: EventOnSale; readonly buyer: Buyer }[] = [];
  private readonly loops: Promise<void>[];
  private closed = false;

  private constructor(readonly events: readonly EventOnSale[]) {
    const urls = gateways.filter((gateway) => !gateway.ended).map(({ url }) => url);
    this.api = new Api(urls);
    this.watchers = events.flatMap(({ eventId, seatIds }) =>
      Array.from(
        { length: watchersEach },
        (_, i) => new Watcher(`watcher-${i}`, eventId, seatIds, () => this.api.nextBase()),
      ),
    );
    this.loops = events.flatMap((event) =>
      Array.from({ length: buyersAtOnce / events.length }, () => this.shop(event)),
    );
  }

  static async open(): Promise<Crowd> {
    const shards = ['shard-a', 'shard-b'];
    const events = shards.map((shardId) =>
      importSmallEvent(cluster.pool, eventFor(shardId, shards), 60_000),
    );
    const crowd = new Crowd(await Promise.all(events));
    await Promise.all(crowd.watchers.map(({ ready }) => ready));
    await crowd.more(10);
    return crowd;
  }

  async more(holds: number): Promise<void> {
    const wanted = this.tally.held + holds;
    await until(() => this.tally.held >= wanted, `${holds} more holds`, 20_000);
  }

  /** Nobody buys any more, and every watcher has what there is. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.loops);
    for (const { eventId } of this.events) {
      const { rows } = await readHistory(cluster.pool, eventId);
      const version = rows.at(-1)?.lastSeq ?? 0;
      const own = this.watchers.filter((watcher) => watcher.of === eventId);
      await until(
        () => own.every(({ map }) => map.version === version),
        () => `the watchers have version ${version}: ${own.map(({ map }) => map.version).join()}`,
        10_000,
      );
    }
    this.watchers.forEach((watcher) => watcher.stop());
    this.api.close();
  }

  /** What the oracle finds wrong, and what it looked at. */
  async wrong(): Promise<string[]> {
    const wrong: string[] = [];
    for (const { eventId, seatIds } of this.events) {
      const history = await readHistory(cluster.pool, eventId);
      const evidence = {
        buyers: this.buyers.flatMap(({ event, buyer }) =>
          event.eventId === eventId ? (buyer.evidence() ?? []) : [],
        ),
        watchers: this.watchers.filter(({ of }) => of === eventId).map((one) => one.evidence()),
        settled: true,
      };
      const verdict = judge({
        history,
        plan: { seatIds, areaCapacities: [] },
        decodeFacts,
        evidence,
      });
      expect(verdict.holds.made).toBeGreaterThan(5);
      for (const { name, wrong: count, examples } of verdict.checks) {
        if (count > 0) wrong.push(`${eventId} ${name}: ${examples.join('; ')}`);
      }
    }
    return wrong;
  }

  private async shop(event: EventOnSale): Promise<void> {
    const { eventId, seatIds } = event;
    const own = this.watchers.find(({ of }) => of === eventId) ?? this.watchers[0];
    const next = seatIds.map((_: string, seat: number) => (seat % 40 < 39 ? 1 : 0));
    const hall = { seatIds, next, contested: seatIds.length };
    while (!this.closed) {
      const market: Market = {
        eventId,
        hall,
        api: this.api,
        tally: this.tally,
        anyMap: () => own.map,
        closesAtMs: now() + 20_000,
      };
      const buyer = new Buyer(market, {
        arrivesAtMs: 0,
        party: 2,
        intent: 'release',
        thinkMs: 20,
      });
      this.buyers.push({ event, buyer });
      await buyer.run();
    }
  }
}

/** What a buyer would have noticed; connections that had to be made anew are not among it. */
function troubleOf({ tally, api }: Crowd): Record<string, unknown> {
  const { errors, unknown, errorCodes } = tally;
  return { errors, unknown, codes: [...errorCodes], unavailable: api.tally.unavailable };
}

const noTrouble = { errors: 0, unknown: 0, codes: [], unavailable: 0 };

describe('a deploy under load', () => {
  it('of the shards, one after the other, is not noticed by anybody', async () => {
    const crowd = await Crowd.open();
    for (const shardId of ['shard-a', 'shard-b']) {
      await cluster.shard(shardId).kill('SIGTERM');
      expect(cluster.shard(shardId).exitCode).toBe(0);
      await crowd.more(10);
      await cluster.startShard(shardId);
      await crowd.more(10);
    }
    await crowd.close();
    expect(troubleOf(crowd)).toEqual(noTrouble);
    expect(crowd.watchers.map(({ reconnects }) => reconnects)).toEqual(crowd.watchers.map(() => 0));
    expect(await crowd.wrong()).toEqual([]);
  }, 120_000);

  it('of a gateway sends its clients to the other, without an error or a gap', async () => {
    const crowd = await Crowd.open();
    const list = JSON.parse((await run('--json', 'gateways')).out) as Record<string, unknown>[];
    expect(list.map(({ state }) => state)).toEqual(['serving', 'serving']);
    const [leaving, staying] = gateways;
    const { port } = new URL(leaving.url);
    const name = String(list.find((gateway) => String(gateway.port) === port)?.name);
    const dry = await run('gateway', 'lame-duck', name, '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringContaining('would put into lame duck'),
    });
    expect((await run('gateway', 'lame-duck', name)).code).toBe(0);
    const status = await run('status');
    expect(status.out).toContain('LAME DUCK');
    expect((await run('gateway', 'lame-duck', name)).code).toBe(3);
    expect((await run('gateway', 'lame-duck', 'nobody')).code).toBe(3);
    expect((await run('gateway', 'lame-duck')).code).toBe(2);
    const wrong = await run('gateway', 'lame-duck', '--json');
    expect(JSON.parse(wrong.err)).toMatchObject({
      error: { message: 'name one gateway, or say --all' },
    });

    type Views = Record<string, unknown>[];
    await until(
      async () => {
        const views = JSON.parse((await run('--json', 'gateways')).out) as Views;
        return views.find((view) => view.name === name)?.sockets === 0;
      },
      'the watchers have left',
      15_000,
    );
    await crowd.more(10);
    await leaving.kill('SIGTERM');
    expect(leaving.exitCode).toBe(0);
    await crowd.more(20);
    const moved = crowd.watchers.filter(({ reconnects }) => reconnects > 0);
    expect(moved.length).toBeGreaterThan(0);
    expect(staying.ended).toBe(false);
    await crowd.close();
    expect(troubleOf(crowd)).toEqual(noTrouble);
    expect(await crowd.wrong()).toEqual([]);
  }, 120_000);
});
