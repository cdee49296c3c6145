import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProcessCluster, type GatewayProcess } from '#libs/testing/process-cluster.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../setup.mjs';
import { Crowd, noTrouble } from './testing/crowd.js';
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
      ...cluster.nats.environmentOf('operator'),
      HOLDFAST_GATEWAY_URL: gateways[0].url,
    },
  });
  return { code, out, err };
}

/** Two events, one on each shard, with eight buyers and six watchers between them. */
async function openCrowd(): Promise<Crowd> {
  const shards = ['shard-a', 'shard-b'];
  const markets = shards.map(async (shardId) => {
    const event = await importSmallEvent(cluster.pool, eventFor(shardId, shards), 60_000);
    return { event, buyers: 4, watchers: 3 };
  });
  const urls = gateways.filter((gateway) => !gateway.ended).map(({ url }) => url);
  return Crowd.open({ pool: cluster.pool, urls, markets: await Promise.all(markets) });
}

describe('a deploy under load', () => {
  it('of the shards, one after the other, is not noticed by anybody', async () => {
    const crowd = await openCrowd();
    for (const shardId of ['shard-a', 'shard-b']) {
      await cluster.shard(shardId).kill('SIGTERM');
      expect(cluster.shard(shardId).exitCode).toBe(0);
      await crowd.more(10);
      await cluster.startShard(shardId);
      await crowd.more(10);
    }
    await crowd.close();
    expect(crowd.trouble).toEqual(noTrouble);
    expect(crowd.watchers.map(({ reconnects }) => reconnects)).toEqual(crowd.watchers.map(() => 0));
    expect(await crowd.wrong()).toEqual([]);
  }, 120_000);

  it('of a gateway sends its clients to the other, without an error or a gap', async () => {
    const crowd = await openCrowd();
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
    expect(crowd.trouble).toEqual(noTrouble);
    expect(await crowd.wrong()).toEqual([]);
  }, 120_000);
});
