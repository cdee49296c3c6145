import type { Clock } from '#libs/platform/clock.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';

/**
 * A process of the simulated world: its clock, and the gate through which everything from outside
 * (timers, messages, answers of the database) reaches its code.
 *
 * - Paused (SIGSTOP): nothing of it runs; what came meanwhile runs in order when it goes on. Its
 *   monotonic clock counts on, as the kernel's does.
 * - Dead (kill -9): nothing of it ever runs again, whatever it was awaiting.
 */
export class SimProcess {
  readonly clock: Clock;
  private late: (() => void)[] = [];
  private state: 'running' | 'paused' | 'dead' = 'running';
  private wallOffsetMs = 0;
  private drift = 0;
  private driftSinceMs = 0;
  private readonly deaths: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly base: VirtualClock,
    /** Extra time before anything from outside is taken: an overloaded process. */
    private readonly lagMs: () => number = () => 0,
  ) {
    this.clock = {
      nowMs: () => Math.floor(base.nowMs() + this.wallErrorMs()),
      monotonicMs: () => base.monotonicMs(),
      after: (delayMs, callback) => this.after(delayMs, callback),
      every: (periodMs, callback) => this.every(periodMs, callback),
      soon: (callback) => base.soon(() => this.run(callback)),
    };
  }

  get running(): boolean {
    return this.state === 'running';
  }

  get paused(): boolean {
    return this.state === 'paused';
  }

  get dead(): boolean {
    return this.state === 'dead';
  }

  /** How far its wall clock is from the true one. */
  wallErrorMs(): number {
    return this.wallOffsetMs + this.drift * (this.base.monotonicMs() - this.driftSinceMs);
  }

  setWall(offsetMs: number, drift: number): void {
    this.wallOffsetMs = offsetMs;
    this.drift = drift;
    this.driftSinceMs = this.base.monotonicMs();
  }

  /** Now, when it goes on, or never. */
  run(callback: () => void): void {
    if (this.state === 'running') callback();
    else if (this.state === 'paused') this.late.push(callback);
  }

  /** A message or an answer arrives: taken at once unless the process lags behind. */
  arrive(callback: () => void): void {
    const lagMs = this.lagMs();
    if (lagMs <= 0) this.run(callback);
    else this.base.after(lagMs, () => this.run(callback));
  }

  /** The same promise as this process gets to see it. */
  gate<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.arrive(() => resolve(value)),
        (error: Error) => this.arrive(() => reject(error)),
      );
    });
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused';
  }

  /** What is late runs as events of its own, in order, before anything that comes now. */
  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    const late = this.late;
    this.late = [];
    for (const callback of late) this.base.soon(() => this.run(callback));
  }

  kill(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.late = [];
    for (const tell of this.deaths) tell();
  }

  onDeath(listener: () => void): void {
    this.deaths.push(listener);
  }

  private after(delayMs: number, callback: () => void): () => void {
    let cancelled = false;
    const cancel = this.base.after(delayMs, () => {
      this.run(() => {
        if (!cancelled) callback();
      });
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  /** Periods that were slept through are skipped, as Node does. */
  private every(periodMs: number, callback: () => void): () => void {
    let stopped = false;
    const fire = (): void => {
      if (stopped) return;
      cancel = this.base.after(periodMs, due);
      callback();
    };
    const due = (): void => this.run(fire);
    let cancel = this.base.after(periodMs, due);
    return () => {
      stopped = true;
      cancel();
    };
  }
}
