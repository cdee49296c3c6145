import type { BusMessage } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ItemReply, Reply, ReplyBatch } from '#libs/contracts/wire.js';
import {
  decodeReplyBatch,
  decodeUnreadable,
  isUnreadable,
  type VersionRange,
} from '#libs/contracts/wire-codec.js';
import { hasTerms } from '#libs/contracts/wire-item-notes.js';
import type { CommandId } from '#libs/inventory/ids.js';
import { LookWhile } from '#libs/platform/look-while.js';
import type { InventoryClientPorts } from './client-ports.js';
import { traceCall } from './call-spans.js';
import { EventShares } from './event-shares.js';
import type { CallResult, InventoryCall, InventoryClient } from './inventory-call.js';
import { KnownOwners } from './known-owners.js';
import { Lane, type LanePorts, type PendingCall } from './lane.js';
import { Membership } from './membership.js';
import { ParkedCalls } from './parking.js';
import { PendingCalls } from './pending-calls.js';
import { ShardVersions } from './shard-versions.js';

/**
 * Finds the owner of an event and gets one answer from it, over moves, crashes and lost frames.
 *
 * C1  Every call is answered exactly once, at the latest a sweep after its deadline.
 * C2  A call is sent again only under its own command id: the journal's window of ids gives it one
 *     effect (G4). Sent and unanswered at the deadline is `unknown`, never a failure.
 * C3  An answer counts only from the shard the call was last sent to. A zombie's late answer is
 *     ignored; the new owner answers the same command id from the journal.
 * C4  An owner's name is believed only while this client holds that shard for alive: a taker that
 *     noticed a death later than we did must not send us back to the dead.
 * C5  Calls in flight are bounded by clientQueueMax, and those of one event by what is free of it
 *     (ES2): an owner that is silent stops no other event. Over it, `overloaded` at once (G8).
 * C6  A call that its shard leaves without an answer for hopTimeoutMs is sent again to the owner of
 *     the moment, if it is one that may be (isRepeatable): a frame was lost, or somebody else owns
 *     the event by now. To the same shard it goes under the same number, so that either answer
 *     counts, and one that is only slow is never waited for twice. Of an event askAgainMax at a
 *     time: a slow owner is not buried in questions.
 * C7  A frame that was not understood, there or here, costs the calls of its lane a second sending
 *     (C2) or another shard (Z5), never an answer, and no other lane anything.
 * C8  A buyer's call has commandDeadlineMs, and nobody waits longer (limits.answerWithinMs). The
 *     steps of payments have more: their buyer waits for the whole payment, each try that is given
 *     up costs it a pause, and a step that outlasts a failover needs none.
 */
export function createInventoryClient(ports: InventoryClientPorts): RoutingClient {
  return new RoutingClient(ports);
}

const nothing = new Uint8Array(0);
const parkedRetryMs = 20;
const unknownRetryMs = 200;
/** Whoever was asked says that the owner is one whom we cannot talk to: it may change. */
const shunnedRetryMs = 200;
const locationsMaxDefault = 100_000;

export class RoutingClient implements InventoryClient {
  readonly membership: Membership;
  private readonly versions: ShardVersions;
  private readonly lanePorts: LanePorts;
  private readonly lanes = new Map<string, Lane>();
  private readonly pending = new PendingCalls();
  private readonly shares = new EventShares(limits.clientQueueMax);
  private readonly owners: KnownOwners;
  readonly parked = new ParkedCalls();
  /** Since the start. */
  readonly counts = {
    redirected: 0,
    resent: 0,
    askedAgain: 0,
    batchesUnread: 0,
    repliesUnread: 0,
    overShare: 0,
  };
  private commandCounter = 0;
  private readonly stops: (() => void)[] = [];
  /** Both rest while no call is without an answer. */
  private readonly retries: LookWhile;
  private readonly sweeps: LookWhile;

  constructor(private readonly ports: InventoryClientPorts) {
    const { bus, clock, log, clientId } = ports;
    this.retries = new LookWhile(clock, parkedRetryMs, () => this.retry());
    this.sweeps = new LookWhile(clock, limits.callSweepMs, () => this.sweep());
    this.membership = new Membership(bus, clock, log);
    this.versions = new ShardVersions(bus, clock, this.membership, log);
    const eventsMax = ports.locationsMax ?? locationsMaxDefault;
    this.owners = new KnownOwners(this.membership, this.versions, eventsMax);
    this.lanePorts = this.makeLanePorts();
    this.membership.onLeave((incarnation) => this.abandon(incarnation));
    this.membership.onChange(() => this.routeParked());
    const replies = subjects.repliesOf(bus.role, clientId);
    const subscription = bus.subscribe(replies, (m) => this.receive(m));
    this.stops.push(
      () => subscription.unsubscribe(),
      () => this.retries.rest(),
      () => this.sweeps.rest(),
      () => this.versions.close(),
      () => this.membership.close(),
      bus.onConnection((connected) => {
        if (connected) this.resendUnanswered();
      }),
    );
  }

  get ready(): boolean {
    return this.ports.bus.connected && this.membership.live.length > 0;
  }

  /** Calls without an answer yet. */
  get inFlight(): number {
    return this.pending.size;
  }

  nextCommandId(): CommandId {
    this.commandCounter += 1;
    return `${this.ports.clientId}.${this.commandCounter.toString(36)}` as CommandId;
  }

  send(call: InventoryCall, done: (result: CallResult) => void): void {
    const share = this.shares.take(call.eventId);
    if (share === null) {
      this.counts.overShare += 1;
      this.ports.clock.soon(() => done({ kind: 'overloaded', retryAfterMs: 1_000 }));
      return;
    }
    const { commandDeadlineMs, commandDeadlineMsMax } = limits;
    const withinMs = Math.min(call.withinMs ?? commandDeadlineMs, commandDeadlineMsMax);
    const pending: PendingCall = {
      call,
      done,
      share,
      deadlineMs: this.ports.clock.monotonicMs() + withinMs,
      correlation: 0,
      lane: null,
      hops: 0,
      sentAtMs: null,
      maybeExecuted: false,
      outcomeLost: false,
      notBeforeMs: 0,
      finished: false,
      parkedAtMs: null,
    };
    this.pending.add(pending);
    this.retries.wake();
    this.sweeps.wake();
    this.route(pending);
  }

  call(call: InventoryCall): Promise<CallResult> {
    return new Promise((resolve) => this.send(call, resolve));
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stops.length = 0;
    for (const pending of this.pending.all()) this.giveUp(pending);
  }

  private route(pending: PendingCall): void {
    const incarnation = this.owners.of(pending.call.eventId);
    if (incarnation === null || this.mustLearnFirst(incarnation, pending.call)) {
      this.parked.add(pending, this.ports.clock.monotonicMs());
      return;
    }
    let lane = this.lanes.get(incarnation);
    if (lane === undefined) {
      lane = new Lane(incarnation, this.lanePorts);
      this.lanes.set(incarnation, lane);
    }
    if (pending.parkedAtMs !== null) this.parked.left(pending, this.ports.clock.monotonicMs());
    lane.push(pending);
  }

  /** Who asks, terms and the seal would be left out: a shard is about to say what it reads. */
  private mustLearnFirst(incarnation: string, { by, request }: InventoryCall): boolean {
    const says = by !== undefined || this.ports.sealKey !== undefined || hasTerms(request);
    return says && this.versions.isAsking(incarnation);
  }

  private retry(): boolean {
    this.routeParked();
    for (const lane of this.lanes.values()) if (lane.mustAsk()) void this.ask(lane);
    return this.pending.size > 0;
  }

  private routeParked(): void {
    for (const pending of this.parked.due(this.ports.clock.monotonicMs())) this.route(pending);
    for (const lane of this.lanes.values()) lane.flush();
  }

  /** Only "no responders" says anything: a silent shard is the business of its heartbeat. */
  private async ask(lane: Lane): Promise<void> {
    const { incarnation } = lane;
    const subject = subjects.ping(incarnation);
    const answer = await this.ports.bus.request(subject, nothing, limits.pingTimeoutMs);
    if (answer.kind !== 'no_responders' || this.lanes.get(incarnation) !== lane) return;
    this.membership.reportDead(incarnation);
    this.abandon(incarnation);
  }

  private receive(message: BusMessage): void {
    const incarnation = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    if (message.noResponders) {
      this.membership.reportDead(incarnation);
      this.abandon(incarnation);
      return;
    }
    const frame = this.read(message, incarnation);
    if (frame === null) return;
    const lane = this.lanes.get(incarnation);
    if (frame.releasedBatchNo > 0) lane?.released(frame.releasedBatchNo);
    // First the next batch, then the answers: the shard works while their callers are told.
    if (frame.releasedBatchNo > 0) lane?.followUp();
    for (const reply of frame.replies) this.settle(lane, reply);
  }

  private read({ payload }: BusMessage, incarnation: string): ReplyBatch | null {
    try {
      if (!isUnreadable(payload)) return decodeReplyBatch(payload);
      const { found, reads } = decodeUnreadable(payload);
      this.counts.batchesUnread += 1;
      this.misunderstood(incarnation, found, reads);
    } catch (error) {
      this.counts.repliesUnread += 1;
      this.ports.log.warn({ err: error, shard: incarnation }, 'reply frame unreadable');
      this.misunderstood(incarnation, payload[0] ?? 0, null);
    }
    return null;
  }

  /** C7. Of two batches on their way nobody can tell which: all that is unanswered goes again. */
  private misunderstood(incarnation: string, found: number, reads: VersionRange | null): void {
    const verdict = this.versions.misunderstood(incarnation, found, reads);
    const lane = this.lanes.get(incarnation);
    if (verdict === 'stale' || lane === undefined) return;
    const unheard = reads !== null && lane.wroteNothingFor(reads);
    this.takeBack(lane, unheard ? 'not_executed' : 'unknown');
    if (verdict === 'shunned') this.owners.forgetShard(incarnation);
  }

  private settle(lane: Lane | undefined, { correlation, reply }: ItemReply): void {
    const pending = this.pending.get(correlation);
    if (pending === undefined || pending.lane !== lane) return;
    switch (reply.kind) {
      case 'moved':
        this.redirect(pending, reply);
        return;
      case 'too_late':
        pending.maybeExecuted = false;
        this.retryLater(pending);
        return;
      case 'unavailable':
        if (reply.executed === 'no') pending.maybeExecuted = false;
        else pending.outcomeLost = true;
        this.retryAfter(pending, reply.retryAfterMs);
        return;
      case 'answered':
      case 'found':
        if (lane !== undefined) this.owners.answered(pending.call.eventId, lane.incarnation);
        this.finish(pending, reply);
        return;
      case 'unknown_event':
      case 'overloaded':
        // This shard has not done it; one that went away without an answer may have (C2).
        pending.maybeExecuted = false;
        if (!pending.outcomeLost) this.finish(pending, reply);
        else
          this.retryAfter(pending, 'retryAfterMs' in reply ? reply.retryAfterMs : unknownRetryMs);
        return;
    }
  }

  private redirect(pending: PendingCall, { owner }: Extract<Reply, { kind: 'moved' }>): void {
    pending.maybeExecuted = false;
    pending.hops += 1;
    this.counts.redirected += 1;
    if (owner !== null && this.versions.shuns(owner)) {
      this.owners.moved(pending.call.eventId, null);
      this.retryAfter(pending, shunnedRetryMs);
      return;
    }
    const alive = owner !== null && this.membership.isLive(owner);
    this.owners.moved(pending.call.eventId, alive ? owner : null);
    if (!alive || pending.hops % limits.routeHopsMax === 0) this.retryLater(pending);
    else this.reroute(pending);
  }

  /** A shard that asks for more patience than the call has is answered for at once. */
  private retryAfter(pending: PendingCall, retryAfterMs: number): void {
    const { clock } = this.ports;
    if (clock.monotonicMs() + retryAfterMs >= pending.deadlineMs) {
      this.giveUp(pending, retryAfterMs);
      return;
    }
    pending.notBeforeMs = clock.monotonicMs() + retryAfterMs;
    this.retryLater(pending);
  }

  private retryLater(pending: PendingCall): void {
    this.renumber(pending);
    this.parked.add(pending, this.ports.clock.monotonicMs());
  }

  private reroute(pending: PendingCall): void {
    this.renumber(pending);
    this.route(pending);
  }

  private renumber(pending: PendingCall): void {
    this.pending.remove(pending);
    this.pending.add(pending);
  }

  /** The shard is gone or silent: everything that was with it goes to whoever is next (C2). */
  private abandon(incarnation: string): void {
    const lane = this.lanes.get(incarnation);
    this.owners.forgetShard(incarnation);
    if (lane !== undefined) this.takeBack(lane, 'unknown');
  }

  /** The calls of a lane are routed anew; late answers to their former numbers are ignored (C3). */
  private takeBack(lane: Lane, outcome: 'unknown' | 'not_executed'): void {
    this.lanes.delete(lane.incarnation);
    const orphans = this.pending.all().filter((pending) => pending.lane === lane);
    this.counts.resent += orphans.length;
    for (const pending of orphans) {
      if (outcome === 'not_executed') pending.maybeExecuted = false;
      else if (pending.maybeExecuted) pending.outcomeLost = true;
      this.retryLater(pending);
    }
  }

  /** What was on the wire when the connection broke may be lost: ask again, same ids (C2). */
  private resendUnanswered(): void {
    const sent = this.pending.all().filter((pending) => pending.lane !== null);
    this.lanes.clear();
    this.counts.resent += sent.length;
    for (const pending of sent) {
      if (pending.maybeExecuted) pending.outcomeLost = true;
      this.retryLater(pending);
    }
  }

  private makeLanePorts(): LanePorts {
    const { bus, clock, clientId, log, sealKey } = this.ports;
    return {
      bus,
      clock,
      clientId,
      sealKey,
      shardNowMs: (incarnation) => this.membership.timeOf(incarnation),
      versionFor: (incarnation) => this.versions.of(incarnation),
      unwritable: (pending, error) => {
        log.error({ err: error, event: pending.call.eventId }, 'call not sent: fits no frame');
        this.giveUp(pending);
      },
    };
  }

  private sweep(): boolean {
    const nowMs = this.ports.clock.monotonicMs();
    for (const pending of this.pending.overdue(nowMs)) this.giveUp(pending);
    this.askAgain(nowMs);
    return this.pending.size > 0;
  }

  /** C6. */
  private askAgain(nowMs: number): void {
    for (const pending of this.pending.unheard(nowMs - limits.hopTimeoutMs, limits.askAgainMax)) {
      this.counts.askedAgain += 1;
      // What was sent first may run yet, whatever the second is told (C2).
      pending.outcomeLost = true;
      const { lane } = pending;
      if (lane?.incarnation === this.owners.of(pending.call.eventId)) lane?.push(pending);
      else this.reroute(pending);
    }
  }

  private giveUp(pending: PendingCall, retryAfterMs = 1_000): void {
    if (pending.maybeExecuted || pending.outcomeLost)
      this.finish(pending, { kind: 'unknown', retryAfterMs });
    else this.finish(pending, { kind: 'unavailable', retryAfterMs, executed: 'no' });
  }

  private finish(pending: PendingCall, result: CallResult): void {
    pending.finished = true;
    if (pending.parkedAtMs !== null) this.parked.left(pending, this.ports.clock.monotonicMs());
    this.pending.remove(pending);
    this.shares.giveBack(pending.share);
    const { tracer, clock } = this.ports;
    if (tracer != null) traceCall(tracer, pending, result, clock.monotonicMs());
    pending.done(result);
  }
}
