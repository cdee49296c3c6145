import { runsOfRow, startsIn } from './seat-groups.js';
import type { LookChanges, SeatLooks } from './seat-looks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * The map as a list, step by step: section, then row, then seats together. Made for keyboards and
 * screen readers, and for whoever would rather read than aim.
 *
 * PI1  It lists only what the party can have now; an entry that leads nowhere is not there.
 * PI2  The groups of a row do not overlap, as long as that loses none of its seats to nobody.
 * PI3  It says what a look at every seat would, and looks only at rows of which a seat has changed:
 *      a page asks a few times a second while thousands buy.
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
  readonly #changes: LookChanges;
  /** Rows that have to be looked at before anything is said of them. */
  readonly #isStale: Uint8Array;
  /** Of the party that it was asked for last, by row: `PickerEntry` in columns. */
  #party = 0;
  readonly #seats: Uint32Array;
  /** NaN: none of its seats has a price. */
  readonly #least: Float64Array;
  readonly #most: Float64Array;

  constructor(
    private readonly plan: SeatPlan,
    private readonly looks: SeatLooks,
    private readonly prices: Prices,
  ) {
    this.#changes = looks.follow();
    this.#isStale = new Uint8Array(plan.rowCount);
    this.#seats = new Uint32Array(plan.rowCount);
    this.#least = new Float64Array(plan.rowCount);
    this.#most = new Float64Array(plan.rowCount);
  }

  sections(party: number): PickerEntry[] {
    this.#lookAgain(party);
    const entries = this.plan.document.sections.map((name, at) => new Tally(at, name));
    for (let row = 0; row < this.plan.rowCount; row += 1) {
      this.#addTo(entries[this.plan.sectionOfRow[row]], row);
    }
    return entries.filter(({ seats }) => seats > 0);
  }

  /** Rows of a section, in the order of the plan. */
  rows(section: number, party: number): PickerEntry[] {
    this.#lookAgain(party);
    const entries: Tally[] = [];
    for (let row = 0; row < this.plan.rowCount; row += 1) {
      if (this.plan.sectionOfRow[row] !== section) continue;
      const entry = new Tally(row, this.plan.rowName(row));
      this.#addTo(entry, row);
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

  /** PI3 */
  #lookAgain(party: number): void {
    for (const seat of this.#changes.take()) this.#isStale[this.plan.rowOfSeat[seat]] = 1;
    if (party !== this.#party) this.#isStale.fill(1);
    this.#party = party;
    for (let row = 0; row < this.plan.rowCount; row += 1) {
      if (this.#isStale[row] === 1) this.#count(row);
    }
    this.#isStale.fill(0);
  }

  #count(row: number): void {
    let [seats, least, most] = [0, NaN, NaN];
    for (const { first, count } of runsOfRow(this.plan, this.looks.bytes, row, this.#party)) {
      seats += count;
      let category = -1;
      for (let seat = first; seat < first + count; seat += 1) {
        if (this.plan.category[seat] === category) continue;
        category = this.plan.category[seat];
        const price = this.#price(seat);
        if (price === null) continue;
        least = price >= least ? least : price;
        most = price <= most ? most : price;
      }
    }
    this.#seats[row] = seats;
    this.#least[row] = least;
    this.#most[row] = most;
  }

  #addTo(entry: Tally, row: number): void {
    const [least, most] = [this.#least[row], this.#most[row]];
    entry.add(this.#seats[row], Number.isNaN(least) ? null : [least, most]);
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

  add(seats: number, prices: readonly [number, number] | null): void {
    this.seats += seats;
    if (prices === null) return;
    const [least, most] = this.prices ?? prices;
    this.prices = [Math.min(least, prices[0]), Math.max(most, prices[1])];
  }
}
