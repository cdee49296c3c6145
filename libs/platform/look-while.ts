import type { Clock } from './clock.js';

/**
 * Looks every `periodMs` while there is something to look after, and rests otherwise: a timer that
 * finds nothing wakes its process all the same, and twenty wakes a second are a hundredth of what
 * the whole process costs in a sale.
 */
export class LookWhile {
  private stop: (() => void) | null = null;

  /** `look` says whether there is more to look after. */
  constructor(
    private readonly clock: Clock,
    private readonly periodMs: number,
    private readonly look: () => boolean,
  ) {}

  /** There is something now; costs a comparison while it looks already. */
  wake(): void {
    this.stop ??= this.clock.every(this.periodMs, () => {
      if (!this.look()) this.rest();
    });
  }

  rest(): void {
    this.stop?.();
    this.stop = null;
  }

  get resting(): boolean {
    return this.stop === null;
  }
}
