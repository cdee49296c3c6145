import type { Clock } from '#libs/platform/clock.js';

/**
 * A clock that moves only when told. Timers run in order of their time, then of their making;
 * between two of them all promises settle, so code under test sees the world it would see.
 */
export class VirtualClock implements Clock {
  private currentMs = 0;
  private sequence = 0;
  private readonly timers = new TimerHeap();

  /** `epochMs`: what the wall clock shows at the start. `settle`: how promises get their time. */
  constructor(
    private epochMs = 1_800_000_000_000,
    private readonly settle: () => Promise<void> = byTurns,
  ) {}

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
    // From here on inside a promise, as `byTicks` needs it, whoever called.
    await Promise.resolve();
    await this.settle();
    for (let timer = this.next(untilMs); timer !== undefined; timer = this.next(untilMs)) {
      this.currentMs = Math.max(this.currentMs, timer.atMs);
      timer.callback?.();
      await this.settle();
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
      timer.callback = null;
    };
  }

  private next(untilMs: number): Timer | undefined {
    for (let first = this.timers.first; first !== undefined; first = this.timers.first) {
      if (first.callback === null) this.timers.pop();
      else return first.atMs <= untilMs ? this.timers.pop() : undefined;
    }
    return undefined;
  }
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  /** null: cancelled. */
  callback: (() => void) | null;
}

/** A binary heap, earliest first. Cancelled timers stay in it until their time. */
class TimerHeap {
  private readonly items: Timer[] = [];

  get first(): Timer | undefined {
    return this.items[0];
  }

  push(timer: Timer): void {
    const { items } = this;
    let at = items.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(timer, items[above])) break;
      items[at] = items[above];
      at = above;
    }
    items[at] = timer;
  }

  pop(): Timer | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && isBefore(items[below + 1], items[below])) below += 1;
      if (!isBefore(items[below], last)) break;
      items[at] = items[below];
      at = below;
    }
    items[at] = last;
    return first;
  }
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/**
 * Node empties the whole queue of settled promises before it runs an immediate. What a turn of the
 * event loop brings, such as the answer of a worker thread, has its chance too.
 */
const byTurns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The same without the turn and its system calls, for worlds that ask nothing of the event loop:
 * the queue of settled promises is empty before a tick that was asked for by one of them runs.
 */
export const byTicks = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
