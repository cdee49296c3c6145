import type { Bus } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { decodeBeat } from '#libs/contracts/wire-codec.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { SaleClock } from './sale-clock.js';

/**
 * Which shards are alive, as this process sees it: those whose heartbeat it heard lately and which
 * nobody has proved dead since. Suspicion may be wrong; the journal's fence makes wrong harmless.
 *
 * M1  A shard is live from its first beat until suspectAfterMs without one, its own farewell
 *     (state `stopped`), or a report of no responders.
 * M2  An incarnation that was reported dead stays dead until it beats again.
 * M3  Silence counts only while this process listens: not over its own pause or lost connection.
 * M4  Every beat tells its shard's time: deadlines of commands are told by the clock of the shard
 *     that will judge them, so the wall clock of this process has no say in them.
 */
export class Membership {
  private readonly shards = new Map<string, Member>();
  private readonly leaveListeners = new Set<(incarnation: string) => void>();
  private readonly changeListeners = new Set<() => void>();
  private readonly stops: (() => void)[] = [];
  private listenedAtMs: number;
  private changedAtMs: number;

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    const subscription = bus.subscribe(subjects.beats, (message) => {
      this.hear(decodeBeat(message.payload));
    });
    this.listenedAtMs = clock.monotonicMs();
    this.changedAtMs = this.listenedAtMs;
    this.stops.push(() => subscription.unsubscribe());
    this.stops.push(clock.every(lookMs, () => this.suspectSilent()));
  }

  /** Live shards that take new events. When every one is cordoned, those serve all the same. */
  get placeable(): readonly ShardBeat[] {
    const { active } = this;
    return active.length > 0 ? active : this.live.filter((beat) => beat.state === 'cordoned');
  }

  get active(): readonly ShardBeat[] {
    return this.live.filter((beat) => beat.state === 'active');
  }

  /** Live, but quieter than it should be. */
  get suspects(): readonly string[] {
    const oldest = this.clock.monotonicMs() - quietMs;
    return [...this.shards]
      .filter(([, member]) => member.heardAtMs < oldest)
      .map(([incarnation]) => incarnation);
  }

  /** How long nobody joined, left, or changed its state. */
  get calmMs(): number {
    return this.clock.monotonicMs() - this.changedAtMs;
  }

  get live(): readonly ShardBeat[] {
    return [...this.shards.values()].map((member) => member.beat);
  }

  isLive(incarnation: string): boolean {
    return this.shards.has(incarnation);
  }

  /** What the shard's clock shows, or showed a moment ago: never ahead of it. */
  timeOf(incarnation: string): number {
    return (this.shards.get(incarnation)?.time ?? this.clock).nowMs();
  }

  /** Proof of death: nobody listens on the shard's subject. */
  reportDead(incarnation: string): void {
    this.drop(incarnation, 'no responders');
  }

  onLeave(listener: (incarnation: string) => void): void {
    this.leaveListeners.add(listener);
  }

  onChange(listener: () => void): void {
    this.changeListeners.add(listener);
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.stops.length = 0;
  }

  private hear(beat: ShardBeat): void {
    if (beat.state === 'stopped') {
      this.drop(beat.incarnation, 'stopped');
      return;
    }
    const known = this.shards.get(beat.incarnation);
    const heardAtMs = this.clock.monotonicMs();
    const time = known?.time ?? new SaleClock(this.clock);
    time.hear({ storeMs: beat.sentAtMs, sentAtMs: heardAtMs, heardAtMs }, true);
    this.shards.set(beat.incarnation, { beat, heardAtMs, time });
    if (known === undefined) {
      this.log.info({ shard: beat.incarnation }, 'shard joined');
      this.announceChange();
    } else if (known.beat.state !== beat.state || known.beat.weight !== beat.weight) {
      this.announceChange();
    }
  }

  private suspectSilent(): void {
    const nowMs = this.clock.monotonicMs();
    const deaf = !this.bus.connected || nowMs - this.listenedAtMs > 2 * limits.heartbeatMs;
    this.listenedAtMs = nowMs;
    if (deaf) {
      for (const member of this.shards.values()) member.heardAtMs = nowMs;
      return;
    }
    const oldest = nowMs - limits.suspectAfterMs;
    for (const [incarnation, member] of this.shards) {
      if (member.heardAtMs < oldest) this.drop(incarnation, 'silent');
    }
  }

  private drop(incarnation: string, reason: string): void {
    if (!this.shards.delete(incarnation)) return;
    this.log.warn({ shard: incarnation, reason }, 'shard left');
    for (const listener of this.leaveListeners) listener(incarnation);
    this.announceChange();
  }

  private announceChange(): void {
    this.changedAtMs = this.clock.monotonicMs();
    for (const listener of this.changeListeners) listener();
  }
}

/** Who is silent for too long is noticed this much later at most. */
const lookMs = limits.heartbeatMs / 2;
/** Two beats were missed. */
const quietMs = 2.5 * limits.heartbeatMs;

interface Member {
  readonly beat: ShardBeat;
  heardAtMs: number;
  readonly time: SaleClock;
}
