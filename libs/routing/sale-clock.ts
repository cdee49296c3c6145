import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';

/**
 * The time by which holds are promised and ended (G3): that of the store all shards share, carried
 * on between two of its answers by the monotonic clock. The wall clock of the process has no part
 * in it, so nothing that steps a machine's clock frees a hold or keeps it.
 *
 * S1  It is late rather than early: an answer counts as made when the question left only for the
 *     upper bound; what is followed is the store's time as of the moment the answer was here.
 * S2  It never goes back. Between two answers it moves as the monotonic clock does.
 * S3  A difference is made up by slewing, one part in `slewParts` of what has passed since the last
 *     answer, in both directions: a store whose clock steps by an hour ends no hold of this shard.
 * S4  Who has promised nothing steps forward at once: at the first answer, and while it owns no
 *     event. So a machine that slept, and lost its events meanwhile, is right again by then.
 *
 * It does not ask: a shard hears with each renewal of its lease, a client with each heartbeat.
 */
export class SaleClock implements Clock {
  private offsetMs: number | null = null;
  private heardAtMs = 0;
  private shownMs = 0;
  private lastGapMs = 0;

  constructor(private readonly base: Clock) {}

  nowMs(): number {
    assert(this.offsetMs !== null, 'the store has told its time');
    const nowMs = Math.floor(this.offsetMs + this.base.monotonicMs());
    this.shownMs = Math.max(this.shownMs, nowMs);
    return this.shownMs;
  }

  monotonicMs(): number {
    return this.base.monotonicMs();
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.base.after(delayMs, callback);
  }

  every(periodMs: number, callback: () => void): () => void {
    return this.base.every(periodMs, callback);
  }

  soon(callback: () => void): void {
    this.base.soon(callback);
  }

  /** By how much the store was ahead at the last answer (behind: below 0), before the slewing. */
  get gapMs(): number {
    return this.lastGapMs;
  }

  /** `promisesNothing`: no hold of this process could end because of a step (S4). */
  hear({ storeMs, sentAtMs, heardAtMs }: HeardTime, promisesNothing: boolean): void {
    const [latest, earliest] = [storeMs - heardAtMs, storeMs - sentAtMs];
    const slewMs = (heardAtMs - this.heardAtMs) / slewParts;
    this.heardAtMs = heardAtMs;
    const offsetMs = this.offsetMs ?? latest;
    this.lastGapMs = offsetMs < latest ? latest - offsetMs : Math.min(0, earliest - offsetMs);
    if (this.lastGapMs >= 0) {
      this.offsetMs = offsetMs + Math.min(this.lastGapMs, promisesNothing ? Infinity : slewMs);
    } else {
      this.offsetMs = offsetMs - Math.min(-this.lastGapMs, slewMs);
    }
  }
}

/** Far more than quartz drifts, far less than a hold is worth: 6 s of ten minutes. */
export const slewParts = 100;

/** What the store's clock showed, at some moment between the two monotonic times. */
export interface HeardTime {
  readonly storeMs: number;
  readonly sentAtMs: number;
  readonly heardAtMs: number;
}
