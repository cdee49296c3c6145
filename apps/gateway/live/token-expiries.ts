import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import { LookWhile } from '#libs/platform/look-while.js';

/**
 * Ends live maps when the token that opened them runs out: what they show of their owner's
 * reservations is his for as long as the token is.
 *
 * TX1  A map ends within expiryLookMs after its token, by the wall clock, as tokens are told by it.
 * TX2  expiredAtOnceMax end at one look: sessions that began together at the opening of a sale run
 *      out together, and come back together.
 */
export class TokenExpiries {
  /** By the second in which they run out. */
  private readonly bySecond = new Map<number, Set<() => void>>();
  private readonly looks: LookWhile;

  constructor(private readonly clock: Clock) {
    this.looks = new LookWhile(clock, limits.expiryLookMs, () => this.look());
  }

  /** Those that wait for their end. */
  get size(): number {
    let size = 0;
    for (const ends of this.bySecond.values()) size += ends.size;
    return size;
  }

  /** Calls `end` once; returns what cancels it. */
  add(expiresAtMs: number, end: () => void): () => void {
    const second = Math.ceil(expiresAtMs / 1_000);
    const ends = this.bySecond.get(second) ?? new Set();
    this.bySecond.set(second, ends.add(end));
    this.looks.wake();
    return () => {
      ends.delete(end);
      if (ends.size === 0 && this.bySecond.get(second) === ends) this.bySecond.delete(second);
    };
  }

  close(): void {
    this.looks.rest();
    this.bySecond.clear();
  }

  /** True while somebody waits for his end. */
  private look(): boolean {
    const nowSecond = Math.floor(this.clock.nowMs() / 1_000);
    let left: number = limits.expiredAtOnceMax;
    for (const [second, ends] of this.bySecond) {
      if (second > nowSecond) continue;
      for (const end of ends) {
        if (left === 0) return true;
        left -= 1;
        ends.delete(end);
        end();
      }
      if (ends.size === 0) this.bySecond.delete(second);
    }
    return this.bySecond.size > 0;
  }
}
