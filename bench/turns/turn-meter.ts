import { openSync, readSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

/** The turns of an event loop in a stretch of time, milliseconds. */
export interface Turns {
  /** The longest one, of processor time of this thread; null where the system does not tell. */
  readonly cpuMs: number | null;
  /** The longest one by the clock: what others did on the processor meanwhile is in it. */
  readonly wallMs: number;
  /** Processor time of all together. */
  readonly allCpuMs: number | null;
  /** The longest pause of the garbage collector, by the clock. */
  readonly pauseMs: number;
}

const beatMs = 1;

/**
 * A timer every millisecond: what lies between two of its calls is a turn of the loop, or several
 * of less than a millisecond together. It costs some 2 % of a core, and does not keep the loop
 * spinning as an immediate would.
 */
export class TurnMeter {
  private readonly schedstat = openSchedstat();
  private readonly buffer = Buffer.alloc(128);
  private lastCpuMs = this.cpuMs();
  private lastWallMs = performance.now();
  private longest = { cpuMs: 0, wallMs: 0, pauseMs: 0 };
  private firstCpuMs = this.lastCpuMs;
  private readonly pauses = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      this.longest.pauseMs = Math.max(this.longest.pauseMs, duration);
    }
  });
  private timer = setTimeout(() => this.beat(), beatMs);

  constructor() {
    this.pauses.observe({ entryTypes: ['gc'] });
  }

  /** Since the last call. */
  take(): Turns {
    this.look();
    const { cpuMs, wallMs, pauseMs } = this.longest;
    const allCpuMs = this.lastCpuMs - this.firstCpuMs;
    this.firstCpuMs = this.lastCpuMs;
    this.longest = { cpuMs: 0, wallMs: 0, pauseMs: 0 };
    if (this.schedstat === null) return { cpuMs: null, wallMs, allCpuMs: null, pauseMs };
    return { cpuMs, wallMs, allCpuMs, pauseMs };
  }

  stop(): void {
    this.pauses.disconnect();
    clearTimeout(this.timer);
  }

  private beat(): void {
    this.look();
    this.timer = setTimeout(() => this.beat(), beatMs);
  }

  private look(): void {
    const [cpuMs, wallMs] = [this.cpuMs(), performance.now()];
    this.longest.cpuMs = Math.max(this.longest.cpuMs, cpuMs - this.lastCpuMs);
    this.longest.wallMs = Math.max(this.longest.wallMs, wallMs - this.lastWallMs);
    this.lastCpuMs = cpuMs;
    this.lastWallMs = wallMs;
  }

  /** The first number of schedstat: nanoseconds on a processor, of the thread that reads it. */
  private cpuMs(): number {
    if (this.schedstat === null) return 0;
    const size = readSync(this.schedstat, this.buffer, 0, this.buffer.length, 0);
    return Number.parseInt(this.buffer.toString('latin1', 0, size), 10) / 1e6;
  }
}

function openSchedstat(): number | null {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return null;
  }
}
