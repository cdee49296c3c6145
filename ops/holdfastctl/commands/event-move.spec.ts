import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { MoveFailpoint } from '#libs/hosting/move-failpoints.js';
import { MemoryCluster, type ClusterShard } from '#apps/inventory-shard/testing/memory-cluster.js';
import type { ClusterLink } from '../link.js';
import { moveTo, type Moved } from './event-move.js';

const slowMs = limits.moveTakeMs + 400;

/** Two shards, one event, and an operator; what the target does at each step is up to the test. */
class Scene {
  readonly cluster = new MemoryCluster();
  at: (step: MoveFailpoint) => Promise<void> | void = () => undefined;
  private readonly members: ClusterShard[] = [];
  readonly event: EventId = this.cluster.addEvent('moving');

  async open(): Promise<void> {
    for (const id of ['shard-a', 'shard-b']) {
      this.members.push(await this.cluster.addShard(id, async (step) => this.at(step)));
    }
    await this.cluster.clock.advance(500);
    await this.cluster.send(this.event, this.cluster.hold(this.event, [0]));
  }

  /** What becomes of a move to the other shard: `moved`, or what the operator is told. */
  async move(): Promise<Moved | string> {
    const { cluster, event } = this;
    const row = (await cluster.journal.ownership(event))!;
    const { client } = cluster;
    const target = client.membership.live.find((beat) => beat.incarnation !== row.owner)!;
    const bus = cluster.broker.connect('operator');
    const inventory = client;
    const link = { journal: cluster.journal, cluster: { bus, inventory } } as unknown;
    let end: Moved | string | null = null;
    moveTo(link as ClusterLink, row, row.owner!, target).then(
      (moved) => (end = moved),
      (error: unknown) => (end = (error as Error).message),
    );
    for (let i = 0; i < 2_000 && end === null; i += 1) await cluster.clock.advance(10);
    return end ?? 'no end';
  }

  later(): Promise<void> {
    return new Promise((resolve) => void this.cluster.clock.after(slowMs, resolve));
  }

  async owner(): Promise<ClusterShard> {
    const row = await this.cluster.journal.ownership(this.event);
    return this.members.find((member) => member.shard.incarnation === row?.owner)!;
  }
}

describe('event move', () => {
  it.each(['target_after_announce', 'target_after_install'] as const)(
    'says moved when the target is slow at %s and answers too late',
    async (slow) => {
      const scene = new Scene();
      await scene.open();
      const before = await scene.owner();
      scene.at = (step) => (step === slow ? scene.later() : undefined);
      expect(await scene.move()).toEqual({ epoch: 2, pauseMs: null });
      expect(await scene.owner()).not.toBe(before);
    },
  );

  it('says moved when the answer of the source is lost after it handed over', async () => {
    const scene = new Scene();
    await scene.open();
    const source = await scene.owner();
    scene.at = (step) => {
      if (step === 'after_take') scene.cluster.kill(source);
    };
    expect(await scene.move()).toEqual({ epoch: 2, pauseMs: null });
  });

  it('says who has it when the target died with it', async () => {
    const scene = new Scene();
    await scene.open();
    const source = await scene.owner();
    const { live } = scene.cluster.client.membership;
    expect(live).toHaveLength(2);
    scene.at = async (step) => {
      if (step === 'target_after_announce') {
        scene.cluster.kill(await scene.owner());
        await new Promise(() => undefined);
      }
    };
    expect(await scene.move()).toBe(`not moved there: ${source.shard.incarnation} has it now`);
  });

  it('says refused when the take comes too late to count', async () => {
    const scene = new Scene();
    await scene.open();
    scene.at = (step) => (step === 'target_before_take' ? scene.later() : undefined);
    expect(await scene.move()).toBe('not moved: the target is not ready; the source serves on');
  });
});
