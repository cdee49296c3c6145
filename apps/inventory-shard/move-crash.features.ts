import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import type { MoveReply } from '#libs/contracts/control.js';
import { askToMove } from '#libs/hosting/cluster-view.js';
import {
  sourceFailpoints,
  targetFailpoints,
  type MoveFailpoint,
} from '#libs/hosting/move-failpoints.js';
import { silentLog } from '#libs/platform/log.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { Sale } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../../ops/setup.mjs';

/**
 * A move between two real processes, one of which dies at each of its steps in turn, under buyers
 * who never stop. Nothing acknowledged is lost, somebody serves, and the next attempt works.
 */
/** Kept asking while shards have not heard of each other, or a command is just waking the event. */
async function move(
  cluster: ProcessCluster,
  bus: NatsBus,
  eventId: string,
  from: string,
  to: string,
): Promise<void> {
  let last: MoveReply | string = 'nothing';
  await until(
    async () => {
      const owner = cluster.shard(from).incarnation;
      if ((await cluster.ownerOf(eventId)) === cluster.shard(to).incarnation) return true;
      const target = cluster.shard(to).incarnation;
      const reply = await askToMove(bus, owner, { eventId: eventId as never, to: target });
      last = reply.kind === 'ok' ? reply.body : reply.kind;
      return typeof last !== 'string' && last.kind === 'moved';
    },
    () => `${eventId} moves to ${to}: ${JSON.stringify(last)}`,
    20_000,
  );
}

interface Death {
  readonly step: MoveFailpoint;
  readonly side: 'source' | 'target';
  readonly victim: string;
}

/** Every step of both sides. */
export const deaths: readonly Death[] = [
  ...sourceFailpoints.map((step) => ({ step, side: 'source', victim: 'shard-a' }) as const),
  ...targetFailpoints.map((step) => ({ step, side: 'target', victim: 'shard-b' }) as const),
];

export function moveCrashFeatures(cases: readonly Death[]): void {
  let cluster: ProcessCluster;
  let bus: NatsBus;

  beforeAll(async () => {
    await setup();
    cluster = await ProcessCluster.start(['shard-a', 'shard-b']);
    bus = await connectNats({ ...cluster.nats.link('operator'), name: 'spec', log: silentLog() });
  }, 240_000);

  afterAll(async () => {
    await bus?.close();
    await cluster?.stop();
  }, 30_000);

  it.each(cases)(
    'a move whose $side is killed at $step loses nothing, and works again',
    async (one) => {
      const { step, victim } = one;
      await cluster.shard(victim).kill('SIGTERM');
      await cluster.startShard(victim, { HOLDFAST_TEST_DIE_AT: step });
      const sale = await Sale.open(cluster.pool, bus, ['shard-a'], cluster.nats.sealKey);
      const [{ eventId }] = sale.events;
      await move(cluster, bus, eventId, 'shard-b', 'shard-a');
      const [source, target] = [cluster.shard('shard-a'), cluster.shard('shard-b')];
      void askToMove(bus, source.incarnation, { eventId, to: target.incarnation });
      await until(() => cluster.shard(victim).ended, `${victim} died at ${step}`, 15_000);
      await sale.load.more(5);

      await cluster.startShard(victim);
      await move(cluster, bus, eventId, 'shard-b', 'shard-a');
      await move(cluster, bus, eventId, 'shard-a', 'shard-b');
      await sale.load.more(5);
      const judgements = await sale.finish();
      sale.close();
      expect(judgements.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(await cluster.ownerOf(eventId)).toBe(cluster.shard('shard-b').incarnation);
    },
    180_000,
  );
}
