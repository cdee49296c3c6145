import type { CommandItem, ItemReply, Reply } from '#libs/contracts/wire.js';
import type { FrameVersion } from '#libs/contracts/wire-codec.js';
import { derivedTrace, type TraceId } from '#libs/platform/trace.js';

/**
 * One batch of commands as it came from a client, and the credit that comes with it: when it is
 * released, the client may send another. It is released with the first reply to one of
 * its items, or at once when every item was parked behind something slow, so that one event that
 * is still starting cannot stop the traffic of all others.
 */
export class IncomingBatch {
  private released = false;

  constructor(
    readonly replyTo: string,
    /** In which it came: its replies leave in the same (Z3). */
    readonly version: FrameVersion,
    readonly batchNo: number,
    private readonly outbox: ReplyOutbox,
  ) {}

  reply(correlation: number, reply: Reply): void {
    this.outbox.add(this, this.takeCredit(), { correlation, reply });
  }

  release(): void {
    const credit = this.takeCredit();
    if (credit !== 0) this.outbox.add(this, credit, null);
  }

  private takeCredit(): number {
    if (this.released) return 0;
    this.released = true;
    return this.batchNo;
  }
}

/** A command or query in an actor's mailbox. */
export class Mail {
  /** Monotonic milliseconds; when its turn came, of one that is traced. */
  decidedAtMs: number | null = null;

  constructor(
    readonly item: CommandItem,
    readonly batch: IncomingBatch,
    /** Monotonic milliseconds. */
    readonly arrivedAtMs: number,
  ) {}

  answer(reply: Reply): void {
    this.batch.reply(this.item.correlation, reply);
  }

  /** Costs a digest for a command that came without one: for the log alone. */
  get trace(): TraceId {
    return this.item.trace ?? derivedTrace(this.item.commandId);
  }
}

/**
 * Collects replies between flushes: one frame a client, not one a reply.
 *
 * A map is replaced, never cleared: V8 has a cleared map's old table point to the next one, entries
 * and all. Once one of them has grown old, all that follow outlive their use, with every reply in
 * them, until the whole heap is marked.
 */
export class ReplyOutbox {
  private frames = new Map<string, WaitingReplies>();

  constructor(private readonly send: (replyTo: string, waiting: WaitingReplies) => void) {}

  /** A client that has just changed its version reads both: the latest counts. */
  add(batch: IncomingBatch, releasedBatchNo: number, reply: ItemReply | null): void {
    const { replyTo, version } = batch;
    let frame = this.frames.get(replyTo);
    if (frame === undefined) {
      frame = { version, releasedBatchNo: 0, replies: [] };
      this.frames.set(replyTo, frame);
    }
    frame.version = version;
    if (releasedBatchNo > frame.releasedBatchNo) frame.releasedBatchNo = releasedBatchNo;
    if (reply !== null) frame.replies.push(reply);
  }

  flush(): void {
    if (this.frames.size === 0) return;
    const { frames } = this;
    this.frames = new Map();
    for (const [replyTo, frame] of frames) this.send(replyTo, frame);
  }
}

export interface WaitingReplies {
  version: FrameVersion;
  releasedBatchNo: number;
  readonly replies: ItemReply[];
}
