import type { Clock } from '#libs/platform/clock.js';

/**
 * One timer for the earliest thing an actor has to do. It is moved only forward in urgency: a timer
 * that fires too early costs one idle turn, moving it for every hold would cost far more.
 */
export class WakeTimer {
  private cancel: (() => void) | null = null;
  private atMs = Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly due: () => void,
  ) {}

  /** Wall clock milliseconds; null: nothing to do. */
  schedule(wakeAtMs: number | null): void {
    if (wakeAtMs === null || wakeAtMs >= this.atMs) return;
    this.cancel?.();
    this.atMs = wakeAtMs;
    this.cancel = this.clock.after(wakeAtMs - this.clock.nowMs(), () => {
      this.cancel = null;
      this.atMs = Infinity;
      this.due();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.atMs = -Infinity;
  }
}
