import { runsOfRow, startsIn } from './seat-groups.js';
import type { SeatLooks } from './seat-looks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * The map as a list, step by step: section, then row, then seats together. Made for keyboards and
 * screen readers, and for whoever would rather read than aim.
 *
 * PI1  It lists only what the party can have now; an entry that leads nowhere is not there.
 * PI2  The groups of a row do not overlap, as long as that loses none of its seats to nobody.
 */
export interface PickerEntry {
  /** Index of the section or row. */
  readonly at: number;
  readonly name: string;
  /** Free seats with room for the party. */
  readonly seats: number;
  /** Cheapest and dearest, in minor units; null: none of them has a price. */
  readonly prices: readonly [number, number] | null;
}

export interface SeatGroup {
  readonly seats: readonly number[];
  /** Of all its seats, in minor units; null: one of them has none. */
  readonly total: number | null;
}

export interface Prices {
  /** Per category index in minor units; null: not for sale. */
  readonly byCategory: readonly (number | null)[];
}

export class Picker {
  constructor(
    private readonly plan: SeatPlan,
    private readonly looks: SeatLooks,
    private readonly prices: Prices,
  ) {}

  sections(party: number): PickerEntry[] {
    const entries = this.plan.document.sections.map((name, at) => new Tally(at, name));
    for (let row = 0; row < this.plan.rowCount; row += 1) {
      this.#count(entries[this.plan.sectionOfRow[row]], row, party);
    }
    return entries.filter(({ seats }) => seats > 0);
  }

  /** Rows of a section, in the order of the plan. */
  rows(section: number, party: number): PickerEntry[] {
    const entries: Tally[] = [];
    for (let row = 0; row < this.plan.rowCount; row += 1) {
      if (this.plan.sectionOfRow[row] !== section) continue;
      const entry = new Tally(row, this.plan.rowName(row));
      this.#count(entry, row, party);
      if (entry.seats > 0) entries.push(entry);
    }
    return entries;
  }

  /** Blocks of a row that the party can have, from its first seat on (PI2). */
  groups(row: number, party: number): SeatGroup[] {
    return runsOfRow(this.plan, this.looks.bytes, row, party).flatMap((run) => {
      const apart: number[] = [];
      for (const start of startsIn(run, party)) {
        const before = apart.at(-1);
        if (before === undefined || start >= before + party) apart.push(start);
      }
      return apart.map((start) => this.#group(start, party));
    });
  }

  #group(start: number, party: number): SeatGroup {
    const seats = Array.from({ length: party }, (_none, at) => start + at);
    const costs = seats.map((seat) => this.#price(seat));
    const total = costs.reduce<number | null>(
      (sum, cost) => (sum === null || cost === null ? null : sum + cost),
      0,
    );
    return { seats, total };
  }

  #count(entry: Tally, row: number, party: number): void {
    for (const { first, count } of runsOfRow(this.plan, this.looks.bytes, row, party)) {
      for (let seat = first; seat < first + count; seat += 1) entry.add(this.#price(seat));
    }
  }

  #price(seat: number): number | null {
    return this.prices.byCategory[this.plan.category[seat]] ?? null;
  }
}

class Tally implements PickerEntry {
  seats = 0;
  prices: [number, number] | null = null;

  constructor(
    readonly at: number,
    readonly name: string,
  ) {}

  add(price: number | null): void {
    this.seats += 1;
    if (price === null) return;
    const [least, most] = this.prices ?? [price, price];
    this.prices = [Math.min(least, price), Math.max(most, price)];
  }
}
