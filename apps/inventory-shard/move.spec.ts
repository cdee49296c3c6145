import { describe, expect, it } from '@jest/globals';
import { controlCall } from '#libs/bus/control-call.js';
import type { MoveReply } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/ownership/client.js';
import {
  moveFailpoints,
  sourceFailpoints,
  targetFailpoints,
  type MoveFailpoint,
} from '#libs/ownership/move-failpoints.js';
import { MemoryCluster, type ClusterShard } from '#libs/testing/memory-cluster.js';

/** Two shards, one event with a few holds on the first owner, and a hook at every step. */
class Scene {
  readonly cluster = new MemoryCluster();
  readonly operator = this.cluster.broker.connect('operator');
  at: (step: MoveFailpoint, shardId: string) => void | Promise<void> = () => undefined;
  event = 'evt_none' as EventId;
  source!: ClusterShard;
  target!: ClusterShard;

  static async open(): Promise<Scene> {
    const scene = new Scene();
    const { cluster } = scene;
    const members: ClusterShard[] = [];
    for (const id of ['shard-a', 'shard-b']) {
      members.push(
        await cluster.addShard(id, (step) => {
          const delay = scene.at(step, id);
          // A killed process goes no further than this line.
          const self = members.find((member) => member.shardId === id);
          return self?.clock.paused === true
            ? new Promise(() => undefined)
            : Promise.resolve(delay);
        }),
      );
    }
    await cluster.clock.advance(500);
    scene.event = cluster.addEvent('moving', { placesPerBuyerMax: 10_000 }, 100, 20);
    for (let seat = 0; seat < 5; seat += 1) await scene.hold(seat);
    const owner = (await cluster.journal.ownership(scene.event))?.owner;
    scene.source = members.find((member) => member.shard.incarnation === owner)!;
    scene.target = members.find((member) => member !== scene.source)!;
    return scene;
  }

  hold(seat: number): Promise<CallResult> {
    return this.cluster.send(this.event, this.cluster.hold(this.event, [seat]));
  }

  /** Starts a move and lets the test go on; the reply comes when time passes. */
  startMove(): { reply: MoveReply | string | null } {
    const result: { reply: MoveReply | string | null } = { reply: null };
    const subject = subjects.control(this.source.shard.incarnation, 'move');
    const body = { eventId: this.event, to: this.target.shard.incarnation };
    void controlCall<MoveReply>(this.operator, subject, body, 5_000).then((answer) => {
      result.reply = answer.kind === 'ok' ? answer.body : answer.kind;
    });
    return result;
  }

  later(ms: number): Promise<void> {
    return new Promise((resolve) => void this.cluster.clock.after(ms, resolve));
  }

  /** Counts the batches that the fence refuses from now on. */
  countFenced(): () => number {
    const { store } = this.cluster.journal;
    const append = store.append.bind(store);
    let fenced = 0;
    store.append = (batch) => {
      const verdict = append(batch);
      if (verdict === 'fenced') fenced += 1;
      return verdict;
    };
    return () => fenced;
  }

  /** What the source counted. */
  async losses(): Promise<readonly string[] | null> {
    const text = await this.source.metrics.text();
    return text.match(/^holdfast_actors_lost_total.* [1-9]\d*$/gm);
  }

  async owner(): Promise<string | undefined> {
    const row = await this.cluster.journal.ownership(this.event);
    return [this.source, this.target].find((m) => m.shard.incarnation === row?.owner)?.shardId;
  }

  /** Holds one seat after the other while `durationMs` passes; every answer must be a hold. */
  async sellFor(durationMs: number, firstSeat: number): Promise<CallResult[]> {
    const answers: CallResult[] = [];
    let seat = firstSeat;
    const untilMs = this.cluster.clock.monotonicMs() + durationMs;
    while (this.cluster.clock.monotonicMs() < untilMs) {
      for (let i = 0; i < 3; i += 1) {
        const request = this.cluster.hold(this.event, [seat++]);
        const commandId = this.cluster.client.nextCommandId();
        const call = { eventId: this.event, commandId, keyed: false, userId: `u${seat}` as never };
        this.cluster.client.send({ ...call, request }, (answer) => answers.push(answer));
      }
      await this.cluster.clock.advance(2);
    }
    await this.cluster.clock.advance(6_000);
    expect(answers).toHaveLength(seat - firstSeat);
    return answers;
  }
}

const accepted = (answer: CallResult): boolean =>
  answer.kind === 'answered' && answer.answer.kind === 'accepted';

describe('a live move', () => {
  it('takes the event to the target while it sells, and no buyer sees an error', async () => {
    const scene = await Scene.open();
    scene.cluster.journal.injectFaults(() => ({ slowMs: 3 }));
    const move = scene.startMove();
    const answers = await scene.sellFor(200, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(move.reply).toMatchObject({ kind: 'moved', epoch: 2 });
    expect(await scene.owner()).toBe(scene.target.shardId);
  });

  it('keeps holds, deadlines and command ids', async () => {
    const scene = await Scene.open();
    const { cluster, event } = scene;
    const command = cluster.hold(event, [50]);
    const first = await cluster.send(event, command, { commandId: 'usr_a/before' });
    const move = scene.startMove();
    await cluster.clock.advance(100);
    expect(move.reply).toMatchObject({ kind: 'moved' });
    const again = await cluster.send(event, command, { commandId: 'usr_a/before' });
    expect(again).toMatchObject({ kind: 'answered', replayed: true });
    expect('answer' in again && 'answer' in first && again.answer).toEqual(
      'answer' in first && first.answer,
    );
    await cluster.clock.advance(60_000 + 500);
    expect(accepted(await scene.hold(50))).toBe(true);
  });

  it('can be repeated back and forth, fifty times under load', async () => {
    const scene = await Scene.open();
    const fenced = scene.countFenced();
    let seat = 100;
    for (let round = 0; round < 50; round += 1) {
      const move = scene.startMove();
      const answers: CallResult[] = [];
      for (let i = 0; i < 5; i += 1) answers.push(await scene.hold(seat++));
      await scene.cluster.clock.advance(100);
      expect(answers.every(accepted)).toBe(true);
      expect(move.reply).toMatchObject({ kind: 'moved', epoch: round + 2 });
      [scene.source, scene.target] = [scene.target, scene.source];
    }
    // The fence would save an owner that goes on deciding; a move must not need it.
    expect(fenced()).toBe(0);
  });

  it('notices commits that were lost while the event was handed over (G2)', async () => {
    const scene = await Scene.open();
    const { cluster, event } = scene;
    cluster.journal.injectFaults(() => ({ slowMs: 50 }));
    scene.at = (step) => {
      if (step === 'after_pause') cluster.journal.store.loseTail(event, 3);
    };
    const move = scene.startMove();
    for (let seat = 10; seat < 110; seat += 1) {
      const commandId = cluster.client.nextCommandId();
      const request = cluster.hold(event, [seat]);
      const call = { eventId: event, commandId, keyed: false, userId: 'usr_b' as never, request };
      cluster.client.send(call, () => undefined);
      await cluster.clock.advance(2);
    }
    await cluster.clock.advance(1_000);
    expect((await cluster.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
    expect(move.reply).toEqual({ kind: 'lost', owner: null, epoch: 1 });
  });

  it('notices commits that were lost between the flush and the announce (Y2)', async () => {
    const scene = await Scene.open();
    const { cluster, event } = scene;
    scene.at = (step) => {
      if (step === 'after_flush') cluster.journal.store.loseTail(event, 3);
    };
    scene.startMove();
    await cluster.clock.advance(2_000);
    expect((await cluster.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
  });

  it('is not served by a target that was overtaken after its announce (Y3)', async () => {
    const scene = await Scene.open();
    const { cluster, event } = scene;
    scene.at = async (step) => {
      if (step !== 'target_after_announce') return;
      await cluster.journal.takeOver({ eventId: event, incarnation: 'shard-c-1', fromEpoch: 2 });
    };
    const move = scene.startMove();
    await cluster.clock.advance(2_000);
    expect(move.reply).toEqual({ kind: 'lost', owner: 'shard-c-1', epoch: 3 });
  });

  it('never needs the fence, although the journal is slow and buyers go on', async () => {
    const scene = await Scene.open();
    const fenced = scene.countFenced();
    scene.cluster.journal.injectFaults(() => ({ slowMs: 20 }));
    // Long enough after the flush that what a source decided in its pause would be on its way.
    scene.at = (at) =>
      at === 'target_before_take' || at === 'after_flush' ? scene.later(10) : undefined;
    const move = scene.startMove();
    const answers = await scene.sellFor(300, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(move.reply).toMatchObject({ kind: 'moved', epoch: 2 });
    expect(fenced()).toBe(0);
  });

  it.each(['after_pause', 'after_flush'])(
    'is a loss when a stranger takes the event at %s, before it is offered',
    async (at) => {
      const scene = await Scene.open();
      const { journal } = scene.cluster;
      scene.at = async (step) => {
        if (step !== at) return;
        const eventId = scene.event;
        const { epoch: fromEpoch } = (await journal.ownership(eventId))!;
        await journal.takeOver({ eventId, incarnation: 'fence-12345678', fromEpoch });
        await scene.later(2 * limits.heartbeatMs);
      };
      const move = scene.startMove();
      await scene.cluster.clock.advance(5_000);
      expect(move.reply).toMatchObject({ kind: 'lost' });
      expect(await scene.losses()).toEqual(['holdfast_actors_lost_total{reason="replaced"} 1']);
    },
  );

  it.each(['target_after_announce', 'after_take'])(
    'is no loss when the source reads its ownership rows at %s',
    async (at) => {
      const scene = await Scene.open();
      scene.at = (step) => (step === at ? scene.later(2 * limits.heartbeatMs) : undefined);
      const move = scene.startMove();
      await scene.cluster.clock.advance(5_000);
      expect(move.reply).toMatchObject({ kind: 'moved' });
      expect(await scene.losses()).toEqual(['holdfast_actors_lost_total{reason="moved"} 1']);
    },
  );

  it('is refused while one is under way, to itself, to nobody, and by a stranger', async () => {
    const scene = await Scene.open();
    const [first, second] = [scene.startMove(), scene.startMove()];
    await scene.cluster.clock.advance(100);
    expect(first.reply).toMatchObject({ kind: 'moved' });
    expect(second.reply).toEqual({ kind: 'refused', reason: 'already_moving' });
    const stale = scene.startMove();
    await scene.cluster.clock.advance(100);
    expect(stale.reply).toEqual({ kind: 'refused', reason: 'not_owner' });
    scene.source = scene.target;
    const self = scene.startMove();
    await scene.cluster.clock.advance(100);
    expect(self.reply).toEqual({ kind: 'refused', reason: 'same_shard' });
  });

  it.each(sourceFailpoints)('loses nothing when the source dies at %s', async (step) => {
    const scene = await Scene.open();
    scene.at = (at, shardId) => {
      if (at === step && shardId === scene.source.shardId) scene.cluster.kill(scene.source);
    };
    scene.startMove();
    const answers = await scene.sellFor(50, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(await scene.owner()).toBe(scene.target.shardId);
    expect((await scene.hold(2)).kind).toBe('answered');
    expect(accepted(await scene.hold(2))).toBe(false);
  });

  it.each(targetFailpoints)('loses nothing when the target dies at %s', async (step) => {
    const scene = await Scene.open();
    scene.at = (at, shardId) => {
      if (at === step && shardId === scene.target.shardId) scene.cluster.kill(scene.target);
    };
    const move = scene.startMove();
    const answers = await scene.sellFor(50, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(await scene.owner()).toBe(scene.source.shardId);
    expect(move.reply).toMatchObject({ kind: expect.stringMatching(/^(refused|lost)$/) });
    expect(accepted(await scene.hold(2))).toBe(false);
  });

  it('goes back to serving when the target does not answer in time', async () => {
    const scene = await Scene.open();
    scene.at = (at) => {
      if (at === 'target_before_take') scene.cluster.pause(scene.target);
    };
    const move = scene.startMove();
    await scene.cluster.clock.advance(limits.moveTakeMs + 100);
    expect(move.reply).toEqual({ kind: 'refused', reason: 'target_not_ready' });
    expect(accepted(await scene.hold(100))).toBe(true);
    expect(await scene.owner()).toBe(scene.source.shardId);
    scene.cluster.resume(scene.target);
    await scene.cluster.clock.advance(2_000);
    expect(await scene.owner()).toBe(scene.source.shardId);
    expect(accepted(await scene.hold(101))).toBe(true);
  });

  it('changes nothing when its take comes after the source has given up (X1, Y1)', async () => {
    const scene = await Scene.open();
    let letGo = (): void => undefined;
    scene.at = (at) => {
      if (at !== 'target_before_take') return undefined;
      return new Promise((resolve) => {
        letGo = resolve;
      });
    };
    const before = await scene.cluster.journal.ownership(scene.event);
    const move = scene.startMove();
    await scene.cluster.clock.advance(limits.moveTakeMs + 100);
    expect(move.reply).toEqual({ kind: 'refused', reason: 'target_not_ready' });
    letGo();
    await scene.cluster.clock.advance(1_000);
    const after = await scene.cluster.journal.ownership(scene.event);
    expect(after?.owner).toBe(before?.owner);
    expect(after?.epoch).toBe((before?.epoch ?? 0) + 1);
    expect(accepted(await scene.hold(100))).toBe(true);
  });

  const untilTheHandOver = [
    ...['before_warm', 'after_warm', 'after_pause', 'after_flush'],
    ...['target_before_warm', 'target_after_warm'],
  ];
  const cancels = moveFailpoints.map((step) => ({
    step,
    outcome: untilTheHandOver.includes(step) ? 'cancelled' : 'moved',
  }));

  it.each(cancels)('that is cancelled at $step is $outcome, and works again', async (one) => {
    const scene = await Scene.open();
    let answer: unknown = null;
    scene.at = async (at) => {
      if (at !== one.step || answer !== null) return;
      const subject = subjects.control(scene.source.shard.incarnation, 'cancel');
      answer = await controlCall(scene.operator, subject, { eventId: scene.event }, 1_000);
    };
    const move = scene.startMove();
    const answers = await scene.sellFor(100, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(answer).toEqual({ kind: 'ok', body: true });
    const moved = one.outcome === 'moved';
    expect(move.reply).toMatchObject(
      moved ? { kind: 'moved', epoch: 2 } : { kind: 'refused', reason: 'cancelled' },
    );
    expect(await scene.owner()).toBe(moved ? scene.target.shardId : scene.source.shardId);
    if (moved) [scene.source, scene.target] = [scene.target, scene.source];
    const again = scene.startMove();
    await scene.cluster.clock.advance(500);
    expect(again.reply).toMatchObject({ kind: 'moved' });
  });
});
