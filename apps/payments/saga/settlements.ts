import type { AttemptId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Attempt } from './attempt.js';

/**
 * Those who wait for attempts to settle, or for what their buyer is to do, wherever they are worked
 * on: here (told at once) or in another payments process (asked for all together, every `pollMs`,
 * while anybody waits).
 */
export class Settlements {
  private readonly waiting = new Map<AttemptId, Set<(now: Attempt | null) => void>>();
  private readonly starting = new Map<AttemptId, () => void>();
  private polling: (() => void) | null = null;
  private asking = false;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly pollMs: number,
    private readonly answerableAmong: (ids: readonly AttemptId[]) => Promise<readonly AttemptId[]>,
  ) {}

  get count(): number {
    return this.waiting.size;
  }

  /**
   * Resolves when there is an answer for its buyer, with the row that says it where that was
   * written here; or after `waitMs`. null: the caller reads how it is.
   */
  wait(attemptId: AttemptId, waitMs: number): Promise<Attempt | null> {
    if (waitMs <= 0 || this.stopped) return Promise.resolve(null);
    return new Promise((resolve) => {
      const wake = (now: Attempt | null): void => {
        cancel();
        this.forget(attemptId, wake);
        resolve(now);
      };
      const cancel = this.clock.after(waitMs, () => wake(null));
      const others = this.waiting.get(attemptId) ?? new Set();
      this.waiting.set(attemptId, others.add(wake));
      this.polling ??= this.clock.every(this.pollMs, () => void this.poll());
    });
  }

  /**
   * Resolves when an attempt that was just made here has its hold, or was refused it, or after
   * `waitMs`: who only wants to know that it runs is not told so of what never will.
   */
  begins(attemptId: AttemptId, waitMs: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.starting.delete(attemptId);
        resolve();
      };
      const cancel = this.clock.after(waitMs, wake);
      this.starting.set(attemptId, wake);
    });
  }

  begun(attemptId: AttemptId): void {
    this.starting.get(attemptId)?.();
  }

  /** `now`: as it was just written; null: by somebody else. */
  tell(attemptId: AttemptId, now: Attempt | null): void {
    for (const wake of this.waiting.get(attemptId) ?? []) wake(now);
  }

  /** Everybody is woken: the process stops. */
  stop(): void {
    this.stopped = true;
    for (const attemptId of [...this.waiting.keys()]) this.tell(attemptId, null);
    for (const wake of [...this.starting.values()]) wake();
  }

  private async poll(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const ids = await this.answerableAmong([...this.waiting.keys()]);
      for (const attemptId of ids) this.tell(attemptId, null);
    } catch {
      // The database is away: the waiters' own deadlines end their wait.
    } finally {
      this.asking = false;
    }
  }

  private forget(attemptId: AttemptId, wake: (now: Attempt | null) => void): void {
    const others = this.waiting.get(attemptId);
    others?.delete(wake);
    if (others?.size === 0) this.waiting.delete(attemptId);
    if (this.waiting.size > 0 || this.polling === null) return;
    this.polling();
    this.polling = null;
  }
}
