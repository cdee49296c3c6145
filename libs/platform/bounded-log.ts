import type { Clock } from './clock.js';
import type { Log } from './log.js';

/**
 * Log lines of one kind, at most so many a second (G8): a storm must neither fill the disk nor cost
 * what the work costs. What goes over the bound is counted, and the counts are one line at the end
 * of the second.
 */
export interface BoundedLogOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly level: 'info' | 'warn' | 'error';
  readonly linesPerSecond: number;
  /** Of the line that has the counts. */
  readonly overMessage: string;
}

const windowMs = 1_000;

export class BoundedLog {
  private windowEndsMs = -Infinity;
  private left = 0;
  private over: Map<string, number> | null = null;

  constructor(private readonly options: BoundedLogOptions) {}

  /** `fieldsOf` is called only for a line that is written; `kind` is what others are counted by. */
  write(kind: string, message: string, fieldsOf: () => object): void {
    const { log, clock, level, linesPerSecond } = this.options;
    if (!log.isLevelEnabled(level)) return;
    const nowMs = clock.monotonicMs();
    if (nowMs >= this.windowEndsMs) {
      this.windowEndsMs = nowMs + windowMs;
      this.left = linesPerSecond;
    }
    if (this.left > 0) {
      this.left -= 1;
      log[level](fieldsOf(), message);
    } else this.count(kind, nowMs);
  }

  private count(kind: string, nowMs: number): void {
    if (this.over === null) {
      this.over = new Map();
      this.options.clock.after(this.windowEndsMs - nowMs, () => this.tell());
    }
    this.over.set(kind, (this.over.get(kind) ?? 0) + 1);
  }

  private tell(): void {
    const { log, level, overMessage } = this.options;
    const counts = Object.fromEntries(this.over ?? []);
    this.over = null;
    log[level]({ counts }, overMessage);
  }
}
