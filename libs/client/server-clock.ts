/**
 * What time it is at the server, told by a clock that may be hours wrong: so that a countdown ends
 * when the seats are given back, not before and not after.
 *
 * Each answer bounds how far the server is ahead: it wrote its time after the request left here and
 * before the answer came. The bounds of many answers are cut with each other, so that also a time
 * in whole seconds (an HTTP `Date`) is soon known to a fraction of one.
 *
 * SC1  The server's time is never taken for later than it can be: a countdown rather shows a moment
 *      too much than gives up seats that are still held. `slackMs` says how much that can be.
 * SC2  Bounds that contradict those before mean that one of the clocks was set: the newest count.
 */
export interface TimeSample {
  /** Here, when the request left and when its answer was read; milliseconds since 1970. */
  readonly sentAtMs: number;
  readonly heardAtMs: number;
  /** What the server wrote, and how coarse it is: 1000 for whole seconds, else 1. */
  readonly serverMs: number;
  readonly coarseMs: number;
}

/** Two clocks may drift apart this much in all before a sample is called a contradiction. */
const driftMs = 5;

export class ServerClock {
  /** How far the server is ahead of here, at least and at most. */
  #leastMs = -Infinity;
  #mostMs = Infinity;

  /** `nowMs`: the wall clock here, milliseconds since 1970. */
  constructor(private readonly nowHereMs: () => number) {}

  /** False before the first sample: then the clock here is all there is. */
  get known(): boolean {
    return this.#leastMs !== -Infinity;
  }

  /** How much later than `nowMs` it can be at the server; 0 when nothing is known. */
  get slackMs(): number {
    return this.known ? this.#mostMs - this.#leastMs : 0;
  }

  /** At the server, as far as it is known here (SC1). */
  nowMs(): number {
    return this.nowHereMs() + (this.known ? this.#leastMs : 0);
  }

  /** Until then, by the server; never below 0. */
  remainingMs(deadlineMs: number): number {
    return Math.max(0, deadlineMs - this.nowMs());
  }

  learn({ sentAtMs, heardAtMs, serverMs, coarseMs }: TimeSample): void {
    // The clock here was set back in between.
    if (heardAtMs < sentAtMs) return;
    const least = serverMs - heardAtMs;
    const most = serverMs + coarseMs - sentAtMs;
    const contradicts = least > this.#mostMs + driftMs || most < this.#leastMs - driftMs;
    const [leastBefore, mostBefore] = contradicts
      ? [-Infinity, Infinity]
      : [this.#leastMs, this.#mostMs];
    this.#leastMs = Math.max(least, Math.min(leastBefore, most));
    this.#mostMs = Math.min(most, Math.max(mostBefore, least));
  }
}
