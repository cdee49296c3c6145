/** Time as a port: the simulator runs the same code on a virtual clock. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch, integer. May jump. */
  nowMs(): number;
  /** Monotonic milliseconds with fraction, from an arbitrary origin. Never jumps. */
  monotonicMs(): number;
  /** Runs `callback` once after `delayMs`; returns the function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** Runs `callback` every `periodMs`; returns the function that cancels it. */
  every(periodMs: number, callback: () => void): () => void;
  /** Runs `callback` after the events that are already waiting: the end of this tick. */
  soon(callback: () => void): void;
}

const timerDelayMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), timerDelayMsMax));
    return () => clearTimeout(timer);
  },
  every(periodMs, callback) {
    const timer = setInterval(callback, periodMs);
    return () => clearInterval(timer);
  },
  soon: (callback) => void setImmediate(callback),
};
