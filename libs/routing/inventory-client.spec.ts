import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Reply } from '#libs/contracts/wire.js';
import { encodeBeat } from '#libs/contracts/wire-codec.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId, EventId, HoldId, SeatIndex, UserId } from '#libs/inventory/ids.js';
import { createLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { CallResult, InventoryCall } from './inventory-call.js';
import { createInventoryClient, type RoutingClient } from './inventory-client.js';
import { chooseShard } from './placement.js';
import { done, FakeShard } from './testing/fake-shard.js';

/** What a late answer might say. */
const another: Reply = {
  kind: 'answered',
  answer: { kind: 'refused', refusal: { code: 'hold_not_found' } },
  replayed: false,
};

/** The last word of a shard that ends in order. */
const stoppedBeat = ({ shardId, incarnation }: FakeShard, sentAtMs: number): Uint8Array =>
  encodeBeat({
    shardId,
    incarnation,
    state: 'stopped',
    weight: 1,
    host: 'test',
    pid: 1,
    events: 0,
    commandsPerSecond: 0,
    sentAtMs,
  });

const eventId = 'evt_one' as EventId;
const hold: Command = {
  type: 'HoldSeats',
  holdId: 'rsv_one_aaaaaaaaaaaaaaaa' as HoldId,
  seats: [1 as SeatIndex],
  areas: [],
  best: [],
};
let clock: VirtualClock;
let broker: MemoryBroker;
let clientBus: MemoryBus;
let client: RoutingClient;
let results: CallResult[];

beforeEach(() => {
  clock = new VirtualClock();
  broker = new MemoryBroker({
    clock,
    random: systemRandom,
    log: createLog({ name: 'bus', level: 'silent' }),
  });
  clientBus = broker.connect('gateway');
  client = createInventoryClient({
    bus: clientBus,
    clock,
    random: systemRandom,
    log: createLog({ name: 'test', level: 'silent' }),
    clientId: 'gw1',
  });
  results = [];
});

afterEach(() => client.close());

const startShard = (id: string): FakeShard => new FakeShard(broker.connect(id), clock, id);

function call(over: Partial<InventoryCall> = {}): InventoryCall {
  return {
    eventId,
    commandId: client.nextCommandId(),
    keyed: false,
    userId: 'usr_1' as UserId,
    request: { type: 'GetHold', holdId: 'rsv_one_aaaaaaaaaaaaaaaa' as HoldId },
    ...over,
  };
}

const send = (over: Partial<InventoryCall> = {}): void =>
  client.send(call(over), (result) => results.push(result));

/** The two shards in the order in which placement prefers them for the event. */
async function twoShards(): Promise<[FakeShard, FakeShard]> {
  const shards = [startShard('a'), startShard('b')];
  await clock.advance(10);
  const first = chooseShard(eventId, client.membership.placeable)?.shardId;
  return shards[0].shardId === first ? [shards[0], shards[1]] : [shards[1], shards[0]];
}

describe('the inventory client', () => {
  it('notices at once when a shard dies with a batch that it was to answer', async () => {
    const [first, second] = await twoShards();
    first.answerWith = null;
    send();
    await clock.advance(10);
    expect(first.items).toBe(1);
    first.die();
    await clock.advance(100);
    expect(second.items).toBe(1);
    expect(results).toEqual([done]);
    expect(client.membership.isLive(first.incarnation)).toBe(false);
  });

  it('counts calls that wait here for an owner, how long, and those sent again', async () => {
    const waits: number[] = [];
    client.parked.waited = { observe: (seconds) => void waits.push(seconds) };
    const early = startShard('early');
    await clock.advance(10);
    early.answerWith = null;
    send();
    await clock.advance(10);
    early.die();
    await clock.advance(500);
    expect([client.inFlight, client.parked.size]).toEqual([1, 1]);
    expect([client.counts.resent, waits]).toEqual([1, []]);
    startShard('late');
    await clock.advance(100);
    expect(results).toEqual([done]);
    expect([client.inFlight, client.parked.size]).toEqual([0, 0]);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(0.4);
    expect(waits[0]).toBeLessThan(0.7);
  });

  it('counts a wait that ends without an answer', async () => {
    const waits: number[] = [];
    client.parked.waited = { observe: (seconds) => void waits.push(seconds) };
    send();
    expect(client.parked.size).toBe(1);
    await clock.advance(limits.commandDeadlineMs + 100);
    expect(results).toMatchObject([{ kind: 'unavailable' }]);
    expect([client.parked.size, waits.length]).toEqual([0, 1]);
  });

  it('leaves a batch with a shard that is busy with it', async () => {
    const [first, second] = await twoShards();
    first.answerWith = () => undefined;
    send();
    await clock.advance(limits.hopTimeoutMs - 50);
    expect([first.items, second.items]).toEqual([1, 0]);
    first.answer(first.batches[0], done);
    await clock.advance(10);
    expect(results).toEqual([done]);
  });

  it('puts all calls of one tick into one batch', async () => {
    const shard = startShard('a');
    await clock.advance(10);
    for (let i = 0; i < 40; i += 1) send();
    expect(results).toEqual([]);
    await clock.advance(10);
    expect(shard.batches.map((batch) => batch.items.length)).toEqual([40]);
    expect(results).toHaveLength(40);
  });

  it('has one batch in flight and lets the next grow meanwhile', async () => {
    const shard = startShard('a');
    shard.answerWith = null;
    await clock.advance(10);
    send();
    await clock.advance(5);
    for (let i = 0; i < 7; i += 1) {
      send();
      await clock.advance(1);
    }
    expect(shard.batches.map((batch) => batch.items.length)).toEqual([1]);
    shard.answer(shard.batches[0], done);
    await clock.advance(5);
    expect(shard.batches.map((batch) => batch.items.length)).toEqual([1, 7]);
  });

  it('takes along those who were answered just now and come back at once (L6)', async () => {
    const shard = startShard('a');
    shard.answerWith = null;
    await clock.advance(10);
    let again = 3;
    const sendAfterAnAnswer = (): void => {
      client.send(call(), (result) => {
        results.push(result);
        again -= 1;
        if (again > 0) clock.soon(() => clock.soon(sendAfterAnAnswer));
      });
    };
    sendAfterAnAnswer();
    await clock.advance(5);
    send();
    await clock.advance(5);
    shard.answer(shard.batches[0], done);
    await clock.advance(1);
    // Without it they would take turns for ever, in batches of half the size.
    expect(shard.batches.map((batch) => batch.items.length)).toEqual([1, 2]);
    // Whoever does not come back is waited for no longer than some turns of the loop.
    send();
    await clock.advance(5);
    again = 0;
    shard.answer(shard.batches[1], done);
    await clock.advance(0);
    expect(shard.batches.map((batch) => batch.items.length)).toEqual([1, 2, 1]);
  });

  it('lets a second batch follow when it is large, and never a third', async () => {
    const shard = startShard('a');
    shard.answerWith = null;
    await clock.advance(10);
    const sizes = () => shard.batches.map((batch) => batch.items.length);
    const sendMany = async (count: number) => {
      for (let i = 0; i < count; i += 1) send();
      await clock.advance(5);
    };
    await sendMany(1);
    await sendMany(63);
    expect(sizes()).toEqual([1]);
    await sendMany(1);
    expect(sizes()).toEqual([1, 64]);
    await sendMany(200);
    expect(sizes()).toEqual([1, 64]);
    shard.answer(shard.batches[0], done);
    await clock.advance(5);
    expect(sizes()).toEqual([1, 64, 200]);
    await sendMany(70);
    // A release says that all before it are released too.
    shard.answer(shard.batches[2], done);
    await clock.advance(5);
    expect(sizes()).toEqual([1, 64, 200, 70]);
  });

  it('follows MOVED and remembers the owner', async () => {
    const [first, second] = await twoShards();
    first.answerWith = () => ({ kind: 'moved', owner: second.incarnation, epoch: 2 });
    send();
    await clock.advance(50);
    expect(results).toEqual([done]);
    send();
    await clock.advance(50);
    expect(first.items).toBe(1);
    expect(second.items).toBe(2);
  });

  it('routes again at once when the shard is dead, under the same command id', async () => {
    const [first, second] = await twoShards();
    first.die();
    const commandId = 'usr_1/key' as CommandId;
    send({ commandId, keyed: true });
    // Before anybody would have asked what became of the batch.
    await clock.advance(15);
    expect(results).toEqual([done]);
    expect(second.batches[0].items[0].commandId).toBe(commandId);
  });

  it('asks the next shard when one is silent, and ignores its late answer', async () => {
    const [first, second] = await twoShards();
    first.freeze();
    send();
    await clock.advance(limits.suspectAfterMs + 2 * limits.heartbeatMs);
    expect(second.items).toBe(1);
    expect(results).toEqual([done]);
    first.answer(first.batches[0], another);
    await clock.advance(50);
    expect(results).toEqual([done]);
  });

  it('ignores a late answer also while the next shard still works at it', async () => {
    const [first, second] = await twoShards();
    first.freeze();
    second.answerWith = () => undefined;
    send();
    await clock.advance(limits.suspectAfterMs + 2 * limits.heartbeatMs);
    expect(second.items).toBe(1);
    first.answer(first.batches[0], another);
    await clock.advance(50);
    expect(results).toEqual([]);
    second.answer(second.batches[0], done);
    await clock.advance(50);
    expect(results).toEqual([done]);
  });

  it('says unknown, never failed, when a call that was sent gets no answer', async () => {
    const shard = startShard('a');
    await clock.advance(10);
    shard.answerWith = null;
    send({ withinMs: 300 });
    await clock.advance(400);
    expect(results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
  });

  it('says unknown when the shard that may have run it is gone', async () => {
    const shard = startShard('a');
    await clock.advance(10);
    shard.answerWith = null;
    send({ withinMs: 1_500 });
    await clock.advance(20);
    expect(shard.items).toBe(1);
    shard.bus.publish(subjects.beats, stoppedBeat(shard, clock.nowMs()));
    shard.die();
    await clock.advance(2_000);
    expect(results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
  });

  it.each<Reply>([{ kind: 'overloaded', retryAfterMs: 100 }, { kind: 'unknown_event' }])(
    'says unknown when the next shard says $kind: the one that is gone may have run it',
    async (reply) => {
      const [first, second] = await twoShards();
      first.answerWith = null;
      second.answerWith = () => reply;
      send({ withinMs: 2_500 });
      await clock.advance(20);
      expect(first.items).toBe(1);
      first.die();
      await clock.advance(2_000);
      expect(results).toEqual([]);
      expect(second.items).toBeGreaterThan(1);
      await clock.advance(1_000);
      expect(results).toMatchObject([{ kind: 'unknown' }]);
    },
  );

  it.each<Reply>([{ kind: 'overloaded', retryAfterMs: 100 }, { kind: 'unknown_event' }])(
    'passes $kind on at once when nobody else was asked',
    async (reply) => {
      const [first] = await twoShards();
      first.answerWith = () => reply;
      send();
      await clock.advance(20);
      expect(results).toEqual([reply]);
    },
  );

  it('says not executed when the call never left', async () => {
    send({ withinMs: 300 });
    await clock.advance(400);
    expect(results).toEqual([{ kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' }]);
  });

  it('goes on after a release that was lost (L2)', async () => {
    const [first, second] = await twoShards();
    [first.releases, second.releases] = [false, false];
    send();
    await clock.advance(20);
    send();
    await clock.advance(400);
    expect(results).toEqual([done, done]);
  });

  it('says not executed when shards drop it as too late', async () => {
    const [first, second] = await twoShards();
    for (const shard of [first, second]) shard.answerWith = () => ({ kind: 'too_late' });
    send({ withinMs: 300 });
    await clock.advance(400);
    expect(results).toEqual([{ kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' }]);
  });

  it('never sends a call that was given up while it waited', async () => {
    const shard = startShard('a');
    await clock.advance(10);
    shard.answerWith = null;
    send();
    await clock.advance(5);
    send({ withinMs: 100 });
    await clock.advance(200);
    expect(results).toEqual([{ kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' }]);
    shard.answer(shard.batches[0], done);
    await clock.advance(100);
    expect(shard.items).toBe(1);
  });

  it('sends unanswered calls again after a lost connection', async () => {
    const shard = startShard('a');
    await clock.advance(10);
    shard.answerWith = null;
    // Nothing else would send it again (C6).
    send({ request: hold });
    await clock.advance(5);
    clientBus.cut();
    await clock.advance(200);
    shard.answerWith = () => done;
    clientBus.restore();
    await clock.advance(limits.heartbeatMs + 100);
    expect(results).toEqual([done]);
    const ids = shard.batches.flatMap((batch) => batch.items.map((item) => item.commandId));
    expect(new Set(ids).size).toBe(1);
  });

  it('refuses at once what goes over the share of its event', async () => {
    for (let i = 0; i < limits.clientQueueMax / 2 + 5; i += 1) send();
    await clock.advance(1);
    expect(results).toHaveLength(5);
    expect(results[0]).toEqual({ kind: 'overloaded', retryAfterMs: 1_000 });
    expect(client.counts.overShare).toBe(5);
  });

  it('refuses at once what goes over its bound', async () => {
    const { clientQueueMax } = limits;
    for (let i = 0; i < clientQueueMax + 5; i += 1) send({ eventId: `evt_${i}` as EventId });
    await clock.advance(1);
    expect(results).toHaveLength(5);
    expect(client.inFlight).toBe(clientQueueMax);
  });

  it('does not run in circles between shards that each name the other', async () => {
    const [first, second] = await twoShards();
    const hopsMax = 400;
    const sendOnTo = (other: FakeShard) => (): Reply | undefined =>
      first.items + second.items < hopsMax
        ? { kind: 'moved', owner: other.incarnation, epoch: 1 }
        : undefined;
    first.answerWith = sendOnTo(second);
    second.answerWith = sendOnTo(first);
    send({ withinMs: 500 });
    await clock.advance(600);
    expect(first.items + second.items).toBeLessThan(hopsMax);
    expect(results).toEqual([{ kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' }]);
  });
});
