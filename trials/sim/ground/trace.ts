import { createHash } from 'node:crypto';

/**
 * What happened, one line an occurrence: virtual time, who, what. Its hash is the run's identity:
 * two runs of one seed must agree in every byte. Lines are kept only for a trace that is shown.
 */
export class Trace {
  private readonly hasher = createHash('sha256');
  private readonly kept: string[] = [];
  private pending = '';
  private lines = 0;

  constructor(
    private readonly nowMs: () => number,
    private readonly keep: boolean,
  ) {}

  get count(): number {
    return this.lines;
  }

  /** True when somebody will read it: the time for words that cost something. */
  get shown(): boolean {
    return this.keep;
  }

  note(who: string, what: string): void {
    this.lines += 1;
    // Whole microseconds: a run has tens of thousands of lines, and few are ever read.
    this.pending += `${Math.round(this.nowMs() * 1_000)} ${who} ${what}\n`;
    if (this.pending.length > 65_536) this.digest();
    if (this.keep) this.kept.push(this.line(who, what));
  }

  /** For readers only, not part of the identity: words of the code's own log. */
  remark(who: string, what: string): void {
    if (!this.keep) return;
    this.kept.push(this.line(who, `| ${what}`));
  }

  text(): string {
    return this.kept.join('\n');
  }

  hash(): string {
    this.digest();
    return this.hasher.copy().digest('hex');
  }

  private line(who: string, what: string): string {
    return `${this.nowMs().toFixed(3).padStart(11)} ${who.padEnd(14)} ${what}`;
  }

  private digest(): void {
    this.hasher.update(this.pending);
    this.pending = '';
  }
}
