import type { Bus } from '#libs/bus/bus.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CommandItem } from '#libs/contracts/wire.js';
import { BatchEncoder, type FrameVersion, type VersionRange } from '#libs/contracts/wire-codec.js';
import { sealed } from '#libs/contracts/wire-seal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { EventShare } from './event-shares.js';
import type { InventoryCall, CallResult } from './inventory-call.js';

/** A call on its way: from send() until its one answer. */
export interface PendingCall {
  readonly call: InventoryCall;
  readonly done: (result: CallResult) => void;
  /** Where it waits; given back with the answer (C5). */
  readonly share: EventShare;
  /** Monotonic. */
  readonly deadlineMs: number;
  /** Changes with each attempt, so that an answer to an older attempt is recognised. */
  correlation: number;
  lane: Lane | null;
  hops: number;
  /** Monotonic; when it left for the shard of its lane. Null: it waits here. */
  sentAtMs: number | null;
  /** True while the shard it was last sent to may have run it. */
  maybeExecuted: boolean;
  /** True once it was sent again, or its shard went away, without an answer to the first time. */
  outcomeLost: boolean;
  /** Monotonic; a shard asked for patience. */
  notBeforeMs: number;
  finished: boolean;
  /** Monotonic; since when it waits for an owner. Null: it does not. */
  parkedAtMs: number | null;
}

/**
 * The way to one shard process: a batch in flight, whose release lets the next one go, so that
 * batches grow with load by themselves. A second one may follow it when it is large enough to be
 * worth what a batch costs everybody: then the shard has work while the gateway tells buyers its
 * answers. What waits is bounded by the client.
 *
 * L1  Calls leave in the order in which they were queued.
 * L2  A release counts for the batches before it as well, and one that does not come within
 *     creditLostMs is not waited for: replies are matched by correlation, so an early next batch
 *     costs nothing but batching.
 * L3  A shard that owes an answer for askAfterMs is asked whether it is there: the batch that was
 *     with it when it died is answered by nobody, also not by "no responders".
 * L4  A deadline leaves as a time of the shard's own clock, which judges it.
 * L5  A call that cannot be written is given back; those around it are not held up by it.
 * L6  After a release the next batch waits for those who are answered now and come back at once:
 *     for a few turns of the loop, for no longer than gatherMs if those are long, and only until
 *     it is worth its cost.
 */
export class Lane {
  private readonly queue: PendingCall[] = [];
  private readonly encoder = new BatchEncoder();
  private batchNo = 0;
  /** Oldest first. */
  private readonly inFlight: { readonly batchNo: number; readonly sinceMs: number }[] = [];
  private flushScheduled = false;
  private gathering = false;
  private askedAtMs = 0;
  /** The lowest and the highest version that a batch left in. */
  private readonly wrote = { oldest: Infinity, newest: -Infinity };

  constructor(
    readonly incarnation: string,
    private readonly ports: LanePorts,
  ) {}

  push(pending: PendingCall): void {
    pending.lane = this;
    pending.sentAtMs = null;
    this.queue.push(pending);
    if (this.flushScheduled || !this.hasRoom() || this.gathersMore()) return;
    this.flushScheduled = true;
    this.ports.clock.soon(() => {
      this.flushScheduled = false;
      this.flush();
    });
  }

  released(batchNo: number): void {
    while (this.inFlight.length > 0 && this.inFlight[0].batchNo <= batchNo) this.inFlight.shift();
  }

  /** The next batch after a release, now or when it has gathered more (L6). */
  followUp(): void {
    if (this.queue.length === 0 || this.gathering) return;
    this.gathering = this.queue.length < worthSending;
    if (this.gathering) this.gather(gatherTurns, this.ports.clock.monotonicMs() + gatherMs);
    else this.flush();
  }

  private gather(turns: number, untilMs: number): void {
    const { clock } = this.ports;
    clock.soon(() => {
      const goesOn = turns > 1 && this.gathersMore() && clock.monotonicMs() < untilMs;
      if (goesOn) this.gather(turns - 1, untilMs);
      else {
        this.gathering = false;
        this.flush();
      }
    });
  }

  private gathersMore(): boolean {
    return this.gathering && this.queue.length < worthSending;
  }

  /** Sends the next batch, and one behind it, as far as there is room. */
  flush(): void {
    if (this.queue.length === 0 || !(this.hasRoom() || this.hasLostCredit())) return;
    const { ports, incarnation, wrote } = this;
    const { clock, bus, clientId } = ports;
    const aheadMs = ports.shardNowMs(incarnation) - clock.monotonicMs();
    let taken = 0;
    while (taken < this.queue.length && this.append(this.queue[taken], aheadMs)) taken += 1;
    if (this.encoder.itemCount === 0) {
      this.queue.splice(0, taken);
      return;
    }
    const { commands, replies } = subjects;
    const version = ports.versionFor(incarnation);
    const frame = this.encoder.finish(clientId, this.batchNo + 1, version);
    const payload = ports.sealKey === undefined ? frame : sealed(frame, ports.sealKey);
    if (!bus.publish(commands(incarnation), payload, replies(bus.role, clientId, incarnation)))
      return;
    this.batchNo += 1;
    if (version < wrote.oldest) wrote.oldest = version;
    if (version > wrote.newest) wrote.newest = version;
    while (this.hasLostCredit()) this.inFlight.shift();
    const sentAtMs = clock.monotonicMs();
    this.inFlight.push({ batchNo: this.batchNo, sinceMs: sentAtMs });
    for (let i = 0; i < taken; i += 1) {
      this.queue[i].maybeExecuted = true;
      this.queue[i].sentAtMs = sentAtMs;
    }
    this.queue.splice(0, taken);
    this.flush();
  }

  /** True when a shard that reads these cannot have understood a word of it. */
  wroteNothingFor({ oldest, newest }: VersionRange): boolean {
    return this.wrote.newest < oldest || this.wrote.oldest > newest;
  }

  /** True when nobody has been asked for a while what became of a batch in flight (L3). */
  mustAsk(): boolean {
    if (this.inFlight.length === 0) return false;
    const nowMs = this.ports.clock.monotonicMs();
    if (nowMs - Math.max(this.inFlight[0].sinceMs, this.askedAtMs) < askAfterMs) return false;
    this.askedAtMs = nowMs;
    return true;
  }

  /** False when the batch is full. A call that was given up while it waited must never run. */
  private append(pending: PendingCall, aheadMs: number): boolean {
    if (pending.finished || pending.lane !== this) return true;
    const { call, correlation } = pending;
    const deadlineMs = Math.floor(pending.deadlineMs + aheadMs);
    const { eventId, commandId, keyed, userId, request } = call;
    const item = { correlation, eventId, commandId, keyed, userId, deadlineMs, request };
    try {
      const { by, trace, address, traced } = call;
      const says = by ?? trace ?? address ?? traced;
      return this.encoder.append(says === undefined ? item : { ...item, ...saidBy(call) });
    } catch (error) {
      this.ports.unwritable(pending, error);
      return true;
    }
  }

  private hasRoom(): boolean {
    const { inFlight, queue } = this;
    return inFlight.length === 0 || (inFlight.length === 1 && queue.length >= worthSending);
  }

  /** L2. */
  private hasLostCredit(): boolean {
    if (this.inFlight.length === 0) return false;
    return this.ports.clock.monotonicMs() - this.inFlight[0].sinceMs > creditLostMs;
  }
}

export interface LanePorts {
  readonly clientId: string;
  /** Of payments, whose commands shards believe nobody else. */
  readonly sealKey: string | undefined;
  readonly bus: Bus;
  readonly clock: Clock;
  /** What the clock of the shard shows. */
  shardNowMs(incarnation: string): number;
  /** In which its next batch is written. */
  versionFor(incarnation: string): FrameVersion;
  /** A call that fits no batch: a bug of the caller, found before anything was sent. */
  unwritable(pending: PendingCall, error: unknown): void;
}

type Said = Pick<CommandItem, 'by' | 'trace' | 'address' | 'span'>;

const saidBy = ({ by, trace, address, traced }: InventoryCall): Said => ({
  ...(by === undefined ? {} : { by }),
  ...(trace === undefined ? {} : { trace }),
  ...(address === undefined ? {} : { address }),
  ...(traced === undefined ? {} : { span: traced.span }),
});

/**
 * A batch costs the gateway, the bus, the shard and the journal some 0.5 ms of CPU, a call 30 us.
 * As the least size of a second batch, of 32, 64 and 96, on two cores with 256 connections: +5, +8
 * and +6 % holds (interleaved).
 */
const worthSending = 64;
/**
 * Each takes in what the sockets have, or some 10 us when they have nothing. Of 3, 8 and 16, on two
 * cores with 64 connections: 2, 11 and 7 % less CPU a hold; 16 took 14 and 15 % with 16 and 256.
 */
const gatherTurns = 16;
/** Turns are long while a large list is made (SharedLoop); usually sixteen take less than this. */
const gatherMs = 3;
const creditLostMs = 150;
/** A few commits; asking costs two small messages. */
const askAfterMs = 30;
