import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/inventory.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

const idle = { rebalance: true };

async function cluster(shards: readonly string[], events: number) {
  const all = new MemoryCluster();
  const members: ClusterShard[] = [];
  for (const id of shards) members.push(await all.addShard(id, undefined, idle));
  await all.clock.advance(500);
  const ids: EventId[] = [];
  for (let i = 0; i < events; i += 1) {
    const event = all.addEvent(`even${i}`);
    ids.push(event);
    await all.send(event, all.hold(event, [0]));
  }
  return { all, members, ids };
}

/** Time passes in small steps; holds keep every event from going idle. */
async function pass(all: MemoryCluster, ids: readonly EventId[], ms: number): Promise<void> {
  const untilMs = all.clock.monotonicMs() + ms;
  let [asked, answered] = [0, 0];
  while (all.clock.monotonicMs() < untilMs) {
    for (const id of ids) {
      const call = { eventId: id, commandId: all.client.nextCommandId(), keyed: false };
      asked += 1;
      all.client.send({ ...call, userId: 'u' as never, request: { type: 'GetSeatMap' } }, () => {
        answered += 1;
      });
    }
    await all.clock.advance(5_000);
  }
  expect(answered).toBe(asked);
}

const ownedBy = async (all: MemoryCluster, member: ClusterShard): Promise<number> =>
  (await all.journal.ownedBy(member.shard.incarnation)).length;

const calm = limits.rebalanceCalmMs + limits.rebalanceGapMs + 2 * limits.rebalanceEveryMs;

describe('automatic rebalancing', () => {
  it('gives a new shard its share once it is calm, and then leaves everything alone', async () => {
    const { all, ids } = await cluster(['shard-a', 'shard-b'], 40);
    const added = await all.addShard('shard-c', undefined, idle);
    await pass(all, ids, limits.rebalanceCalmMs - 5_000);
    expect(await ownedBy(all, added)).toBe(0);
    await pass(all, ids, calm);
    const share = await ownedBy(all, added);
    expect(share).toBeGreaterThanOrEqual(5);
    expect(share).toBeLessThanOrEqual(Math.ceil(40 / 3) + 1);
    const epochs = () =>
      Promise.all(ids.map(async (id) => (await all.journal.ownership(id))?.epoch));
    const before = await epochs();
    await pass(all, ids, calm);
    expect(await epochs()).toEqual(before);
  });

  it('does nothing while it is suspended, and goes on when it is resumed', async () => {
    const { all, ids } = await cluster(['shard-a', 'shard-b'], 20);
    await all.settings.set('rebalance.suspended', true);
    const added = await all.addShard('shard-c', undefined, idle);
    await pass(all, ids, calm);
    expect(await ownedBy(all, added)).toBe(0);
    await all.settings.set('rebalance.suspended', false);
    await pass(all, ids, 3 * limits.rebalanceEveryMs);
    expect(await ownedBy(all, added)).toBeGreaterThan(0);
  });
});
