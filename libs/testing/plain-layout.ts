import {
  usualRules,
  type InventoryLayout,
  type MinorUnits,
  type SaleRules,
} from '#libs/inventory/inventory.js';

export interface PlainRow {
  /**
   * One letter a seat: `.` ordinary, `w` wheelchair, `c` companion, `r` restricted view,
   * `h` hearing loop, `|` an aisle (no seat).
   */
  readonly seats: string;
  /** Index of the category of all its seats. */
  readonly category?: number;
  readonly section?: number;
  /** A round table: the last seat and the first are neighbours. */
  readonly round?: true;
}

export interface PlainArea {
  readonly capacity: number;
  readonly category?: number;
}

/**
 * A seating plan drawn by hand: rows one behind the other, seats one unit apart, the stage in front
 * of the middle of the first row. Coordinates are whole, so distances compare exactly.
 */
export function plainLayout(
  rows: readonly PlainRow[],
  areas: readonly PlainArea[] = [],
): InventoryLayout {
  const seats = rows.flatMap((row, r) => seatsOfRow(row, r));
  const rowStart = Uint32Array.from([0, ...rows.map((_, r) => seatsUpTo(seats, r))]);
  const categories = [...rows, ...areas].map(({ category }) => (category ?? 0) + 1);
  const sections = rows.map(({ section }) => (section ?? 0) + 1);
  const widest = Math.max(1, ...seats.map(({ x }) => x + 1));
  return {
    hash: 'ab'.repeat(32),
    seatCount: seats.length,
    rowCount: rows.length,
    rowStart,
    rowOfSeat: Uint32Array.from(seats, ({ row }) => row),
    neighbourNext: Uint8Array.from(seats, ({ joined }) => joined),
    categoryOfSeat: Uint16Array.from(seats, ({ category }) => category),
    sectionOfRow: Uint16Array.from(rows, ({ section }) => section ?? 0),
    flagsOfSeat: Uint8Array.from(seats, ({ flags }) => flags),
    x: Float32Array.from(seats, ({ x }) => x),
    y: Float32Array.from(seats, ({ row }) => row),
    focalX: Math.floor(widest / 2),
    focalY: -1,
    categories: named('category', Math.max(1, ...categories)),
    sections: named('section', Math.max(1, ...sections)),
    areas: areas.map(({ capacity, category }, i) => ({
      name: `area ${i}`,
      capacity,
      category: category ?? 0,
    })),
  };
}

/** A house of equal rows. */
export function blockLayout(rowCount: number, seatsPerRow: number): InventoryLayout {
  const row = { seats: '.'.repeat(seatsPerRow) };
  return plainLayout(Array.from({ length: rowCount }, () => row));
}

export function plainRules(changes: Partial<SaleRules> = {}): SaleRules {
  return {
    prices: [5_000, 3_000, 2_000, 1_000] as MinorUnits[],
    currency: 'EUR',
    opensAtMs: null,
    endsAtMs: null,
    buyers: 'guest',
    holdTtlMs: 600_000,
    holdTtlMsMax: 1_200_000,
    paymentTtlMs: 300_000,
    placesPerHoldMax: 10,
    placesPerBuyerMax: 10,
    strandedSingles: 'allow',
    ...usualRules,
    ...changes,
  };
}

interface PlainSeat {
  readonly row: number;
  readonly x: number;
  readonly flags: number;
  readonly category: number;
  readonly joined: number;
}

const flagsOf: Readonly<Record<string, number>> = { '.': 0, w: 1, c: 2, r: 4, h: 8 };

function seatsOfRow(row: PlainRow, index: number): PlainSeat[] {
  return [...row.seats].flatMap((letter, x) => {
    if (letter === '|') return [];
    const next = row.seats[x + 1];
    const joined = next !== undefined && next !== '|' ? 1 : 0;
    return [
      {
        row: index,
        x,
        flags: flagsOf[letter] | (row.round === true ? 128 : 0),
        category: row.category ?? 0,
        joined,
      },
    ];
  });
}

function seatsUpTo(seats: readonly PlainSeat[], row: number): number {
  return seats.filter((seat) => seat.row <= row).length;
}

function named(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${what} ${i}`);
}
