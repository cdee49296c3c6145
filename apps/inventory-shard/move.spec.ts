import { describe, expect, it } from '@jest/globals';
import { controlCall } from '#libs/bus/control-call.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import {
  moveFailpoints,
  sourceFailpoints,
  targetFailpoints,
} from '#libs/hosting/move-failpoints.js';
import { MoveScene } from './testing/move-scene.js';

const accepted = (answer: CallResult): boolean =>
  answer.kind === 'answered' && answer.answer.kind === 'accepted';

describe('a live move', () => {
  it('takes the event to the target while it sells, and no buyer sees an error', async () => {
    const scene = await MoveScene.open();
    scene.cluster.journal.injectFaults(() => ({ slowMs: 3 }));
    const move = scene.startMove();
    const answers = await scene.sellFor(200, 100);
    expect(answers.every(accepted)).toBe(true);
    expect(move.reply).toMatchObject({ kind: 'moved', epoch: 2 });
    expect(await scene.owner()).toBe(scene.target.shardId);
  });

  it('keeps holds, deadlines and command ids', async () => {
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
    const { cluster, event } = scene;
    scene.at = (step) => {
      if (step === 'after_flush') cluster.journal.store.loseTail(event, 3);
    };
    scene.startMove();
    await cluster.clock.advance(2_000);
    expect((await cluster.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
  });

  it('is not served by a target that was overtaken after its announce (Y3)', async () => {
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
      const scene = await MoveScene.open();
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
      const scene = await MoveScene.open();
      scene.at = (step) => (step === at ? scene.later(2 * limits.heartbeatMs) : undefined);
      const move = scene.startMove();
      await scene.cluster.clock.advance(5_000);
      expect(move.reply).toMatchObject({ kind: 'moved' });
      expect(await scene.losses()).toEqual(['holdfast_actors_lost_total{reason="moved"} 1']);
    },
  );

  it('is refused while one is under way, to itself, to nobody, and by a stranger', async () => {
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
    const scene = await MoveScene.open();
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
