import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

/** When a replica asks for the map again after an answer without one: later each time. */
export class Refetch {
  private delayMs: number = limits.replicaRetryMs;
  private unknownSinceMs: number | null = null;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly fetch: () => void,
  ) {}

  /** Not before `afterMs`, and not later than replicaRetryMsMax. */
  later(afterMs: number): void {
    const delayMs = Math.max(this.delayMs, Math.min(afterMs, limits.replicaRetryMsMax));
    this.delayMs = Math.min(this.delayMs * 2, limits.replicaRetryMsMax);
    this.cancelTimer();
    this.cancelTimer = this.clock.after(delayMs, this.fetch);
  }

  /**
   * The catalogue has the event and its shard does not know it. One that reads a database that is
   * behind, as after the loss of a primary, says so for a moment; of an event that is gone all do,
   * for good: true when it was said for replicaGoneMs and nothing else.
   */
  unknownForLong(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.unknownSinceMs ??= nowMs;
    return nowMs - this.unknownSinceMs >= limits.replicaGoneMs;
  }

  known(): void {
    this.unknownSinceMs = null;
  }

  /** There is a map: the next trouble starts with short waits. */
  succeeded(): void {
    this.delayMs = limits.replicaRetryMs;
  }

  cancel(): void {
    this.cancelTimer();
  }
}
