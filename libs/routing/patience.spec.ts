import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { Reply } from '#libs/contracts/wire.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId, HoldId, SeatIndex } from '#libs/inventory/ids.js';
import type { CallResult } from './inventory-call.js';
import { ClientScene } from './testing/client-scene.js';
import { done, type FakeShard } from './testing/fake-shard.js';

const { hopTimeoutMs } = limits;
const silence = (): undefined => undefined;
const notMine: Reply = { kind: 'moved', owner: null, epoch: 0 };

/** What a late answer might say. */
const another: Reply = {
  kind: 'answered',
  answer: { kind: 'refused', refusal: { code: 'hold_not_found' } },
  replayed: false,
};

const hold: Command = {
  type: 'HoldSeats',
  holdId: 'rsv_one_aaaaaaaaaaaaaaaa' as HoldId,
  seats: [1 as SeatIndex],
  areas: [],
  best: [],
};

let scene: ClientScene;

beforeEach(() => {
  scene = new ClientScene();
});

afterEach(() => scene.client.close());

const itemsOf = (shard: FakeShard) => shard.batches.flatMap(({ items }) => items);
const numbersOf = (shard: FakeShard): number[] =>
  itemsOf(shard).map(({ correlation }) => correlation);

describe('an answer that stays out is asked for again (C6)', () => {
  it('and heard when only the first one was lost', async () => {
    const [shard] = await scene.twoShards();
    shard.answerWith = silence;
    scene.send();
    await scene.clock.advance(hopTimeoutMs / 2);
    shard.answerWith = () => done;
    await scene.clock.advance(hopTimeoutMs);
    expect(scene.results).toEqual([done]);
    const [first, second] = itemsOf(shard);
    expect(second.commandId).toBe(first.commandId);
    expect(scene.client.counts.askedAgain).toBe(1);
  });

  it('under the same number: who is slow is not waited for twice', async () => {
    const [shard] = await scene.twoShards();
    shard.answerWith = silence;
    scene.send();
    await scene.clock.advance(hopTimeoutMs + 200);
    expect(numbersOf(shard)).toHaveLength(2);
    expect(new Set(numbersOf(shard)).size).toBe(1);
    shard.answer(shard.batches[0], done);
    await scene.clock.advance(10);
    shard.answer(shard.batches[1], another);
    await scene.clock.advance(10);
    expect(scene.results).toEqual([done]);
  });

  it('unless a "no" would not be remembered: a hold without a key is sent once', async () => {
    const [shard] = await scene.twoShards();
    shard.answerWith = silence;
    scene.send({ request: hold });
    scene.send({ request: hold, commandId: 'usr_1/key' as CommandId, keyed: true });
    await scene.clock.advance(hopTimeoutMs + 100);
    expect(itemsOf(shard).map(({ keyed }) => keyed)).toEqual([false, true, true]);
    await scene.clock.advance(limits.answerWithinMs);
    expect(scene.results.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
  });

  it('from another shard, when that is the owner by now', async () => {
    const [first, second] = await scene.twoShards();
    first.answerWith = silence;
    scene.send();
    await scene.clock.advance(hopTimeoutMs / 5);
    first.answerWith = () => ({ kind: 'moved', owner: second.incarnation, epoch: 2 });
    scene.send();
    // The release of the batch before is given up first (L2).
    await scene.clock.advance(hopTimeoutMs / 2);
    expect(scene.results).toEqual([done]);
    await scene.clock.advance(hopTimeoutMs / 2);
    expect([first.items, second.items]).toEqual([2, 2]);
    expect(scene.results).toEqual([done, done]);
  });

  it('and is unknown when the second time was turned away: the first may run', async () => {
    const shards = await scene.twoShards();
    shards[0].answerWith = silence;
    scene.send();
    await scene.clock.advance(10);
    for (const shard of shards) shard.answerWith = () => notMine;
    await scene.clock.advance(limits.answerWithinMs);
    expect(scene.results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
  });

  it('a few at a time of each event: a slow owner is not buried in questions (G8)', async () => {
    const [slow, other] = await scene.twoShards();
    for (const shard of [slow, other]) shard.answerWith = silence;
    const crowd = 3_000;
    for (let i = 0; i < crowd; i += 1) scene.send();
    await scene.clock.advance(hopTimeoutMs - 50);
    expect(slow.items).toBe(crowd);
    scene.send({ eventId: scene.eventAt(other) });
    await scene.clock.advance(hopTimeoutMs + 100);
    const looks = (hopTimeoutMs + 150) / limits.callSweepMs;
    expect(slow.items).toBeGreaterThan(crowd);
    expect(slow.items).toBeLessThanOrEqual(crowd + looks * limits.askAgainMax);
    expect(other.items).toBe(2);
  });
});

describe('nobody waits for long (C8)', () => {
  it('and under the same id the truth is there afterwards', async () => {
    const [frozen, second] = await scene.twoShards();
    const commandId = 'usr_1/key' as CommandId;
    frozen.freeze();
    second.answerWith = () => ({ kind: 'moved', owner: frozen.incarnation, epoch: 1 });
    scene.send({ commandId, keyed: true });
    await scene.clock.advance(limits.answerWithinMs);
    expect(limits.answerWithinMs).toBe(2_000);
    expect(scene.results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
    second.answerWith = () => done;
    scene.send({ commandId, keyed: true });
    await scene.clock.advance(100);
    expect(scene.results[1]).toEqual(done);
    const ids = [...itemsOf(frozen), ...itemsOf(second)].map((item) => item.commandId);
    expect(new Set(ids)).toEqual(new Set([commandId]));
  });

  it('but those who ask for more time, and they not for ever', async () => {
    scene.startShard('a').freeze();
    scene.send({ withinMs: 60_000 });
    await scene.clock.advance(limits.answerWithinMs + 1_000);
    expect(scene.results).toEqual([]);
    await scene.clock.advance(limits.commandDeadlineMsMax - limits.answerWithinMs - 900);
    expect(scene.results).toHaveLength(1);
  });
});

describe('a crowd that waits for a silent owner (C5)', () => {
  it('lets all others be served', async () => {
    const [silent, serving] = await scene.twoShards();
    const other = scene.eventAt(serving);
    silent.freeze();
    for (let wave = 0; wave < 20; wave += 1) {
      for (let i = 0; i < limits.clientQueueMax / 10; i += 1) scene.send();
      const heard: CallResult[] = [];
      for (let i = 0; i < 100; i += 1) scene.send({ eventId: other }, heard);
      await scene.clock.advance(20);
      expect(heard).toEqual(Array.from({ length: 100 }, () => done));
    }
    const { client, results } = scene;
    expect(client.inFlight).toBe(limits.clientQueueMax / 2);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['overloaded']));
    silent.answerWith = () => done;
    await scene.clock.advance(limits.answerWithinMs);
    scene.send();
    await scene.clock.advance(20);
    expect(results.at(-1)).toEqual(done);
    expect(client.inFlight).toBe(0);
  });
});
