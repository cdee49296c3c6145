import { beforeEach, describe, expect, it } from '@jest/globals';
import { recover } from '#libs/actor/recovery.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { TakeCall, TakeReply, WarmReply } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CommandItem } from '#libs/contracts/wire.js';
import {
  decodeCommandBatch,
  decodeReplyBatch,
  decodeUnreadable,
  decodeVersions,
  encodeBeat,
  encodeCommandBatch,
  encodeReplyFrames,
  frameVersions,
  isUnreadable,
} from '#libs/contracts/wire-codec.js';
import { UnknownFactKind, type EventId } from '#libs/inventory/inventory.js';
import type { CommandId, UserId } from '#libs/inventory/ids.js';
import { batchAfter } from '#libs/journal/testing/journal.fixtures.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';

/** Kind 100, which no program of today knows. */
const newerFacts = Uint8Array.from([100, 1, 0]);

/** A process of a newer version, as the others see it: it reads what they cannot. */
class NewerShard {
  readonly incarnation = 'shard-new-1';
  commands = 0;
  private readonly bus;
  private readonly stop: () => void;

  constructor(private readonly cluster: MemoryCluster) {
    this.bus = cluster.broker.connect('newer');
    this.answer('warm', (): WarmReply => ({ batchNo: 0 }));
    this.answer('take', (body) => this.take(body as TakeCall));
    this.bus.subscribe(subjects.ping(this.incarnation), ({ replyTo }) => {
      if (replyTo !== undefined) this.bus.publish(replyTo, new Uint8Array(0));
    });
    this.bus.subscribe(subjects.commands(this.incarnation), ({ replyTo, payload }) => {
      if (replyTo !== undefined) this.refuse(replyTo, payload);
    });
    this.stop = cluster.clock.every(limits.heartbeatMs, () => this.beat());
    this.beat();
  }

  leave(): void {
    this.stop();
    this.bus.cut();
  }

  private answer(pattern: string, handler: (body: unknown) => unknown): void {
    this.bus.subscribe(subjects.control(this.incarnation, pattern), ({ replyTo, payload }) => {
      void Promise.resolve(handler(decodeBody(payload))).then((body) => {
        if (replyTo !== undefined) this.bus.publish(replyTo, encodeAnswer(body));
      });
    });
  }

  private async take({ eventId, fromEpoch }: TakeCall): Promise<TakeReply> {
    const { incarnation } = this;
    const taken = await this.cluster.journal.takeOver({ eventId, incarnation, fromEpoch });
    if (taken.kind !== 'taken') return { kind: 'refused', reason: taken.kind };
    return { kind: 'taken', epoch: taken.epoch };
  }

  /** What it says does not matter, only that it is asked. */
  private refuse(replyTo: string, payload: Uint8Array): void {
    const batch = decodeCommandBatch(payload);
    this.commands += batch.items.length;
    const reply = { kind: 'overloaded', retryAfterMs: 1_000 } as const;
    const replies = batch.items.map(({ correlation }) => ({ correlation, reply }));
    const { incarnation } = this;
    const frame = { version: batch.version, incarnation, releasedBatchNo: batch.batchNo, replies };
    for (const bytes of encodeReplyFrames(frame, refuseUnfit)) this.bus.publish(replyTo, bytes);
  }

  private beat(): void {
    this.bus.publish(
      subjects.beats,
      encodeBeat({
        shardId: 'shard-new',
        incarnation: this.incarnation,
        state: 'active',
        weight: 0.000_001,
        host: 'test',
        pid: 1,
        events: 0,
        commandsPerSecond: 0,
        sentAtMs: this.cluster.clock.nowMs(),
      }),
    );
  }
}

const refuseUnfit = (error: Error): never => {
  throw error;
};

describe('an event to which a newer program wrote', () => {
  let cluster: MemoryCluster;
  let event: EventId;

  beforeEach(async () => {
    cluster = new MemoryCluster();
    await cluster.addShard('shard-a');
    event = cluster.addEvent('mixed', {}, 5, 10);
    const { journal } = cluster;
    const taken = await journal.takeOver({ eventId: event, incarnation: 'gone-1', fromEpoch: 0 });
    if (taken.kind !== 'taken') throw new Error(taken.kind);
    const writer = await journal.openWriter('gone-1');
    await writer.append([batchAfter(taken.announce, event, { facts: newerFacts })]);
    await journal.release(event, taken.epoch, null);
  });

  const epoch = async (): Promise<number> => (await cluster.journal.ownership(event))?.epoch ?? 0;

  it('is refused by recovery with the name of the kind and what to do', async () => {
    const given = { eventId: event, layout: smallHall(5, 10), rules: saleRules() };
    const recovered = recover(cluster.journal, given, cluster.log);
    await expect(recovered).rejects.toThrow(UnknownFactKind);
    await expect(recovered).rejects.toThrow(/^fact kind 100 version 1 is unknown here: a newer/);
  });

  it('is not taken over again and again while nobody can read it', async () => {
    const before = await epoch();
    for (let second = 0; second < 60; second += 1) {
      const answer = await cluster.send(event, cluster.hold(event, [1]));
      expect(answer).toMatchObject({ kind: 'unavailable', executed: 'no' });
      await cluster.clock.advance(1_000);
    }
    expect(await epoch()).toBe(before + 1);
  });

  it('harms no other event of that shard', async () => {
    await cluster.send(event, cluster.hold(event, [1]));
    const other = cluster.addEvent('ordinary', {}, 5, 10);
    const answer = await cluster.send(other, cluster.hold(other, [1]));
    expect(answer).toMatchObject({ kind: 'answered', answer: { kind: 'accepted' } });
  });

  it('is given to a shard that can read it, with one more epoch and no other', async () => {
    const newer = new NewerShard(cluster);
    await cluster.clock.advance(limits.heartbeatMs);
    const before = await epoch();
    await cluster.send(event, cluster.hold(event, [1]));
    const row = await cluster.journal.ownership(event);
    expect(row).toMatchObject({ owner: newer.incarnation, epoch: before + 2 });
    expect(newer.commands).toBe(1);
    for (let i = 0; i < 10; i += 1) {
      await cluster.send(event, cluster.hold(event, [2]));
      await cluster.clock.advance(1_000);
    }
    expect([newer.commands, await epoch()]).toEqual([11, before + 2]);
    newer.leave();
  });

  it('finds the newer program also when that starts later', async () => {
    const before = await epoch();
    await cluster.send(event, cluster.hold(event, [1]));
    const newer = new NewerShard(cluster);
    await cluster.clock.advance(limits.unreadableMs + limits.heartbeatMs);
    await cluster.send(event, cluster.hold(event, [1]));
    expect(await cluster.journal.ownership(event)).toMatchObject({
      owner: newer.incarnation,
      epoch: before + 2,
    });
    newer.leave();
  });
});

describe('a shard on a bus with another release', () => {
  let cluster: MemoryCluster;
  let member: ClusterShard;
  let event: EventId;
  let told: Uint8Array[];
  let ask: (payload: Uint8Array) => Promise<void>;

  beforeEach(async () => {
    cluster = new MemoryCluster();
    member = await cluster.addShard('shard-a');
    event = cluster.addEvent('mixed', {}, 5, 10);
    told = [];
    const { incarnation } = member.shard;
    const bus = cluster.broker.connect('spy');
    const replyTo = subjects.replies('operator', 'spy', incarnation);
    bus.subscribe(replyTo, ({ payload }) => told.push(payload));
    ask = async (payload) => {
      bus.publish(subjects.commands(incarnation), payload, replyTo);
      await cluster.clock.advance(50);
    };
  });

  const batch = (version: 1 | 2, says: Partial<CommandItem> = {}): Uint8Array => {
    const item = {
      correlation: 1,
      eventId: event,
      commandId: `c${told.length}` as CommandId,
      keyed: false,
      userId: 'usr_a' as UserId,
      deadlineMs: cluster.clock.nowMs() + 1_000,
      request: { type: 'GetSeatMap' } as const,
      ...says,
    };
    return encodeCommandBatch({ version, clientId: 'spy', batchNo: 1, items: [item] });
  };

  it('answers in the version in which it was asked', async () => {
    await ask(batch(1));
    await ask(batch(2, { by: { role: 'operator', name: 'alice@desk' }, trace: 'a'.repeat(32) }));
    const frames = told.map(decodeReplyBatch).filter(({ replies }) => replies.length > 0);
    expect(frames).toMatchObject([
      { version: 1, replies: [{ reply: { kind: 'found' } }] },
      { version: 2, replies: [{ reply: { kind: 'found' } }] },
    ]);
  });

  it('says at once that it cannot read a batch, and in the oldest form what it reads', async () => {
    const future = Uint8Array.from([3, ...batch(2).subarray(1)]);
    const damaged = batch(2).subarray(0, 9);
    for (const frame of [future, damaged, new Uint8Array(0)]) await ask(frame);
    expect(told.map(isUnreadable)).toEqual([true, true, true]);
    expect(told.map(([version]) => version)).toEqual([1, 1, 1]);
    const reads = frameVersions;
    expect(told.map(decodeUnreadable)).toEqual([
      { found: 3, reads },
      { found: 2, reads },
      { found: 0, reads },
    ]);
    const text = await member.metrics.text();
    expect(text).toMatch(/^holdfast_frames_unknown_version_total 1$/m);
    expect(text).toMatch(/^holdfast_frames_malformed_total 2$/m);
  });

  it('tells who pings it what it reads, and its own client writes that', async () => {
    const { incarnation } = member.shard;
    const bus = cluster.broker.connect('pinger');
    const answer = bus.request(subjects.ping(incarnation), new Uint8Array(0), 100);
    await cluster.clock.advance(50);
    const pong = await answer;
    expect(pong.kind === 'reply' && decodeVersions(pong.payload)).toEqual(frameVersions);
    const versions: number[] = [];
    bus.subscribe(subjects.commands(incarnation), ({ payload }) => void versions.push(payload[0]));
    await cluster.send(event, cluster.hold(event, [1]));
    expect(versions).toEqual([frameVersions.newest]);
  });
});
