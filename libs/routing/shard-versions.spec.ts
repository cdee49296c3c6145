import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { encodeUnreadable, frameVersions } from '#libs/contracts/wire-codec.js';
import type { By } from '#libs/inventory/by.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { CallResult, InventoryCall } from './inventory-call.js';
import { createInventoryClient, type RoutingClient } from './inventory-client.js';
import { chooseShard } from './placement.js';
import { done, FakeShard } from './testing/fake-shard.js';

const eventId = 'evt_one' as EventId;
const by: By = { role: 'operator', name: 'alice@desk' };
const trace = '0af7651916cd43dd8448eb211c80319c';
const newer = { oldest: 3, newest: 5 };

let clock: VirtualClock;
let broker: MemoryBroker;
let client: RoutingClient;
let results: CallResult[];

beforeEach(() => {
  clock = new VirtualClock();
  broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
  const ports = { bus: broker.connect('gateway'), clock, random: systemRandom };
  client = createInventoryClient({ ...ports, log: silentLog(), clientId: 'gw1' });
  results = [];
});

afterEach(() => client.close());

const startShard = (id = 'a'): FakeShard => new FakeShard(broker.connect(id), clock, id);

function send(over: Partial<InventoryCall> = {}): void {
  const call: InventoryCall = {
    eventId,
    commandId: client.nextCommandId(),
    keyed: false,
    userId: 'usr_1' as UserId,
    request: { type: 'GetHold', holdId: 'rsv_one_aaaaaaaaaaaaaaaa' as HoldId },
    ...over,
  };
  client.send(call, (result) => results.push(result));
}

const versionsTo = (shard: FakeShard): number[] => shard.batches.map(({ version }) => version);

/** The first two in the order in which placement prefers them for the event. */
async function twoShards(): Promise<[FakeShard, FakeShard]> {
  const shards = [startShard('a'), startShard('b')];
  await clock.advance(10);
  const first = chooseShard(eventId, client.membership.placeable)?.shardId;
  return shards[0].shardId === first ? [shards[0], shards[1]] : [shards[1], shards[0]];
}

describe('a client writes to a shard', () => {
  it('in the newest version which that reads, and in the oldest until it said so', async () => {
    const shard = startShard();
    shard.answersPings = false;
    await clock.advance(10);
    send();
    await clock.advance(10);
    shard.answersPings = true;
    await clock.advance(2 * limits.versionAskMs);
    send({ by, trace });
    await clock.advance(10);
    expect(versionsTo(shard)).toEqual([1, 2]);
    expect(shard.batches[1].items).toMatchObject([{ by, trace }]);
    expect(results).toEqual([done, done]);
  });

  it('of the release before in its own version, without what that cannot say', async () => {
    const shard = startShard();
    shard.reads = null;
    await clock.advance(10);
    send({ by, trace });
    await clock.advance(limits.pingTimeoutMs + 100);
    expect(versionsTo(shard)).toEqual([1]);
    expect(shard.batches[0].items[0]).not.toHaveProperty('by');
    expect(shard.batches[0].items[0]).not.toHaveProperty('trace');
    expect(results).toEqual([done]);
  });

  it('that asked once what it reads: not again, whatever else happens', async () => {
    const shard = startShard();
    await clock.advance(10 * limits.versionAskMs);
    expect(shard.pinged).toBe(1);
    send();
    await clock.advance(10);
    expect([versionsTo(shard), shard.pinged]).toEqual([[2], 1]);
  });

  it('who asks only when the answer is there, which is not waited for long', async () => {
    const [quick, mute] = [startShard('quick'), startShard('mute')];
    mute.answersPings = false;
    // In the same moment in which the first beat is heard.
    send({ by });
    send({ by, eventId: 'evt_three' as EventId });
    await clock.advance(limits.pingTimeoutMs + 100);
    expect(results).toEqual([done, done]);
    expect([versionsTo(quick), versionsTo(mute)]).toEqual([[2], [1]]);
    expect(quick.batches[0].items[0].by).toEqual(by);
  });
});

describe('a hold with terms', () => {
  it('waits for what its shard reads, so that nothing of it is left out', async () => {
    const shard = startShard();
    const cart = { type: 'HoldSeats', holdId: 'rsv_a', seats: [1], areas: [], best: [] };
    const terms = [{ expectedTotal: 500 }, { wheelchairs: 1 }, { partyMax: 2 }];
    const requests = terms.map((more) => ({ ...cart, ...more }) as unknown as Command);
    for (const request of requests) send({ request });
    await clock.advance(limits.pingTimeoutMs + 100);
    const said = shard.batches.flatMap(({ items }) => items.map(({ request }) => request));
    expect(said).toEqual(requests);
  });
});

describe('a batch that a shard cannot read', () => {
  it('is written again in a lower version, under the same command ids', async () => {
    const shard = startShard();
    shard.understands = (version) => version === 1;
    await clock.advance(10);
    const commandId = 'usr_1/key' as CommandId;
    send({ commandId, keyed: true });
    send();
    await clock.advance(100);
    expect(results).toEqual([done, done]);
    expect([shard.refused, versionsTo(shard)]).toEqual([[2], [1]]);
    expect(shard.batches[0].items[0].commandId).toBe(commandId);
    expect(client.counts).toMatchObject({ batchesUnread: 1, resent: 2 });
    send();
    await clock.advance(10);
    expect([shard.refused, versionsTo(shard)]).toEqual([[2], [1, 1]]);
  });

  it('is written in the version which that shard reads, when it had not said so', async () => {
    const shard = startShard();
    shard.reads = { oldest: 2, newest: 3 };
    shard.answersPings = false;
    await clock.advance(10);
    send({ withinMs: 1_000 });
    await clock.advance(100);
    expect([shard.refused, versionsTo(shard), results]).toEqual([[1], [2], [done]]);
  });

  it('counts once, when two were on their way', async () => {
    const shard = startShard();
    shard.answerWith = () => undefined;
    await clock.advance(10);
    send();
    await clock.advance(5);
    for (let i = 0; i < 64; i += 1) send();
    await clock.advance(5);
    const replyTo = subjects.replies('operator', 'gw1', shard.incarnation);
    const unreadable = encodeUnreadable({ found: 2, reads: frameVersions });
    for (let i = 0; i < 2; i += 1) {
      shard.bus.publish(replyTo, unreadable);
      await clock.advance(50);
    }
    expect(versionsTo(shard)).toEqual([2, 2, 1]);
    expect([client.counts.resent, client.counts.batchesUnread]).toEqual([65, 2]);
    shard.answer(shard.batches[2], done);
    await clock.advance(5);
    expect(results).toHaveLength(65);
  });

  it('twice in the lowest version: the shard is left alone, nothing runs in circles', async () => {
    const shard = startShard();
    shard.understands = () => false;
    await clock.advance(10);
    send();
    await clock.advance(limits.commandDeadlineMs + 100);
    expect(results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
    const rounds = Math.ceil(limits.commandDeadlineMs / limits.shunMs);
    expect(shard.refused.slice(0, 3)).toEqual([2, 1, 1]);
    expect(shard.refused.length).toBeLessThanOrEqual(1 + 2 * rounds);
    shard.understands = () => true;
    await clock.advance(2 * limits.shunMs);
    send();
    await clock.advance(10);
    expect(results[1]).toEqual(done);
  });

  it('because no version is read on both sides: told not executed, others are served', async () => {
    const [first, second] = await twoShards();
    const other = ['evt_a', 'evt_b', 'evt_c', 'evt_d', 'evt_e'].find(
      (event) => chooseShard(event, client.membership.placeable)?.shardId === second.shardId,
    ) as EventId;
    first.die();
    await clock.advance(limits.suspectAfterMs + limits.heartbeatMs);
    const restarted = new FakeShard(broker.connect('again'), clock, first.shardId);
    restarted.reads = newer;
    restarted.answersPings = false;
    await clock.advance(10);
    second.answerWith = () => ({ kind: 'moved', owner: restarted.incarnation, epoch: 3 });
    send({ withinMs: 2_000 });
    await clock.advance(50);
    expect(restarted.refused).toEqual([1]);
    await clock.advance(2_000);
    expect(results).toMatchObject([{ kind: 'unavailable', executed: 'no' }]);
    expect(restarted.refused).toEqual([1]);
    // It is asked whether that is still so, and the other whether it still has the event.
    expect(second.items).toBeGreaterThan(2);
    expect(second.items).toBeLessThan(15);
    second.answerWith = () => done;
    send({ eventId: other });
    await clock.advance(10);
    expect(results[1]).toEqual(done);
  });

  it('is never sent to a shard that said it reads none of ours', async () => {
    const shard = startShard();
    shard.reads = newer;
    await clock.advance(10);
    send({ withinMs: 3_000 });
    await clock.advance(3_100);
    expect(results).toEqual([{ kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' }]);
    expect([shard.refused, shard.batches]).toEqual([[], []]);
    expect(shard.pinged).toBeGreaterThan(1);
    expect(shard.pinged).toBeLessThanOrEqual(1 + 3_000 / limits.shunMs);
  });
});

describe('a reply that a client cannot read', () => {
  it('costs its calls a second sending, and other lanes nothing', async () => {
    const [first, second] = await twoShards();
    const theirs = ['evt_a', 'evt_b', 'evt_c', 'evt_d', 'evt_e', 'evt_f'].find(
      (event) => chooseShard(event, client.membership.placeable)?.shardId === second.shardId,
    ) as EventId;
    for (const shard of [first, second]) shard.answerWith = () => undefined;
    send();
    send({ eventId: theirs });
    await clock.advance(5);
    const replyTo = subjects.replies('operator', 'gw1', first.incarnation);
    first.bus.publish(replyTo, Uint8Array.from([2, 2, 255]));
    first.answerWith = () => done;
    await clock.advance(100);
    expect(results).toEqual([done]);
    expect(client.counts).toMatchObject({ repliesUnread: 1, resent: 1 });
    expect(versionsTo(first)).toEqual([2, 1]);
    const ids = first.batches.map(({ items }) => items[0].commandId);
    expect(ids[1]).toBe(ids[0]);
    second.answer(second.batches[0], done);
    await clock.advance(5);
    expect([results.length, versionsTo(second)]).toEqual([2, [2]]);
  });

  it('is unknown, never failed, when nothing readable comes until the deadline', async () => {
    const shard = startShard();
    await clock.advance(10);
    const replyTo = subjects.replies('operator', 'gw1', shard.incarnation);
    shard.answerWith = () => {
      shard.bus.publish(replyTo, Uint8Array.from([9, 9]));
      return undefined;
    };
    send({ withinMs: 400 });
    await clock.advance(450);
    expect(results).toEqual([{ kind: 'unknown', retryAfterMs: 1_000 }]);
    expect(versionsTo(shard)).toEqual([2, 1, 1]);
  });
});

describe('a call that fits no frame', () => {
  it('is given back as not executed; those around it are sent', async () => {
    const shard = startShard();
    await clock.advance(10);
    const holdId = 'x'.repeat(limits.idBytesMax + 1) as HoldId;
    send();
    send({ request: { type: 'GetHold', holdId } });
    send({ trace: 'no trace' });
    send();
    await clock.advance(10);
    const not = { kind: 'unavailable', retryAfterMs: 1_000, executed: 'no' };
    expect(results).toEqual([not, not, done, done]);
    expect(shard.items).toBe(2);
  });
});
