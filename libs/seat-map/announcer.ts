import { look } from './seat-looks.js';
import type { Words } from './words.js';

/**
 * Says to screen readers what became of the seats, politely: one sentence after things have calmed
 * down, or after a while when they do not, and not one for each seat.
 *
 * AN1  Seats that were taken and came back meanwhile are not spoken of.
 */
export interface AnnouncerPorts {
  /** Runs `callback` once after `delayMs`; returns the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly say: (text: string) => void;
}

const calmMs = 1_000;
const patienceMs = 5_000;

export class Announcer {
  /** Per seat that changed: could it be had before. */
  readonly #before = new Map<number, boolean>();
  readonly #now = new Map<number, boolean>();
  #cancelCalm: () => void = () => undefined;
  #cancelLast: (() => void) | null = null;

  constructor(
    private readonly words: Words,
    private readonly ports: AnnouncerPorts,
  ) {}

  /** A seat looks otherwise: places in `looks`. What is not known is not spoken of. */
  changed(seat: number, before: number, after: number): void {
    if (before === look.unknown || after === look.unknown) return;
    if (!this.#before.has(seat)) this.#before.set(seat, before === look.free);
    this.#now.set(seat, after === look.free);
    this.#cancelCalm();
    this.#cancelCalm = this.ports.after(calmMs, () => this.#speak());
    this.#cancelLast ??= this.ports.after(patienceMs, () => this.#speak());
  }

  stop(): void {
    this.#cancelCalm();
    this.#cancelLast?.();
    this.#cancelLast = null;
    this.#before.clear();
    this.#now.clear();
  }

  #speak(): void {
    let [gone, back] = [0, 0];
    for (const [seat, was] of this.#before) {
      const is = this.#now.get(seat) ?? was;
      if (was && !is) gone += 1;
      if (!was && is) back += 1;
    }
    this.stop();
    if (gone + back > 0) this.ports.say(this.words.changed(gone, back));
  }
}
