import {
  bySystem,
  changesOf,
  decide,
  encodeFacts,
  evolve,
  fingerprintOf,
  nextWakeAt,
  rulesOf,
  usualSender,
  type Answer,
  type Command,
  type CommandId,
  type Decision,
  type Envelope,
  type EventId,
  type EventRules,
  type Fact,
  type TimeMs,
  type UserId,
} from '#libs/inventory/inventory.js';
import { limits } from '#libs/contracts/limits.js';
import { isQuery } from '#libs/contracts/queries.js';
import type { Query, Reply } from '#libs/contracts/wire.js';
import type { AppendVerdict, Batch } from '#libs/journal/journal.js';
import { assert } from '#libs/platform/assert.js';
import { AddressCounts } from './address-counts.js';
import type { ActorPorts } from './actor-ports.js';
import type { ActorSeed, DurablePoint } from './actor-seed.js';
import { DiffBuilder } from './diff-builder.js';
import { foresee } from './foresee.js';
import type { Committer } from './group-commit.js';
import { JournalCursor } from './journal-cursor.js';
import type { Mail } from './mail.js';
import type { Mailbox } from './mailbox.js';
import { OpenBatch, type GatedReply } from './open-batch.js';
import { read, summaryOf, type ActorSummary } from './reads.js';
import { RoomReads } from './room-reads.js';
import { SpokenRefusals } from './spoken-refusals.js';
import { WakeTimer } from './wake-timer.js';

/**
 * The owner of one event: takes commands from its mailbox one by one, decides each against the
 * state in memory, and lets nothing out before the facts it rests on are in the journal.
 *
 * E1  A turn is synchronous. Memory may run ahead of the journal by one sealed batch (its append
 *     runs) and one open batch (still growing); both are bounded.
 * E2  Output gate: a reply, a refusal, a view or a diff leaves when every fact that was folded
 *     before it was made is durable (G2, G6). Replies that rest on durable state leave at once.
 * E3  After lost() the actor never speaks again except to say that nothing was executed.
 * E4  Time comes from the clock port once a turn (a shard gives its SaleClock, never the wall
 *     clock of the process); the core keeps it from running backwards.
 */
export class EventActor implements Committer {
  private phase: 'serving' | 'paused' | 'stopped' = 'serving';
  private flushWaiters: (() => void)[] = [];
  private open: OpenBatch;
  private sealed: SealedBatch | null = null;
  readonly cursor: JournalCursor;
  private lastMailAtMs: number;
  private readonly diffs: DiffBuilder;
  private readonly timer: WakeTimer;
  private readonly spokenRefusals = new SpokenRefusals();
  private readonly addresses: AddressCounts;

  constructor(
    private readonly seed: ActorSeed,
    private readonly mailbox: Mailbox<Mail>,
    private readonly ports: ActorPorts<EventActor>,
  ) {
    this.cursor = new JournalCursor(seed);
    this.open = new OpenBatch(seed.state.version + 1);
    this.diffs = new DiffBuilder(seed.eventId, seed.epoch, seed.state);
    this.addresses = new AddressCounts(seed.state);
    this.lastMailAtMs = ports.clock.monotonicMs();
    this.timer = new WakeTimer(ports.clock, () => ports.wake(this));
    this.timer.schedule(this.wakeAtMs);
  }

  get eventId(): EventId {
    return this.seed.eventId;
  }

  get epoch(): number {
    return this.seed.epoch;
  }

  /** What the journal must have, whoever owns the event now (G2). */
  get durable(): DurablePoint {
    return { batchNo: this.cursor.batchNo, hash: this.cursor.hash };
  }

  get stopped(): boolean {
    return this.phase === 'stopped';
  }

  get wakeAtMs(): number | null {
    return nextWakeAt(this.seed.state);
  }

  /** For operators: may run ahead of the journal by what is being committed. */
  summary(): ActorSummary {
    return summaryOf(this.seed.state);
  }

  roomReads(): RoomReads {
    return new RoomReads(this.seed.state, this.undurableFacts());
  }

  /** Of the last change of its rules; 0: there was none. May run ahead of the journal. */
  get rulesRevision(): number {
    return this.seed.state.rulesRevision;
  }

  /** What that change made of them; null while the journal may not have it (RUW2). */
  durableRules(): (EventRules & { readonly revision: number }) | null {
    const { state } = this.seed;
    const isAhead = this.undurableFacts().some(({ type }) => type === 'RulesChanged');
    if (this.stopped || isAhead) return null;
    return { revision: state.rulesRevision, ...rulesOf(state) };
  }

  private undurableFacts(): Fact[] {
    return [...(this.sealed?.content.facts ?? []), ...this.open.facts];
  }

  /** Nothing undecided, nothing undurable. */
  get quiet(): boolean {
    return this.mailbox.length === 0 && this.sealed === null && this.open.facts.length === 0;
  }

  get hasMail(): boolean {
    return this.phase === 'serving' && this.mailbox.length > 0;
  }

  idleForMs(): number {
    return this.ports.clock.monotonicMs() - this.lastMailAtMs;
  }

  /** For a move: commands wait in the mailbox, what was decided is still committed. */
  pause(): void {
    if (this.phase === 'serving') this.phase = 'paused';
  }

  /** The move did not happen. The host runs the next turn. */
  resume(): void {
    if (this.phase === 'paused') this.phase = 'serving';
  }

  /** Resolves when nothing decided is undurable any more, or the actor has stopped. */
  flushed(): Promise<void> {
    if (this.sealed === null && this.open.facts.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.flushWaiters.push(resolve));
  }

  /** Decides what waits in the mailbox, as far as the open batch has room. */
  turn(): void {
    if (this.phase !== 'serving') return;
    const nowMs = this.ports.clock.nowMs() as TimeMs;
    const wakeAtMs = nextWakeAt(this.seed.state);
    if (wakeAtMs !== null && wakeAtMs <= nowMs && !this.open.full) {
      if (wakeAtMs > 0) this.ports.observeLateness(nowMs - wakeAtMs);
      this.tick(nowMs);
    }
    if (this.mailbox.length > 0) this.lastMailAtMs = this.ports.clock.monotonicMs();
    let foreseen = 0;
    for (let mail = this.mailbox.peek(); mail !== undefined; mail = this.mailbox.peek()) {
      if (this.mustCommitBefore(mail)) break;
      if (foreseen === 0) foreseen = foresee(this.seed.state, this.mailbox);
      foreseen -= 1;
      this.mailbox.shift();
      this.handleOrBreak(mail, nowMs);
    }
    if (this.open.facts.length > 0) this.ports.wantCommit(this);
    this.timer.schedule(this.wakeAtMs);
  }

  seal(): Batch | null {
    assert(this.sealed === null, 'one append at a time');
    if (this.phase === 'stopped' || this.open.facts.length === 0) return null;
    const content = this.open;
    const { clock, factLevel } = this.ports;
    const facts = encodeFacts(content.facts, factLevel.written);
    const batch = this.cursor.batchOf(content, facts, this.wakeAtMs, clock.nowMs());
    this.sealed = { content, batch, sealedAtMs: clock.monotonicMs() };
    this.open = new OpenBatch(batch.lastSeq + 1);
    this.diffs.seal();
    return batch;
  }

  committed(): void {
    if (this.phase === 'stopped') return;
    const sealed = this.sealed;
    assert(sealed !== null, 'a batch was sealed');
    this.sealed = null;
    this.cursor.durable(sealed.batch);
    const { replies } = sealed.content;
    for (const { mail, reply } of replies) this.say(mail, reply, sealed);
    this.ports.publishDiff(this.diffs.take());
    if (this.cursor.takeSnapshotDue()) this.ports.wantSnapshot(this.eventId);
    if (this.open.facts.length === 0) this.releaseFlushed();
    if (replies.length > 0) this.tellSlow(replies);
  }

  lost(verdict: Exclude<AppendVerdict, 'appended'>): void {
    if (this.phase === 'stopped') return;
    const undurable = [...this.undurable()];
    this.sealed?.content.replies.forEach(({ mail }) => mail.answer(notExecuted));
    this.sealed = null;
    this.stop();
    this.ports.lost(this, verdict, undurable);
  }

  /** Commands that were decided on and wait for the journal. */
  *undurable(): Iterable<Mail> {
    for (const { mail } of this.sealed?.content.replies ?? []) yield mail;
    for (const { mail } of this.open.replies) yield mail;
  }

  /**
   * Ends the actor. What waits in the mailbox stays there for the next one; what was decided but
   * not durable is gone. An append that still runs leaves its outcome unknown (E3).
   */
  stop(): void {
    if (this.phase === 'stopped') return;
    this.phase = 'stopped';
    this.timer.stop();
    this.sealed?.content.replies.forEach(({ mail }) => mail.answer(unknownOutcome));
    this.open.replies.forEach(({ mail }) => mail.answer(notExecuted));
    this.sealed = null;
    this.open = new OpenBatch(0);
    this.releaseFlushed();
  }

  /** What the next owner would replay is worth a snapshot. */
  get hasLongTail(): boolean {
    return this.cursor.hasLongTail;
  }

  /** Replies stand in the order in which their commands arrived: one look tells of all. */
  private tellSlow(replies: readonly GatedReply[]): void {
    const nowMs = this.ports.clock.monotonicMs();
    const oldestMs = nowMs - replies[0].mail.arrivedAtMs;
    if (oldestMs <= limits.slowCommandMs) return;
    const since = nowMs - limits.slowCommandMs;
    const slow = replies.map(({ mail }) => mail).filter((mail) => mail.arrivedAtMs < since);
    this.ports.slow(this.eventId, slow, oldestMs);
  }

  private releaseFlushed(): void {
    for (const resolve of this.flushWaiters.splice(0)) resolve();
  }

  private tick(nowMs: TimeMs): void {
    const decision = decide(this.seed.state, {
      commandId: '' as CommandId,
      keyed: false,
      userId: '' as UserId,
      by: bySystem,
      nowMs,
      command: { type: 'Tick' },
    });
    if (decision.kind !== 'replayed') this.fold(decision);
  }

  /** Replies behind the gate: bounded like the mailbox, in which the next ones wait (G8). */
  private get gated(): number {
    return this.open.replies.length + (this.sealed?.content.replies.length ?? 0);
  }

  private mustCommitBefore(mail: Mail): boolean {
    const { request } = mail.item;
    if (this.open.full || this.gated >= limits.mailboxMax) return true;
    return !isQuery(request) && this.open.mixesWith(request.type);
  }

  /** The command that broke the actor is answered and not tried again: the next one may be fine. */
  private handleOrBreak(mail: Mail, nowMs: TimeMs): void {
    try {
      this.handle(mail, nowMs);
    } catch (error) {
      this.ports.broke(mail);
      mail.answer(broken);
      throw error;
    }
  }

  private handle(mail: Mail, nowMs: TimeMs): void {
    const { request, deadlineMs, span } = mail.item;
    if (span !== undefined) mail.decidedAtMs = this.ports.clock.monotonicMs();
    if (deadlineMs < nowMs) {
      this.ports.tooLate(mail);
      mail.answer({ kind: 'too_late' });
      return;
    }
    if (isQuery(request)) this.gate(mail, this.look(request, nowMs, mail.item.userId));
    else this.gate(mail, this.execute(mail, request, nowMs));
  }

  private execute(mail: Mail, command: Command, nowMs: TimeMs): Reply {
    const { commandId, keyed, userId } = mail.item;
    const by = mail.item.by ?? usualSender(command.type);
    const factLevel = this.ports.factLevel.written;
    const envelope = { commandId, keyed, userId, by, nowMs, factLevel, command };
    const decision = decide(this.seed.state, envelope);
    if (decision.kind === 'replayed') return this.replayed(decision.answer);
    if (this.spokenRefusals.size > 0 && !isMalformed(decision)) {
      const refusal = this.spokenRefusals.find(commandId, fingerprintOf(envelope), nowMs);
      if (refusal !== null) return this.replayed({ kind: 'refused', refusal });
    }
    if (decision.kind === 'accepted') return this.accept(mail, envelope, decision);
    this.fold(decision);
    return this.refuse(mail, envelope, decision);
  }

  private refuse(mail: Mail, envelope: Envelope, decision: Refused): Reply {
    this.noteRefusal(mail, envelope, decision);
    const { refusal } = decision;
    return { kind: 'answered', answer: { kind: 'refused', refusal }, replayed: false };
  }

  private accept(mail: Mail, envelope: Envelope, decision: Accepted): Reply {
    const { outcome } = decision;
    const { address } = mail.item;
    const crowd =
      address === undefined || envelope.command.type !== 'HoldSeats'
        ? null
        : this.addresses.crowdFor(address, outcome);
    if (crowd !== null && 'code' in crowd) {
      return this.refuse(mail, envelope, { kind: 'refused', refusal: crowd, facts: [] });
    }
    this.fold(decision);
    if (crowd !== null) this.addresses.held(this.seed.state, crowd, outcome);
    return { kind: 'answered', answer: { kind: 'accepted', outcome }, replayed: false };
  }

  private replayed(answer: Answer): Reply {
    this.ports.countReplayed();
    return { kind: 'answered', answer, replayed: true };
  }

  /** Where no fact remembers it. Who made no key has no call that is sent twice (isRepeatable). */
  private noteRefusal({ item }: Mail, envelope: Envelope, refused: Refused): void {
    const { facts, refusal } = refused;
    if (!item.keyed || facts.at(-1)?.type === 'CommandRefused' || isMalformed(refused)) return;
    const fingerprint = fingerprintOf(envelope);
    const untilMs = item.deadlineMs;
    this.spokenRefusals.note(item.commandId, { fingerprint, refusal, untilMs });
  }

  private fold(decision: Exclude<Decision, { kind: 'replayed' }>): void {
    for (const fact of decision.facts) {
      this.addresses.follow(this.seed.state, fact);
      this.diffs.add(changesOf(this.seed.state, fact));
      evolve(this.seed.state, fact);
      this.open.add(this.seed.state, fact);
    }
  }

  private look(query: Query, nowMs: TimeMs, userId: UserId): Reply {
    const { incarnation } = this.ports;
    const { epoch, cursor, mailbox } = this;
    const { batchNo } = cursor;
    const context = { incarnation, epoch, batchNo, mailbox: mailbox.length, nowMs, userId };
    return read(this.seed.state, query, context);
  }

  private gate(mail: Mail, reply: Reply): void {
    if (this.open.facts.length > 0) this.open.replies.push({ mail, reply });
    else if (this.sealed !== null) this.sealed.content.replies.push({ mail, reply });
    else this.say(mail, reply, null);
  }

  private say(mail: Mail, reply: Reply, sealed: SealedBatch | null): void {
    mail.answer(reply);
    if (mail.item.span === undefined) return;
    const commit = sealed && { batchNo: sealed.batch.batchNo, sealedAtMs: sealed.sealedAtMs };
    this.ports.traced(mail, reply, commit);
  }
}

interface SealedBatch {
  readonly content: OpenBatch;
  readonly batch: Batch;
  /** Monotonic. */
  readonly sealedAtMs: number;
}

type Accepted = Extract<Decision, { kind: 'accepted' }>;
type Refused = Extract<Decision, { kind: 'refused' }>;

/** Whoever sends it again sends what is malformed still: the layout never changes. */
const isMalformed = (decision: Decision): boolean =>
  decision.kind === 'refused' && decision.refusal.code === 'invalid_command';

const notExecuted: Reply = { kind: 'moved', owner: null, epoch: 0 };
/** More patience than any call has: its client gives up at once. */
const broken: Reply = { kind: 'unavailable', retryAfterMs: 60_000, executed: 'no' };
const unknownOutcome: Reply = { kind: 'unavailable', retryAfterMs: 100, executed: 'unknown' };
