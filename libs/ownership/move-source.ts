import type { EventActor } from '#libs/actor/event-actor.js';
import type { Bus } from '#libs/bus/bus.js';
import { controlCall } from '#libs/bus/control-call.js';
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
import type { Membership } from './membership.js';
import type { ShardHost } from './shard-host.js';
import type { Slot } from './slot.js';

/**
 * The giving side of a live move (G7): warm, pause, flush, hand over, forward.
 *
 * X1  Until the target's announce is in the journal the source may go back to serving: its epoch is
 *     good. From then on nothing it writes goes in. So after any doubt it asks the ownership row,
 *     and if it is wrong even so, the fence corrects it at its next append.
 * X2  Every step has its own bound; none waits for a process that may be dead.
 * X3  Commands that arrive in the pause wait in the mailbox, in order, and are sent on with the new
 *     owner's name. None of them was executed.
 */
export class MoveSource {
  private readonly running = new Map<EventId, { cancelled: boolean }>();

  constructor(
    private readonly host: ShardHost,
    private readonly ports: MoveSourcePorts,
  ) {}

  /** Moves under way. */
  get moving(): readonly EventId[] {
    return [...this.running.keys()];
  }

  /** Takes effect until the hand-over has begun. */
  cancel(eventId: EventId): boolean {
    const move = this.running.get(eventId);
    if (move !== undefined) move.cancelled = true;
    return move !== undefined;
  }

  async move({ eventId, to }: MoveCall): Promise<MoveReply> {
    if (this.running.has(eventId)) return refused('already_moving');
    if (to === this.ports.incarnation) return refused('same_shard');
    if (!this.ports.membership.isLive(to)) return refused('target_not_ready');
    const move = { cancelled: false };
    this.running.set(eventId, move);
    try {
      return await this.run(eventId, to, move);
    } finally {
      this.running.delete(eventId);
    }
  }

  private async run(eventId: EventId, to: string, move: Move): Promise<MoveReply> {
    const slot = this.host.slots.get(eventId);
    const actor = slot?.actor;
    if (slot === undefined || actor === null || actor === undefined) return refused('not_owner');
    await this.ports.failpoint('before_warm');
    const warm: WarmCall = { eventId };
    const warmed = await this.call(to, 'warm', warm, limits.moveWarmMs);
    if (warmed.kind !== 'ok') return refused('target_not_ready');
    await this.ports.failpoint('after_warm');
    if (move.cancelled) return refused('cancelled');
    if (slot.actor !== actor || slot.busy) return refused('not_owner');
    return this.handOver(slot, actor, to, move);
  }

  private async handOver(
    slot: Slot,
    actor: EventActor,
    to: string,
    move: Move,
  ): Promise<MoveReply> {
    const { clock, log } = this.ports;
    const pausedAtMs = clock.monotonicMs();
    slot.busy = true;
    actor.pause();
    const flushed = await this.within(limits.moveFlushMs, actor.flushed());
    await this.ports.failpoint('after_flush');
    if (actor.stopped) {
      slot.busy = false;
      return { kind: 'lost', owner: null, epoch: actor.epoch };
    }
    if (!flushed || move.cancelled) {
      this.resume(slot, actor);
      return refused(move.cancelled ? 'cancelled' : 'source_busy');
    }
    const { eventId, epoch: fromEpoch, durableBatchNo: batchNo } = actor;
    const take: TakeCall = { eventId, fromEpoch, batchNo };
    const reply = await this.call<TakeReply>(to, 'take', take, limits.moveTakeMs);
    await this.ports.failpoint('after_take');
    const pauseMs = clock.monotonicMs() - pausedAtMs;
    if (reply.kind === 'ok' && reply.body.kind === 'taken') {
      const { epoch } = reply.body;
      this.forward(slot, to, epoch);
      log.info({ event: eventId, to, epoch, pauseMs: Math.round(pauseMs) }, 'event moved');
      return { kind: 'moved', epoch, pauseMs };
    }
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
    log.warn({ event: actor.eventId }, 'move rolled back');
    this.resume(slot, actor);
    return refused('target_not_ready');
  }

  private resume(slot: Slot, actor: EventActor): void {
    slot.busy = false;
    actor.resume();
    this.host.runTurn(actor);
    this.host.settleTick();
  }

  private forward(slot: Slot, owner: string | null, epoch: number): void {
    slot.busy = false;
    this.host.dismiss(slot, { kind: 'moved', owner, epoch }, 'moved');
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
  /** Where a test kills or delays the process; does nothing in production. */
  failpoint(name: MoveFailpoint): Promise<void>;
}

export type MoveFailpoint =
  | 'before_warm'
  | 'after_warm'
  | 'after_flush'
  | 'after_take'
  | 'target_before_take'
  | 'target_after_announce';

interface Move {
  cancelled: boolean;
}

const refused = (reason: Extract<MoveReply, { kind: 'refused' }>['reason']): MoveReply => ({
  kind: 'refused',
  reason,
});
