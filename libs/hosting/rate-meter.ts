import { limits } from '#libs/contracts/limits.js';

/**
 * How often something happens, over the last whole window. One comparison an occurrence: this is
 * on the path of every command. Times are monotonic milliseconds.
 */
export class RateMeter {
  private windowStartMs = 0;
  private count = 0;
  private rate = 0;
  private lastMs: number | null = null;

  add(nowMs: number): void {
    if (nowMs - this.windowStartMs >= limits.rateWindowMs) this.roll(nowMs);
    this.count += 1;
    this.lastMs = nowMs;
  }

  perSecond(nowMs: number): number {
    if (nowMs - this.windowStartMs >= limits.rateWindowMs) this.roll(nowMs);
    return this.rate;
  }

  /** Since the last occurrence, null when there was none. */
  idleMs(nowMs: number): number | null {
    return this.lastMs === null ? null : nowMs - this.lastMs;
  }

  private roll(nowMs: number): void {
    this.rate = (this.count * 1_000) / (nowMs - this.windowStartMs);
    this.windowStartMs = nowMs;
    this.count = 0;
  }
}
