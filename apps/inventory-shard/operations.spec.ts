import { describe, expect, it } from '@jest/globals';
import { controlCall } from '#libs/bus/control-call.js';
import type { DrainView, MoveReply, MoveView, ShardDescription } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

const accepted = (answer: CallResult): boolean =>
  answer.kind === 'answered' && answer.answer.kind === 'accepted';

/** Some shards, a few events with holds on them, and an operator who calls shards. */
class Scene {
  readonly cluster = new MemoryCluster();
  readonly members: ClusterShard[] = [];
  readonly events: EventId[] = [];
  private readonly operator = this.cluster.broker.connect('operator');

  static async open(shards: readonly string[], events: number): Promise<Scene> {
    const scene = new Scene();
    for (const id of shards) scene.members.push(await scene.cluster.addShard(id));
    await scene.cluster.clock.advance(500);
    for (let i = 0; i < events; i += 1) {
      const event = scene.cluster.addEvent(`op${i}`, { placesPerBuyerMax: 10_000 });
      scene.events.push(event);
      await scene.hold(event, 0);
    }
    return scene;
  }

  hold(event: EventId, seat: number): Promise<CallResult> {
    return this.cluster.send(event, this.cluster.hold(event, [seat]));
  }

  async call<Body>(member: ClusterShard, pattern: string, body: unknown = {}): Promise<Body> {
    let answer: { body: Body } | { failure: string } | null = null;
    const subject = subjects.control(member.shard.incarnation, pattern);
    void controlCall<Body>(this.operator, subject, body, 20_000).then((reply) => {
      answer = reply.kind === 'ok' ? { body: reply.body } : { failure: reply.kind };
    });
    for (let i = 0; i < 4_000 && answer === null; i += 1) await this.cluster.clock.advance(5);
    expect(answer).toHaveProperty('body');
    return (answer as unknown as { body: Body }).body;
  }

  describeShard(member: ClusterShard, over: object = {}): Promise<ShardDescription> {
    return this.call(member, 'describe', { order: 'id', after: null, limit: 100, ...over });
  }

  async eventsOf(member: ClusterShard): Promise<EventId[]> {
    const rows = await this.cluster.journal.ownedBy(member.shard.incarnation);
    return rows.map((row) => row.eventId);
  }

  /** Drains and waits for the end of it. */
  async drained(member: ClusterShard, call: object): Promise<DrainView> {
    await this.call(member, 'drain', call);
    for (;;) {
      const view = await this.call<DrainView>(member, 'drained');
      if (view.state !== 'running') return view;
      await this.cluster.clock.advance(50);
    }
  }
}

const quickly = { concurrency: 4, withinMs: 10_000 };

describe('operations on a shard', () => {
  it('describe it and its events, page by page and busiest first', async () => {
    const scene = await Scene.open(['shard-a'], 5);
    const [only] = scene.members;
    const [, busy] = scene.events;
    for (let seat = 1; seat < 9; seat += 1) await scene.hold(busy, seat);
    await scene.cluster.clock.advance(limits.rateWindowMs + 100);
    await scene.hold(busy, 9);
    const all = await scene.describeShard(only, { limit: 3 });
    expect(all).toMatchObject({
      shardId: 'shard-a',
      incarnation: only.shard.incarnation,
      pid: process.pid,
      state: 'active',
      eventsOwned: 5,
      more: true,
      drain: null,
    });
    const rest = await scene.describeShard(only, { limit: 3, after: all.events[2].eventId });
    expect(rest.more).toBe(false);
    expect([...all.events, ...rest.events].map(({ eventId }) => eventId)).toEqual(scene.events);
    const { events } = await scene.describeShard(only, { order: 'busy', limit: 1 });
    expect(events[0]).toMatchObject({
      eventId: busy,
      epoch: 1,
      holds: 10,
      held: 10,
      free: 290,
      mailbox: 0,
      onSale: true,
      moving: false,
    });
    expect(events[0].commandsPerSecond).toBeGreaterThan(0);
  });

  it('cordon it: it keeps what it has and gets nothing new, until it is uncordoned', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b'], 6);
    const [a, b] = scene.members;
    const before = await scene.eventsOf(a);
    await scene.call(a, 'cordon');
    await scene.cluster.clock.advance(300);
    for (let i = 0; i < 10; i += 1) {
      const fresh = scene.cluster.addEvent(`fresh${i}`);
      expect(accepted(await scene.hold(fresh, 0))).toBe(true);
    }
    for (const event of scene.events) expect(accepted(await scene.hold(event, 1))).toBe(true);
    expect(await scene.eventsOf(a)).toEqual(before);
    await scene.call(a, 'uncordon');
    await scene.cluster.clock.advance(300);
    for (let i = 0; i < 10; i += 1) await scene.hold(scene.cluster.addEvent(`later${i}`), 0);
    expect((await scene.eventsOf(a)).length).toBeGreaterThan(before.length);
    expect((await scene.eventsOf(b)).length).toBeGreaterThan(10);
  });

  it('cordon the last one: it serves all the same, new events too', async () => {
    const scene = await Scene.open(['shard-a'], 1);
    await scene.call(scene.members[0], 'cordon');
    await scene.cluster.clock.advance(300);
    expect(accepted(await scene.hold(scene.cluster.addEvent('late'), 0))).toBe(true);
  });

  it('drain it under load: nothing is left on it and no buyer sees an error', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b', 'shard-c'], 24);
    const [a] = scene.members;
    const owned = await scene.eventsOf(a);
    expect(owned.length).toBeGreaterThan(2);
    scene.cluster.journal.injectFaults(() => ({ slowMs: 2 }));
    const answers: CallResult[] = [];
    let seat = 1;
    const draining = scene.drained(a, quickly);
    for (let round = 0; round < 15; round += 1, seat += 1) {
      for (const event of scene.events) {
        const request = scene.cluster.hold(event, [seat]);
        const commandId = scene.cluster.client.nextCommandId();
        const call = { eventId: event, commandId, keyed: false, userId: 'usr_b' as never };
        scene.cluster.client.send({ ...call, request }, (answer) => answers.push(answer));
      }
      await scene.cluster.clock.advance(3);
    }
    expect(await draining).toMatchObject({ state: 'done', moved: owned.length, left: 0 });
    await scene.cluster.clock.advance(1_000);
    expect(answers).toHaveLength(15 * scene.events.length);
    expect(answers.every(accepted)).toBe(true);
    expect(await scene.eventsOf(a)).toEqual([]);
    expect(await scene.describeShard(a)).toMatchObject({ state: 'cordoned', eventsOwned: 0 });
    const moves = await scene.call<MoveView[]>(a, 'moves');
    expect(moves).toHaveLength(owned.length);
    for (const move of moves) {
      expect(move).toMatchObject({ phase: 'ended', outcome: 'moved', reason: 'drain', epoch: 2 });
    }
  });

  it('say that a drain is stuck when nobody takes the events, and serve on', async () => {
    const scene = await Scene.open(['shard-a'], 3);
    const [only] = scene.members;
    const view = await scene.drained(only, quickly);
    expect(view).toMatchObject({ state: 'stuck', moved: 0, left: 3 });
    expect(view.failures[0].reason).toBe('no other shard takes events');
    expect(accepted(await scene.hold(scene.events[0], 1))).toBe(true);
  });

  it('stop a drain at its deadline and on request; the rest stays and is served', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b'], 30);
    const [a] = scene.members;
    const owned = await scene.eventsOf(a);
    scene.cluster.journal.injectFaults(() => ({ slowMs: 20 }));
    for (const event of owned) void scene.hold(event, 4);
    const late = await scene.drained(a, { concurrency: 1, withinMs: 10 });
    expect(late.state).toBe('late');
    expect(late.left).toBeGreaterThan(0);
    expect(late.left + late.moved).toBe(owned.length);
    expect(await scene.call(a, 'uncordon')).toEqual({ state: 'active' });
    for (const event of owned) void scene.hold(event, 5);
    void scene.call(a, 'drain', { concurrency: 1, withinMs: 60_000 });
    expect(await scene.call(a, 'stop_drain')).toBe(true);
    await scene.cluster.clock.advance(2_000);
    expect(await scene.call(a, 'drained')).toMatchObject({ state: 'cancelled' });
    for (const event of scene.events) expect(accepted(await scene.hold(event, 7))).toBe(true);
  });

  it('sends a pinned event to its shard when the one it is on is drained', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b', 'shard-c'], 20);
    const [a, , c] = scene.members;
    const pinned = (await scene.eventsOf(a)).slice(0, 3);
    for (const event of pinned) await scene.cluster.journal.pin(event, 'shard-c');
    await scene.drained(a, quickly);
    expect(await scene.eventsOf(c)).toEqual(expect.arrayContaining(pinned));
  });

  it('refuses a move of an event that is at another epoch than expected', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b'], 12);
    const [a, b] = scene.members;
    const [eventId] = await scene.eventsOf(a);
    const call = { eventId, to: b.shard.incarnation, expectEpoch: 7 };
    const refused = await scene.call<MoveReply>(a, 'move', call);
    expect(refused).toEqual({ kind: 'refused', reason: 'epoch_changed' });
    const moved = await scene.call<MoveReply>(a, 'move', { ...call, expectEpoch: 1 });
    expect(moved).toMatchObject({ kind: 'moved', epoch: 2 });
    const moves = await scene.call<MoveView[]>(a, 'moves');
    expect(moves.map(({ outcome }) => outcome)).toEqual(['moved', 'epoch_changed']);
  });

  it('a shard that is told to stop moves its events away before it goes', async () => {
    const scene = await Scene.open(['shard-a', 'shard-b'], 12);
    const [a, b] = scene.members;
    const owned = await scene.eventsOf(a);
    const answers: CallResult[] = [];
    let stopped = false;
    void a.shard.stop().then(() => (stopped = true));
    for (let seat = 1; seat < 20; seat += 1) {
      for (const event of owned) {
        const request = scene.cluster.hold(event, [seat]);
        const commandId = scene.cluster.client.nextCommandId();
        const call = { eventId: event, commandId, keyed: false, userId: 'usr_b' as never };
        scene.cluster.client.send({ ...call, request }, (answer) => answers.push(answer));
      }
      await scene.cluster.clock.advance(5);
    }
    await scene.cluster.clock.advance(3_000);
    expect(stopped).toBe(true);
    expect(answers).toHaveLength(19 * owned.length);
    expect(answers.every(accepted)).toBe(true);
    expect(await scene.eventsOf(b)).toEqual(expect.arrayContaining(owned));
    const { epoch } = (await scene.cluster.journal.ownership(owned[0]))!;
    expect(epoch).toBe(2);
  });
});
