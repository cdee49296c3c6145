import { beforeEach, describe, expect, it } from '@jest/globals';
import { controlCall } from '#libs/bus/control-call.js';
import type { ShardDescription } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import {
  decodeFacts,
  factLevelNewest,
  factLevelOf,
  factLevelOldest,
  levelWithRules,
  type EventId,
} from '#libs/inventory/inventory.js';
import { createMemoryFactFormat } from '#libs/journal/fact-format.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

describe('a shard on a database of the release before', () => {
  let cluster: MemoryCluster;
  let shard: ClusterShard;
  let event: EventId;

  beforeEach(async () => {
    cluster = new MemoryCluster();
    cluster.factFormat = createMemoryFactFormat(factLevelOldest);
    shard = await cluster.addShard('shard-a');
    event = cluster.addEvent('upgraded', {}, 5, 10);
  });

  const levels = (): number[] =>
    cluster.journal.store.batches(event).map(({ facts }) => factLevelOf(facts));

  async function describeShard(): Promise<ShardDescription['facts']> {
    const bus = cluster.broker.connect('operator');
    const subject = subjects.control(shard.shard.incarnation, 'describe');
    const call = { order: 'id', after: null, limit: 1 };
    const reply = controlCall<ShardDescription>(bus, subject, call, limits.controlCallMs);
    await cluster.clock.advance(50);
    const heard = await reply;
    return heard.kind === 'ok' ? heard.body.facts : undefined;
  }

  it('writes what that release can read, until the format is raised', async () => {
    await cluster.send(event, cluster.hold(event, [1]));
    expect(Math.max(...levels())).toBe(factLevelOldest);
    await cluster.factFormat.raise(factLevelNewest);
    await cluster.clock.advance(limits.passivationScanMs + 50);
    await cluster.send(event, cluster.hold(event, [2]));
    // The level that a hold's newest version came with.
    expect(levels().at(-1)).toBe(levelWithRules);
  });

  it('serves over the seam: another shard folds facts of both levels', async () => {
    const first = cluster.hold(event, [1]);
    await cluster.send(event, first);
    await cluster.factFormat.raise(factLevelNewest);
    await cluster.clock.advance(limits.passivationScanMs + 50);
    await cluster.send(event, cluster.hold(event, [2]));
    await cluster.addShard('shard-b');
    cluster.kill(shard);
    await cluster.clock.advance(5_000);
    const taken = await cluster.send(event, cluster.hold(event, [1]));
    expect(taken).toMatchObject({ answer: { refusal: { code: 'seats_unavailable' } } });
    const facts = cluster.journal.store.batches(event).flatMap((row) => decodeFacts(row.facts));
    const held = facts.filter(({ type }) => type === 'SeatsHeld');
    expect(held.map(({ by }) => by.role)).toEqual(['buyer', 'buyer']);
  });

  it('says what it reads and what it writes', async () => {
    expect(await describeShard()).toEqual({ reads: factLevelNewest, writes: factLevelOldest });
    await cluster.factFormat.raise(factLevelNewest);
    await cluster.clock.advance(limits.passivationScanMs + 50);
    expect(await describeShard()).toEqual({ reads: factLevelNewest, writes: factLevelNewest });
  });

  it('does not start where facts are written that it cannot read (FL3)', async () => {
    cluster.factFormat = createMemoryFactFormat(factLevelNewest + 1);
    await expect(cluster.addShard('shard-b')).rejects.toThrow('and this build reads up to');
  });
});
