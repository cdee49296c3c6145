export interface WorkBounds {
  readonly atOnceMax: number;
  readonly waitingMax: number;
}

/** So much at once, the rest in line, and a line that ends (G8). */
export class BoundedWork {
  /** How often work was begun. */
  begun = 0;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly bounds: WorkBounds) {}

  /** null: too many wait already, and the work is not begun. */
  async run<Result>(work: () => Promise<Result>): Promise<Result | null> {
    if (this.running >= this.bounds.atOnceMax) {
      if (this.waiting.length >= this.bounds.waitingMax) return null;
      // Its turn is handed over by the one before, which counts as running until then.
      await new Promise<void>((go) => this.waiting.push(go));
    } else this.running += 1;
    this.begun += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
