/** How long the worst command waited here since somebody asked: for its turn, for the journal. */
export class Strain {
  private waitMs = 0;
  private appendMs = 0;

  waited(ms: number): void {
    if (ms > this.waitMs) this.waitMs = ms;
  }

  appended(ms: number): void {
    if (ms > this.appendMs) this.appendMs = ms;
  }

  /** `stalledMs`: of an append that still runs. */
  take(stalledMs: number): number {
    const ms = this.waitMs + Math.max(this.appendMs, stalledMs);
    this.waitMs = 0;
    this.appendMs = 0;
    return ms;
  }
}
