import { look, type LookChanges, type SeatLooks } from './seat-looks.js';
import type { Box, SeatPlan } from './seat-plan.js';

/**
 * What stands over a section while its seats are dots: where its middle is, how many seats can be
 * had there and from which price on. A page asks a few times a second, and what that takes depends
 * on the seats that have changed since, not on the house.
 *
 * SIG1  It says what a count of all seats would.
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
  readonly #changes: LookChanges;
  /** Per seat, as counted. */
  readonly #isFree: Uint8Array;
  /** Free seats by section, and in it by category. */
  readonly #free: Uint32Array;
  readonly #categories: number;

  constructor(
    private readonly plan: SeatPlan,
    private readonly looks: SeatLooks,
    /** Minor units per category index; null: not for sale. */
    private readonly prices: readonly (number | null)[],
  ) {
    const { sections, categories } = plan.document;
    this.#changes = looks.follow();
    this.#isFree = new Uint8Array(plan.seatCount);
    this.#categories = Math.max(1, categories.length);
    this.#free = new Uint32Array(sections.length * this.#categories);
    const common = commonWords(sections);
    const boxes = boxesOf(plan);
    this.signs = sections.map((name, at) => signOf(name, name.slice(common), boxes[at]));
  }

  /** SIG1 */
  count(): void {
    const { plan, looks, prices } = this;
    for (const seat of this.#changes.take()) {
      const isFree = looks.bytes[seat] === look.free ? 1 : 0;
      if (isFree === this.#isFree[seat]) continue;
      this.#isFree[seat] = isFree;
      const at = plan.sectionOf(seat) * this.#categories + plan.category[seat];
      this.#free[at] += isFree === 1 ? 1 : -1;
    }
    this.signs.forEach((sign, section) => {
      [sign.free, sign.from] = [0, null];
      for (let category = 0; category < this.#categories; category += 1) {
        const free = this.#free[section * this.#categories + category];
        const price = prices[category] ?? null;
        sign.free += free;
        if (free === 0 || price === null) continue;
        if (sign.from === null || price < sign.from) sign.from = price;
      }
    });
  }
}

function signOf(name: string, short: string, box: Box): SectionSign {
  const { left, top, right, bottom } = box;
  return { name, short, box, x: (left + right) / 2, y: (top + bottom) / 2, free: 0, from: null };
}

/** By section; of one without seats it is turned inside out. */
function boxesOf({ document, x, y, rowStart, sectionOfRow, rowCount }: SeatPlan): Box[] {
  const boxes = document.sections.map(() => {
    const [least, most] = [-Infinity, Infinity];
    return { left: most, top: most, right: least, bottom: least };
  });
  for (let row = 0; row < rowCount; row += 1) {
    const box = boxes[sectionOfRow[row]];
    for (let seat = rowStart[row]; seat < rowStart[row + 1]; seat += 1) {
      box.left = Math.min(box.left, x[seat]);
      box.right = Math.max(box.right, x[seat]);
      box.top = Math.min(box.top, y[seat]);
      box.bottom = Math.max(box.bottom, y[seat]);
    }
  }
  return boxes;
}

/** Letters of the words with which all names begin, when there is something behind them in each. */
function commonWords(names: readonly string[]): number {
  const [first = ''] = names;
  const words = first.match(/^(?:\S+\s+)+/)?.[0] ?? '';
  return names.length > 1 && names.every((name) => name.startsWith(words)) ? words.length : 0;
}
