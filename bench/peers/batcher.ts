import type { BatchStore, Hold } from './hold-store.js';

interface Waiting {
  readonly hold: Hold;
  readonly settle: (held: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The batcher that every batching peer shares: what came in while a batch was under way is the next
 * batch, as Holdfast's gateway does it, so that batches grow with load by themselves.
 *
 * BB1  At most `inFlight` batches are under way, and none has more than `holdsMax` holds.
 * BB2  A batch that fails fails each of its holds, and none of another.
 */
export class Batcher {
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #scheduled = false;

  constructor(
    private readonly store: Pick<BatchStore, 'holdAll'>,
    private readonly inFlight: number,
    private readonly holdsMax = 512,
  ) {}

  hold(hold: Hold): Promise<boolean> {
    return new Promise((settle, fail) => {
      this.#waiting.push({ hold, settle, fail });
      this.#schedule();
    });
  }

  /** After the reads of this tick, so that what they brought goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.inFlight) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) void this.#send(this.#waiting.splice(0, this.holdsMax));
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#underWay++;
    try {
      const held = await this.store.holdAll(batch.map(({ hold }) => hold));
      batch.forEach(({ settle }, i) => settle(held[i]));
    } catch (error) {
      batch.forEach(({ fail }) => fail(error));
    } finally {
      this.#underWay--;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
