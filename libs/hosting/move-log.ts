import type { MoveCall, MoveReply, MoveView } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

type Draft = { -readonly [Key in keyof MoveView]: MoveView[Key] };

/** The moves away from one shard: those under way and the last ones that ended. */
export class MoveLog {
  private readonly running = new Set<Draft>();
  private readonly ended: Draft[] = [];

  constructor(
    private readonly from: string,
    private readonly clock: Clock,
  ) {}

  begin({ eventId, to, reason = 'operator' }: MoveCall): LoggedMove {
    const draft: Draft = {
      eventId,
      from: this.from,
      to,
      reason,
      startedAtMs: this.clock.nowMs(),
      phase: 'warming',
      warmMs: null,
      pauseMs: null,
      totalMs: null,
      outcome: null,
      epoch: null,
    };
    this.running.add(draft);
    return new LoggedMove(draft, this.clock, () => this.keep(draft));
  }

  /** Newest first, those under way before all others. */
  list(): readonly MoveView[] {
    return [...[...this.running].reverse(), ...[...this.ended].reverse()];
  }

  private keep(draft: Draft): void {
    this.running.delete(draft);
    this.ended.push(draft);
    if (this.ended.length > limits.movesKept) this.ended.shift();
  }
}

/** One move, written down as it goes. */
export class LoggedMove {
  cancelled = false;
  private readonly startedMs: number;
  private pausedMs: number | null = null;

  constructor(
    private readonly draft: Draft,
    private readonly clock: Clock,
    private readonly keep: () => void,
  ) {
    this.startedMs = clock.monotonicMs();
  }

  paused(): void {
    this.pausedMs = this.clock.monotonicMs();
    this.draft.warmMs = this.pausedMs - this.startedMs;
    this.draft.phase = 'flushing';
  }

  taking(): void {
    this.draft.phase = 'taking';
  }

  /** The pause is over: the event has an owner that serves. Milliseconds. */
  served(): number {
    const pauseMs = this.clock.monotonicMs() - (this.pausedMs ?? this.startedMs);
    this.draft.pauseMs = pauseMs;
    return pauseMs;
  }

  end(reply: MoveReply): void {
    this.draft.phase = 'ended';
    this.draft.totalMs = this.clock.monotonicMs() - this.startedMs;
    this.draft.outcome = reply.kind === 'refused' ? reply.reason : reply.kind;
    if (reply.kind !== 'refused') this.draft.epoch = reply.epoch;
    this.keep();
  }
}
