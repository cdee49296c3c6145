import type { BusMessage } from '#libs/bus/bus.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CommandBatch, ItemReply, Reply, ShardBeat } from '#libs/contracts/wire.js';
import {
  decodeCommandBatch,
  encodeBeat,
  encodeReplyBatch,
  encodeUnreadable,
  encodeVersions,
  frameVersions,
  type VersionRange,
} from '#libs/contracts/wire-codec.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';

export const done: Reply = {
  kind: 'answered',
  answer: { kind: 'accepted', outcome: { type: 'done' } },
  replayed: false,
};

/** A shard as the bus sees it: records batches, answers as the test says. */
export class FakeShard {
  readonly batches: CommandBatch[] = [];
  answerWith: (() => Reply | undefined) | null = () => done;
  /** False: its answers release no batch, as if the frame that does had been lost. */
  releases = true;
  /** What it says it reads; null: it is of the release before, and answers a ping with nothing. */
  reads: VersionRange | null = frameVersions;
  /** Whether a batch can be read after all; those that cannot are noted by their version. */
  understands = (version: number): boolean =>
    version >= this.range.oldest && version <= this.range.newest;
  readonly refused: number[] = [];
  answersPings = true;
  pinged = 0;
  /** Where the answer to a batch is awaited. */
  private readonly askers = new Map<CommandBatch, string>();
  private stopBeats: () => void;
  private readonly subscriptions;

  constructor(
    readonly bus: MemoryBus,
    private readonly clock: VirtualClock,
    readonly shardId: string,
  ) {
    const commands = bus.subscribe(subjects.commands(this.incarnation), (message) => {
      if (!this.understands(message.payload[0])) return this.refuse(message);
      const batch = decodeCommandBatch(message.payload);
      this.batches.push(batch);
      this.askers.set(batch, message.replyTo ?? '');
      const reply = this.answerWith?.();
      if (reply !== undefined) this.answer(batch, reply);
    });
    const pings = bus.subscribe(subjects.ping(this.incarnation), ({ replyTo }) => {
      this.pinged += 1;
      if (replyTo === undefined || this.answerWith === null || !this.answersPings) return;
      bus.publish(replyTo, this.reads === null ? new Uint8Array(0) : encodeVersions(this.reads));
    });
    this.subscriptions = [commands, pings];
    this.beat();
    this.stopBeats = clock.every(limits.heartbeatMs, () => this.beat());
  }

  get incarnation(): string {
    return `${this.shardId}-1`;
  }

  get items(): number {
    return this.batches.reduce((sum, batch) => sum + batch.items.length, 0);
  }

  answer(batch: CommandBatch, reply: Reply): void {
    const replies: ItemReply[] = batch.items.map(({ correlation }) => ({ correlation, reply }));
    const releasedBatchNo = this.releases ? batch.batchNo : 0;
    const { incarnation } = this;
    const frame = { version: batch.version, incarnation, releasedBatchNo, replies };
    this.bus.publish(this.askers.get(batch) ?? '', encodeReplyBatch(frame));
  }

  private get range(): VersionRange {
    return this.reads ?? { oldest: 1, newest: 1 };
  }

  private refuse({ payload, replyTo }: BusMessage): void {
    const found = payload[0];
    this.refused.push(found);
    const answer = encodeUnreadable({ found, reads: this.range });
    if (replyTo !== undefined) this.bus.publish(replyTo, answer);
  }

  /** kill -9: the connection is gone and with it the subscription. */
  die(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.stopBeats();
  }

  /** SIGSTOP: it still listens, it just does nothing. */
  freeze(): void {
    this.answerWith = null;
    this.stopBeats();
  }

  private beat(): void {
    const beat: ShardBeat = {
      shardId: this.shardId,
      incarnation: this.incarnation,
      state: 'active',
      weight: 1,
      host: 'test',
      pid: 1,
      events: 0,
      commandsPerSecond: 0,
      sentAtMs: this.clock.nowMs(),
    };
    this.bus.publish(subjects.beats, encodeBeat(beat));
  }
}
