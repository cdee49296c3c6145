import type { Clock } from '#libs/platform/clock.js';

/**
 * A clock that moves only when told. Timers run in order of their time, then of their making;
 * between two of them all promises settle, so code under test sees the world it would see.
 */
export class VirtualClock implements Clock {
  private currentMs = 0;
  private sequence = 0;
  private timers: Timer[] = [];

  /** `epochMs`: what the wall clock shows at the start. */
  constructor(private epochMs = 1_800_000_000_000) {}

  nowMs(): number {
    return this.epochMs + Math.floor(this.currentMs);
  }

  monotonicMs(): number {
    return this.currentMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.add(this.currentMs + Math.max(0, delayMs), callback);
  }

  every(periodMs: number, callback: () => void): () => void {
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = this.after(periodMs, () => {
        arm();
        callback();
      });
    };
    arm();
    return () => cancel();
  }

  soon(callback: () => void): void {
    this.add(this.currentMs, callback);
  }

  /** Lets `durationMs` pass: runs what becomes due, and what that makes due in the same time. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.currentMs + durationMs;
    await settlePromises();
    for (let timer = this.next(untilMs); timer !== undefined; timer = this.next(untilMs)) {
      this.currentMs = Math.max(this.currentMs, timer.atMs);
      timer.callback();
      await settlePromises();
    }
    this.currentMs = untilMs;
  }

  /** A step of the wall clock alone, as an administrator or NTP would make it. */
  jump(byMs: number): void {
    this.epochMs += byMs;
  }

  private add(atMs: number, callback: () => void): () => void {
    const timer: Timer = { atMs, order: this.sequence++, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  private next(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.atMs > untilMs) continue;
      const earlier =
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order);
      if (earlier) first = timer;
    }
    if (first !== undefined) this.timers = this.timers.filter((other) => other !== first);
    return first;
  }
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Promise chains of any sane length are done after this many turns of the microtask queue. */
async function settlePromises(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}
