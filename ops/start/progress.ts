import { shownMessage, shownText } from '#libs/platform/shown-text.js';

/**
 * What people see while the system starts: one line per part that is ready, and a note for
 * whatever takes longer than two seconds. On a terminal the note is one line that is rewritten
 * and cut to the window's width; elsewhere (a file, CI) it is a line of its own, seldom.
 */
export interface Progress {
  /** A whole line. */
  say(line: string): void;
  /** Runs `work`; notes when it is slow. `done` makes the line for its end, null = none. */
  step<T>(title: string, work: () => Promise<T>, done?: (result: T) => string | null): Promise<T>;
}

export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const slowAfterMs = 2_000;
const redrawMs = 200;
const plainEveryMs = 10_000;

interface RunningStep {
  readonly title: string;
  readonly startedMs: number;
  notedMs: number;
}

export class TerminalProgress implements Progress {
  private readonly running = new Set<RunningStep>();
  private timer: NodeJS.Timeout | null = null;
  private drawn = false;

  constructor(
    private readonly screen: Screen = process.stdout,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  say(line: string): void {
    this.erase();
    this.screen.write(`${shownMessage(line)}\n`);
  }

  /** What can be pasted, word for word: `TOKEN=$(...)` is no secret and must not become one. */
  offer(command: string): void {
    this.erase();
    this.screen.write(`${shownText(command)}\n`);
  }

  async step<T>(
    title: string,
    work: () => Promise<T>,
    done: (result: T) => string | null = () => null,
  ): Promise<T> {
    const step: RunningStep = { title, startedMs: this.nowMs(), notedMs: 0 };
    this.running.add(step);
    this.timer ??= setInterval(() => this.draw(), redrawMs);
    try {
      const result = await work();
      const line = done(result);
      if (line !== null) this.say(line);
      return result;
    } finally {
      this.running.delete(step);
      if (this.running.size === 0) this.stopTimer();
    }
  }

  /** Called by the timer; public for tests. */
  draw(): void {
    const slow = [...this.running].filter((step) => this.ageMs(step) >= slowAfterMs);
    if (slow.length === 0) return;
    if (this.screen.isTTY === true) this.redraw(slow);
    else slow.forEach((step) => this.notePlainly(step));
  }

  private redraw(slow: RunningStep[]): void {
    const text = slow.map((step) => this.describe(step)).join(', ');
    const width = Math.max(10, (this.screen.columns ?? 80) - 1);
    this.erase();
    this.screen.write(text.length > width ? `${text.slice(0, width - 1)}…` : text);
    this.drawn = true;
  }

  private notePlainly(step: RunningStep): void {
    const ageMs = this.ageMs(step);
    if (step.notedMs > 0 && ageMs - step.notedMs < plainEveryMs) return;
    step.notedMs = ageMs;
    this.screen.write(`${this.describe(step)} ...\n`);
  }

  private describe(step: RunningStep): string {
    return `${shownMessage(step.title)} (${Math.floor(this.ageMs(step) / 1000)} s)`;
  }

  private ageMs(step: RunningStep): number {
    return this.nowMs() - step.startedMs;
  }

  private erase(): void {
    if (this.drawn) this.screen.write('\r\x1b[K');
    this.drawn = false;
  }

  private stopTimer(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.erase();
  }
}
