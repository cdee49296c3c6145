import { look, type SeatLooks } from './seat-looks.js';
import type { Box, SeatPlan } from './seat-plan.js';

/**
 * What stands over a section while its seats are dots: where its middle is, how many seats can be
 * had there and from which price on. One pass over all seats, no objects: a page asks a few times
 * a second, not in each frame.
 */
export interface SectionSign {
  readonly name: string;
  /** What is left of it without the word that all begin with: "101" of "Section 101". */
  readonly short: string;
  /** Of its seats. */
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  free: number;
  /** Cheapest free seat in minor units; null: none is free, or has a price. */
  from: number | null;
}

export class SectionSigns {
  readonly signs: readonly SectionSign[];
  readonly #ofSeat: Uint16Array;

  constructor(
    private readonly plan: SeatPlan,
    /** Minor units per category index; null: not for sale. */
    private readonly prices: readonly (number | null)[],
  ) {
    this.#ofSeat = Uint16Array.from(plan.rowOfSeat, (row) => plan.sectionOfRow[row]);
    const { sections } = plan.document;
    const common = commonWords(sections);
    this.signs = sections.map((name, at) => this.#place(name, name.slice(common), at));
  }

  count(looks: SeatLooks): void {
    for (const sign of this.signs) [sign.free, sign.from] = [0, null];
    for (let seat = 0; seat < this.plan.seatCount; seat += 1) {
      if (looks.bytes[seat] !== look.free) continue;
      const sign = this.signs[this.#ofSeat[seat]];
      const price = this.prices[this.plan.category[seat]] ?? null;
      sign.free += 1;
      if (price !== null && (sign.from === null || price < sign.from)) sign.from = price;
    }
  }

  #place(name: string, short: string, at: number): SectionSign {
    const { x, y } = this.plan;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let seat = 0; seat < x.length; seat += 1) {
      if (this.#ofSeat[seat] !== at) continue;
      left = Math.min(left, x[seat]);
      right = Math.max(right, x[seat]);
      top = Math.min(top, y[seat]);
      bottom = Math.max(bottom, y[seat]);
    }
    const box = { left, top, right, bottom };
    return { name, short, box, x: (left + right) / 2, y: (top + bottom) / 2, free: 0, from: null };
  }
}

/** Letters of the words with which all names begin, when there is something behind them in each. */
function commonWords(names: readonly string[]): number {
  const [first = ''] = names;
  const words = first.match(/^(?:\S+\s+)+/)?.[0] ?? '';
  return names.length > 1 && names.every((name) => name.startsWith(words)) ? words.length : 0;
}
