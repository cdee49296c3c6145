/** As long after a signal another one is still of the same Ctrl-C, in milliseconds. */
export const echoMs = 300;

/**
 * Counts how often somebody asked us to stop. A terminal tells npm and us of one Ctrl-C, and npm
 * passes it on: that is still one. Who asks again later, or goes on asking, is counted again.
 */
export class Presses {
  count = 0;
  private countedAtMs = -Infinity;

  constructor(private readonly nowMs: () => number) {}

  /** A signal came. False: it is an echo of the one before. */
  add(): boolean {
    const nowMs = this.nowMs();
    if (nowMs - this.countedAtMs < echoMs) return false;
    this.countedAtMs = nowMs;
    this.count += 1;
    return true;
  }
}
