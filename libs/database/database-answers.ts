import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

/**
 * Whether the database answers, as whoever asks it all the time has seen: no question of its own.
 *
 * DA1  It is away after databaseSilentMs without an answer, and there again with the next one: a
 *      failover or a slow moment takes no gateway out of its balancer.
 */
export class DatabaseAnswers {
  private lastMs: number;

  /** Made where it has just answered. */
  constructor(private readonly clock: Clock) {
    this.lastMs = clock.monotonicMs();
  }

  answered(): void {
    this.lastMs = this.clock.monotonicMs();
  }

  get away(): boolean {
    return this.clock.monotonicMs() - this.lastMs > limits.databaseSilentMs;
  }
}
