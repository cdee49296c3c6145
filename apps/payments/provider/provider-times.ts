import { limits } from '#libs/contracts/limits.js';

/** How long the payment provider takes of late: what nine of ten of the last tries stayed under. */
export class ProviderTimes {
  private tries: { readonly atMs: number; readonly ms: number }[] = [];

  note(atMs: number, ms: number): void {
    this.tries.push({ atMs, ms });
    if (this.tries.length > limits.providerTimesKept) this.tries.shift();
  }

  /** null: nothing was asked of it within providerTimesMs. */
  recentMs(nowMs: number): number | null {
    this.tries = this.tries.filter(({ atMs }) => atMs > nowMs - limits.providerTimesMs);
    if (this.tries.length === 0) return null;
    const sorted = this.tries.map(({ ms }) => ms).sort((a, b) => a - b);
    return sorted[Math.floor(0.9 * (sorted.length - 1))];
  }
}
