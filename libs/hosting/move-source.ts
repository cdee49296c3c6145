import type { EventActor } from '#libs/actor/event-actor.js';
import type { Bus } from '#libs/bus/bus.js';
import { controlCall, type ControlReply } from '#libs/bus/control-call.js';
import type {
  MoveCall,
  MoveReply,
  TakeCall,
  TakeReply,
  WarmCall,
} from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Membership } from '#libs/routing/membership.js';
import type { MoveFailpoint } from './move-failpoints.js';
import { MoveLog, type LoggedMove } from './move-log.js';
import type { ShardHost } from './shard-host.js';
import type { ShardMetrics } from './shard-metrics.js';
import type { Slot } from './slot.js';

/**
 * The giving side of a live move (G7): warm, pause, flush, hand over, forward.
 *
 * X1  Until `take` was sent the source may go back to serving: its epoch is good. After that a late
 *     target could still take over from that epoch, so the source never resumes it: it takes the
 *     event again itself, one epoch on, and the late call finds nothing to take.
 * X2  Every step has its own bound; none waits for a process that may be dead.
 * X3  Commands that arrive in the pause wait in the mailbox, in order, and are sent on with the new
 *     owner's name. None of them was executed.
 */
export class MoveSource {
  readonly log: MoveLog;
  private readonly running = new Map<EventId, LoggedMove>();

  constructor(
    private readonly host: ShardHost,
    private readonly ports: MoveSourcePorts,
  ) {
    this.log = new MoveLog(ports.incarnation, ports.clock);
  }

  isMoving(eventId: EventId): boolean {
    return this.running.has(eventId);
  }

  get movesRunning(): number {
    return this.running.size;
  }

  /** Takes effect until the hand-over has begun. */
  cancel(eventId: EventId): boolean {
    const move = this.running.get(eventId);
    if (move !== undefined) move.cancelled = true;
    return move !== undefined;
  }

  cancelAll(): void {
    for (const move of this.running.values()) move.cancelled = true;
  }

  async move(call: MoveCall): Promise<MoveReply> {
    const { eventId, to } = call;
    if (this.running.has(eventId)) return refused('already_moving');
    if (this.running.size >= limits.movesAtOnceMax) return refused('too_many_moves');
    if (to === this.ports.incarnation) return refused('same_shard');
    if (!this.ports.membership.isLive(to)) return refused('target_not_ready');
    const move = this.log.begin(call);
    this.running.set(eventId, move);
    let reply: MoveReply = refused('source_busy');
    try {
      reply = await this.run(call, move);
      return reply;
    } finally {
      this.running.delete(eventId);
      move.end(reply);
      this.ports.metrics.moves[reply.kind].value += 1;
    }
  }

  private async run(call: MoveCall, move: LoggedMove): Promise<MoveReply> {
    const { eventId, to, expectEpoch } = call;
    const slot = this.host.slots.get(eventId);
    const actor = slot?.actor;
    if (slot === undefined || actor === null || actor === undefined) return refused('not_owner');
    if (expectEpoch !== undefined && expectEpoch !== actor.epoch) return refused('epoch_changed');
    await this.ports.failpoint('before_warm');
    const warmed = await this.warm(to, eventId, move);
    if (warmed.kind !== 'ok' && !move.cancelled) {
      this.ports.log.warn({ event: eventId, to, warmed }, 'the target is not warm');
      return refused('target_not_ready');
    }
    await this.ports.failpoint('after_warm');
    if (move.cancelled) return refused('cancelled');
    if (slot.actor !== actor || slot.busy) return refused('not_owner');
    return this.handOver(slot, actor, to, move);
  }

  /** Ends early when the target is gone or the move is cancelled: nobody waits for that. */
  private async warm(
    to: string,
    eventId: EventId,
    move: LoggedMove,
  ): Promise<ControlReply<unknown>> {
    const { clock, membership } = this.ports;
    const warm: WarmCall = { eventId };
    let stop = (): void => undefined;
    const vain = new Promise<ControlReply<unknown>>((resolve) => {
      stop = clock.every(limits.heartbeatMs, () => {
        if (move.cancelled || !membership.isLive(to)) resolve({ kind: 'no_responders' });
      });
    });
    try {
      return await Promise.race([this.call(to, 'warm', warm, limits.moveWarmMs), vain]);
    } finally {
      stop();
    }
  }

  private async handOver(
    slot: Slot,
    actor: EventActor,
    to: string,
    move: LoggedMove,
  ): Promise<MoveReply> {
    move.paused();
    slot.busy = true;
    actor.pause();
    await this.ports.failpoint('after_pause');
    const flushed = await this.within(limits.moveFlushMs, actor.flushed());
    await this.ports.failpoint('after_flush');
    if (actor.stopped) {
      slot.busy = false;
      this.host.startAnew(slot);
      return { kind: 'lost', owner: null, epoch: actor.epoch };
    }
    if (!flushed || move.cancelled) {
      this.rollBack(slot, actor);
      return refused(move.cancelled ? 'cancelled' : 'source_busy');
    }
    const { eventId, epoch: fromEpoch } = actor;
    const { batchNo } = actor.durable;
    move.taking();
    slot.offered = true;
    const take: TakeCall = { eventId, fromEpoch, batchNo };
    const reply = await this.call<TakeReply>(to, 'take', take, limits.moveTakeMs);
    await this.ports.failpoint('after_take');
    const pauseMs = move.served();
    const { log, metrics } = this.ports;
    if (reply.kind === 'ok' && reply.body.kind === 'taken') {
      const { epoch } = reply.body;
      metrics.movePauseSeconds.observe(pauseMs / 1_000);
      this.forward(slot, to, epoch);
      log.info({ event: eventId, to, epoch, pauseMs: Math.round(pauseMs) }, 'event moved');
      return { kind: 'moved', epoch, pauseMs };
    }
    log.warn({ event: eventId, to, reply }, 'the target did not take the event');
    return this.findOut(slot, actor);
  }

  /** The target did not say that it took over: the ownership row knows (X1). */
  private async findOut(slot: Slot, actor: EventActor): Promise<MoveReply> {
    const { journal, log, incarnation } = this.ports;
    const row = await journal.ownership(actor.eventId).catch(() => null);
    if (row !== null && (row.epoch !== actor.epoch || row.owner !== incarnation)) {
      this.forward(slot, row.owner, row.epoch);
      return { kind: 'lost', owner: row.owner, epoch: row.epoch };
    }
    log.warn({ event: actor.eventId }, 'move undone by a new epoch');
    slot.offered = false;
    this.ports.metrics.moveRollbacks.value += 1;
    slot.busy = false;
    this.host.startAnew(slot);
    return refused('target_not_ready');
  }

  private rollBack(slot: Slot, actor: EventActor): void {
    this.ports.metrics.moveRollbacks.value += 1;
    slot.busy = false;
    actor.resume();
    this.host.runTurn(actor);
    this.host.settleTick();
  }

  private forward(slot: Slot, owner: string | null, epoch: number): void {
    slot.busy = false;
    slot.offered = false;
    this.host.dismiss(slot, { kind: 'moved', owner, epoch });
  }

  private call<Body>(to: string, pattern: string, body: unknown, timeoutMs: number) {
    return controlCall<Body>(this.ports.bus, subjects.control(to, pattern), body, timeoutMs);
  }

  /** False when the time was over first. */
  private within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.ports.clock.after(timeoutMs, () => resolve(false));
      void work.then(() => {
        cancel();
        resolve(true);
      });
    });
  }
}

export interface MoveSourcePorts {
  readonly incarnation: string;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ShardMetrics;
  /** Where a test kills or delays the process; does nothing in production. */
  failpoint(name: MoveFailpoint): Promise<void>;
}

const refused = (reason: Extract<MoveReply, { kind: 'refused' }>['reason']): MoveReply => ({
  kind: 'refused',
  reason,
});
