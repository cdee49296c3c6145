import type { DurablePoint } from '#libs/actor/actor-seed.js';
import type { ActorPorts } from '#libs/actor/actor-ports.js';
import { EventActor } from '#libs/actor/event-actor.js';
import { GroupCommit, type Committer } from '#libs/actor/group-commit.js';
import { IncomingBatch, Mail, ReplyOutbox } from '#libs/actor/mail.js';
import type { Snapshotter } from '#libs/actor/snapshots.js';
import type { Bus, BusMessage } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { isQuery } from '#libs/contracts/queries.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Reply, SeatDiff } from '#libs/contracts/wire.js';
import {
  encodeDiff,
  encodeReplyFrames,
  ifEncodable,
  type Unencodable,
} from '#libs/contracts/wire-codec.js';
import { isOnlyPayments, isUnproven } from '#libs/contracts/wire-seal.js';
import type { EventId } from '#libs/inventory/ids.js';
import { namedMail, namedMails } from '#libs/actor/named-mail.js';
import type { AppendVerdict, JournalWriter } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Tracer } from '#libs/platform/tracer.js';
import { CommandLog } from './command-log.js';
import type { FactLevel } from './fact-level.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { readBatch } from './read-batch.js';
import type { ShardMetrics } from './shard-metrics.js';
import { Slot } from './slot.js';
import { Strain } from './strain.js';

/**
 * The events of one shard process: takes batches off the bus, gives each command to the slot of
 * its event, runs the turns, and starts the group commit. Everything here is synchronous; what
 * takes time (activation, passivation) is asked of the Activator and comes back as a call.
 *
 * H1  No turn runs without a valid lease (K1): a shard that slept answers nothing from the past.
 * H2  A command is in exactly one mailbox until it is answered.
 * H3  An actor that throws is stopped and rebuilt from its journal; its neighbours go on.
 * H4  A batch that cannot be read is answered, too: "unreadable", with what is read here.
 * H5  What fits no frame ends nothing: a diff is left out, a reply becomes an error.
 * H6  What only payments may say is done when they have sealed it (QS1).
 */
export class ShardHost {
  readonly slots = new Map<EventId, Slot>();
  readonly groupCommit: GroupCommit;
  private readonly outbox: ReplyOutbox;
  private readonly actorPorts: ActorPorts<EventActor>;
  private readonly commandLog: CommandLog;
  /** The command that breaks the turn that runs. */
  private breaking: Mail | null = null;
  private readonly strain = new Strain();
  private admitting = true;
  private activate: (slot: Slot) => void = () => undefined;

  constructor(private readonly ports: ShardHostPorts) {
    const { writer, clock, log, metrics, tracer = null } = ports;
    this.commandLog = new CommandLog(log, clock, tracer);
    this.outbox = new ReplyOutbox((replyTo, waiting) => {
      const batch = { incarnation: ports.incarnation, ...waiting };
      const frames = encodeReplyFrames(batch, (error) => this.unfit('reply', error, { replyTo }));
      for (const frame of frames) this.publish(replyTo, frame);
    });
    this.groupCommit = new GroupCommit({
      writer,
      clock,
      log,
      afterCommit: (group) => this.afterCommit(group),
      observeAppend: (durationMs, events) => {
        metrics.appendSeconds.observe(durationMs / 1_000);
        this.strain.appended(durationMs);
        metrics.appendEvents.observe(events);
      },
      observeSettled: (verdicts) => {
        for (const verdict of verdicts) metrics.settled[verdict].value += 1;
      },
    });
    this.actorPorts = this.makeActorPorts();
  }

  /** The activator is built on the host; this closes the circle. */
  onActivationWanted(activate: (slot: Slot) => void): void {
    this.activate = activate;
  }

  /** One batch of commands from a client. */
  receive(message: BusMessage): void {
    if (message.replyTo === undefined) return;
    const frame = readBatch(this.ports, message.payload, message.replyTo);
    if (frame === null) return;
    const { version, batchNo } = frame;
    const batch = new IncomingBatch(message.replyTo, version, batchNo, this.outbox);
    const nowMs = this.ports.clock.monotonicMs();
    const touched = new Set<EventActor>();
    this.ports.metrics.commands.value += frame.items.length;
    const { sealKeys = [] } = this.ports;
    const unproven = sealKeys.length > 0 && isUnproven(frame.items, message.payload, ...sealKeys);
    for (const item of frame.items) {
      const mail = new Mail(item, batch, nowMs);
      const actor = unproven && isOnlyPayments(item) ? this.refuse(mail) : this.admit(mail);
      if (actor !== null) touched.add(actor);
    }
    for (const actor of touched) this.runTurn(actor);
    if (touched.size === 0) batch.release();
    this.settleTick();
  }

  /** Decides what waits for an actor, if the lease allows (H1). */
  runTurn(actor: EventActor): void {
    if (!this.ports.lease.valid()) {
      this.ports.metrics.turnsWithoutLease.value += 1;
      this.ports.lease.renew();
      return;
    }
    const mailbox = this.slots.get(actor.eventId)?.mailbox;
    const oldest = mailbox?.peek();
    const waitedMs = oldest === undefined ? 0 : this.observeWait(oldest);
    try {
      actor.turn();
    } catch (error) {
      this.broken(actor, error);
      return;
    }
    if (oldest === undefined || waitedMs <= limits.slowCommandMs) return;
    if (mailbox?.peek() !== oldest) this.commandLog.waited(oldest, waitedMs);
  }

  private observeWait(oldest: Mail): number {
    const waitedMs = this.ports.clock.monotonicMs() - oldest.arrivedAtMs;
    this.ports.metrics.mailSeconds.observe(waitedMs / 1_000);
    this.strain.waited(waitedMs);
    return waitedMs;
  }

  private broken(actor: EventActor, error: unknown): void {
    const by = this.breaking === null ? {} : namedMail(this.breaking);
    this.breaking = null;
    const details = { event: actor.eventId, ...by, err: error };
    this.ports.log.error(details, 'actor broken, rebuilding');
    this.dropActor(actor, 'broken');
    const slot = this.slots.get(actor.eventId);
    if (slot !== undefined) this.rebuild(slot);
  }

  /** Fails closed: an actor that breaks again and again on its own journal is not served. */
  private rebuild(slot: Slot): void {
    const nowMs = this.ports.clock.monotonicMs();
    slot.brokenAtMs = [...slot.brokenAtMs, nowMs].slice(-limits.rebuildsMax);
    const quick = nowMs - slot.brokenAtMs[0] < limits.rebuildsWithinMs;
    if (quick && slot.brokenAtMs.length === limits.rebuildsMax) this.ports.giveUp(slot);
    else this.activate(slot);
  }

  /** Turns for everything that waits; after a lease was proven again. */
  runAllTurns(): void {
    for (const slot of this.slots.values()) {
      if (slot.actor !== null) this.runTurn(slot.actor);
    }
    this.settleTick();
  }

  /** Starts the append and sends the replies that may leave. The end of every entry point. */
  settleTick(): void {
    this.groupCommit.kick();
    this.outbox.flush();
  }

  slotOf(eventId: EventId): Slot {
    let slot = this.slots.get(eventId);
    if (slot === undefined) {
      slot = new Slot(eventId);
      this.slots.set(eventId, slot);
    }
    return slot;
  }

  install(slot: Slot, seed: ConstructorParameters<typeof EventActor>[0]): void {
    slot.actor = new EventActor(seed, slot.mailbox, this.actorPorts);
    slot.ownerWanted = true;
    slot.servedSinceMs = this.ports.clock.monotonicMs();
    this.runTurn(slot.actor);
    this.settleTick();
  }

  /** Answers everything that waits and forgets the event; one with an actor was moved away. */
  dismiss(slot: Slot, reply: Reply): void {
    if (reply.kind === 'moved') this.ports.metrics.moved.value += slot.mailbox.length;
    else this.commandLog.turnedAway(slot, reply.kind);
    slot.answerAll(reply);
    if (slot.actor !== null) this.dropActor(slot.actor, 'moved');
    if (this.slots.get(slot.eventId) === slot) this.slots.delete(slot.eventId);
    this.outbox.flush();
  }

  /** The event is claimed afresh: its actor may no longer be trusted to be the only one. */
  startAnew(slot: Slot): void {
    if (slot.actor !== null) this.dropActor(slot.actor, 'moved');
    const { loss } = slot;
    slot.loss = null;
    if (loss !== null) this.ports.afterLoss(slot, loss.durable, loss.verdict);
    else this.activate(slot);
    this.settleTick();
  }

  /** A slot whose taker gave up: what waits is routed anew, an empty slot is forgotten. */
  reconsider(slot: Slot): void {
    if (slot.actor !== null || slot.busy) return;
    if (slot.mailbox.length > 0) this.activate(slot);
    else if (this.slots.get(slot.eventId) === slot) this.slots.delete(slot.eventId);
  }

  /**
   * K2: of the events that are served now, what is returned keeps those that the ownership rows
   * still give to this incarnation. What starts in between was taken after the rows were read.
   * A new owner is no proof that the journal kept what the former one was told it had (G2).
   */
  beginReconcile(): (epochs: ReadonlyMap<string, number>) => void {
    const actors = [...this.slots.values()].flatMap(({ actor }) => actor ?? []);
    return (epochs) => {
      for (const actor of actors) {
        const slot = this.slots.get(actor.eventId);
        if (slot?.actor !== actor || epochs.get(actor.eventId) === actor.epoch) continue;
        const details = { event: actor.eventId, epoch: actor.epoch };
        const named = namedMails(actor.undurable());
        this.ports.log.warn({ ...details, ...named }, 'event has a new owner');
        this.dropActor(actor, slot.offered ? 'moved' : 'replaced');
        this.ports.afterLoss(slot, actor.durable, 'fenced');
      }
    };
  }

  /** How long the worst command waited here since this was asked last, for turn and journal. */
  takeStrainMs(): number {
    return this.strain.take(this.groupCommit.stalledMs);
  }

  /** From now on every command is sent on; what was admitted is finished. */
  stopAdmitting(): void {
    this.admitting = false;
  }

  /** H6. Payments come again: the shard may not have told them yet that it reads seals. */
  private refuse(mail: Mail): null {
    this.ports.metrics.unproven.value += 1;
    this.commandLog.refused(mail, 'unproven');
    mail.answer({ kind: 'unavailable', retryAfterMs: limits.versionAskMs, executed: 'no' });
    return null;
  }

  /** The actor to run, or null when the mail waits or is answered. */
  private admit(mail: Mail): EventActor | null {
    if (!this.admitting) {
      mail.answer({ kind: 'moved', owner: null, epoch: 0 });
      return null;
    }
    const slot = this.slotOf(mail.item.eventId);
    slot.rate.add(mail.arrivedAtMs);
    if (slot.quarantine !== null) {
      this.commandLog.refused(mail, 'quarantined');
      mail.answer({ kind: 'unavailable', retryAfterMs: 5_000, executed: 'no' });
      return null;
    }
    if (!slot.mailbox.push(mail)) {
      this.ports.metrics.overloaded.value += 1;
      this.commandLog.refused(mail, 'overloaded');
      mail.answer({ kind: 'overloaded', retryAfterMs: 1_000 });
      return null;
    }
    if (slot.actor === null) {
      if (!isQuery(mail.item.request)) slot.ownerWanted = true;
      this.activate(slot);
    }
    return slot.actor;
  }

  /** Mail that found a full batch goes on now; nobody else can have mail left. */
  private afterCommit(group: readonly Committer[]): void {
    for (const actor of group) {
      if (actor instanceof EventActor && actor.hasMail) this.runTurn(actor);
    }
    this.outbox.flush();
  }

  private dropActor(actor: EventActor, reason: keyof ShardMetrics['losses']): void {
    this.ports.metrics.losses[reason].value += 1;
    this.groupCommit.remove(actor);
    actor.stop();
    const slot = this.slots.get(actor.eventId);
    if (slot?.actor === actor) slot.actor = null;
  }

  private lost(...[actor, verdict, undurable]: Parameters<ActorPorts<EventActor>['lost']>): void {
    const details = { event: actor.eventId, epoch: actor.epoch, verdict };
    this.ports.log.warn({ ...details, ...namedMails(undurable) }, 'actor stopped');
    this.dropActor(actor, verdict);
    const slot = this.slots.get(actor.eventId);
    if (slot !== undefined) this.ports.afterLoss(slot, actor.durable, verdict);
  }

  private makeActorPorts(): ActorPorts<EventActor> {
    const { incarnation, clock, factLevel, metrics } = this.ports;
    return {
      incarnation,
      clock,
      factLevel,
      wantCommit: (actor) => this.groupCommit.add(actor),
      wake: (actor) => {
        this.runTurn(actor);
        this.settleTick();
      },
      publishDiff: (diff) => this.publishDiff(diff),
      wantSnapshot: (eventId) => this.ports.snapshotter.request(eventId),
      lost: (...loss) => this.lost(...loss),
      broke: (mail) => {
        this.breaking = mail;
      },
      tooLate: (mail) => {
        metrics.tooLate.value += 1;
        this.commandLog.refused(mail, 'too_late');
      },
      slow: (...slow) => this.commandLog.slow(...slow),
      traced: (...traced) => this.commandLog.traced(...traced),
      countReplayed: () => {
        metrics.replayed.value += 1;
      },
      observeLateness: (ms) => metrics.timerLateSeconds.observe(ms / 1_000),
    };
  }

  /** A diff too large for a frame is left out: watchers notice the gap and fetch the map (G6). */
  private publishDiff(diff: SeatDiff): void {
    const { eventId: event, from, to } = diff;
    const tell = (error: Unencodable): void => this.unfit('diff', error, { event, from, to });
    const frame = ifEncodable(() => encodeDiff(diff), tell);
    if (frame !== null) this.publish(subjects.diffs(event), frame);
  }

  private unfit(what: 'reply' | 'diff', err: Unencodable, about: object): void {
    this.ports.metrics.unfit[what].value += 1;
    this.ports.log.error({ err, ...about }, `a ${what} fits no frame`);
  }

  private publish(subject: string, payload: Uint8Array): void {
    if (!this.ports.bus.publish(subject, payload)) this.ports.metrics.unsent.value += 1;
  }
}

export interface ShardHostPorts {
  /** Of payments, two while one is replaced; none: their commands need no seal (QS2). */
  readonly sealKeys?: readonly string[];
  /** Quarantines an event whose actor cannot be kept alive. */
  giveUp(slot: Slot): void;
  readonly incarnation: string;
  readonly bus: Bus;
  readonly snapshotter: Snapshotter;
  readonly writer: JournalWriter;
  readonly lease: LeaseKeeper;
  readonly clock: Clock;
  readonly factLevel: FactLevel;
  readonly log: Log;
  readonly metrics: ShardMetrics;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
  /** The journal did not take an actor's batch; decides between "moved" and quarantine. */
  afterLoss(slot: Slot, durable: DurablePoint, verdict: Exclude<AppendVerdict, 'appended'>): void;
}
