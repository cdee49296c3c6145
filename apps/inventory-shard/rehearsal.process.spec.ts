import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { silentLog } from '#libs/platform/log.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { Sale } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../../ops/setup.mjs';

/** Elsewhere in the specs shards do not rehearse: they are started too often for it. */
const rehearsing = { HOLDFAST_REHEARSE: 'true' };

let cluster: ProcessCluster;
let bus: NatsBus;

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start([]);
  bus = await connectNats({ ...cluster.nats.link('operator'), name: 'spec', log: silentLog() });
}, 240_000);

afterAll(async () => {
  await bus?.close();
  await cluster?.stop();
}, 30_000);

it('a shard that rehearses serves meanwhile, and leaves nothing of it behind', async () => {
  const shard = await cluster.startShard('shard-a', rehearsing);
  const sale = await Sale.open(cluster.pool, bus, ['shard-a', 'shard-a'], cluster.nats.sealKey);
  try {
    await sale.load.more(5);
    await until(() => shard.countLogged('recovery rehearsed') === 1, 'it has rehearsed', 60_000);
    await sale.load.more(5);
    const { rows } = await cluster.pool.query<{ event_id: string }>(
      `SELECT event_id FROM ownership UNION SELECT event_id FROM journal
       UNION SELECT event_id FROM snapshot ORDER BY event_id`,
    );
    const sold = sale.events.map(({ eventId }) => eventId as string).sort();
    expect(rows.map(({ event_id: eventId }) => eventId)).toEqual(sold);
    expect(shard.countLogged('rehearsal of recovery failed')).toBe(0);
    const judgements = await sale.finish();
    expect(judgements.flatMap(({ wrong }) => wrong)).toEqual([]);
  } finally {
    await sale.load.stop();
    sale.close();
  }
}, 120_000);
