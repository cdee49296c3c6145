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
    const line = `${this.nowMs().toFixed(3).padStart(11)} ${who.padEnd(14)} ${what}`;
    this.lines += 1;
    this.pending += `${line}\n`;
    if (this.pending.length > 65_536) this.digest();
    if (this.keep) this.kept.push(line);
  }

  /** For readers only, not part of the identity: words of the code's own log. */
  remark(who: string, what: string): void {
    if (!this.keep) return;
    this.kept.push(`${this.nowMs().toFixed(3).padStart(11)} ${who.padEnd(14)} | ${what}`);
  }

  text(): string {
    return this.kept.join('\n');
  }

  hash(): string {
    this.digest();
    return this.hasher.copy().digest('hex');
  }

  private digest(): void {
    this.hasher.update(this.pending);
    this.pending = '';
  }
}
