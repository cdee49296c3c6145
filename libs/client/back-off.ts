export interface Pace {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before another try: doubles up to a bound, and is drawn anew each time, or all
 * who were cut off together would come back together.
 */
export class BackOff {
  #ms: number;

  constructor(
    private readonly pace: Pace,
    private readonly random: () => number,
  ) {
    this.#ms = pace.firstMs;
  }

  /** Half to one and a half of the time whose turn it is. */
  next(): number {
    const ms = this.#ms * (0.5 + this.random());
    this.#ms = Math.min(this.pace.mostMs, this.#ms * 2);
    return ms;
  }

  /** Something went well. */
  reset(): void {
    this.#ms = this.pace.firstMs;
  }

  /** Of a time that many were told: up to half as much later, never earlier. */
  spread(toldMs: number): number {
    return toldMs * (1 + this.random() / 2);
  }
}
