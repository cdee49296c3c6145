type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** 16, 256, 4,096, 65,536 places: at most so many times more room than is used. */
const stepBelowUsual = 16;

/**
 * A column with at least `length` places and the same beginning; the rest is zero. `usual` is how
 * long it becomes in a full house: the columns of an event that sells get there in few steps, so
 * that little is copied and thrown away, and end without room that nobody needs.
 */
export function grown<C extends Column>(column: C, length: number, usual = 0): C {
  const make = column.constructor as new (length: number) => C;
  const larger = new make(grownLength(column.length, length, usual));
  larger.set(column);
  return larger;
}

export function grownLength(now: number, least: number, usual: number): number {
  // Whoever knows how many come leaves room for those that come behind them.
  if (least <= usual && least * 2 > usual) return usual;
  const step = now >= usual ? now * 2 : Math.min(now * stepBelowUsual, usual);
  return Math.max(least, step);
}

/**
 * How many slots a loader reserves for so many entries: those behind a snapshot come at once, and
 * would have all columns copied. Memory that is not written yet costs nothing.
 */
export function roomFor(entries: number, limit: number): number {
  return Math.min(limit, entries + (entries >>> 2));
}

const low32 = 2 ** 32;
const highMax = 2 ** 21;

/** A number beyond 32 bits in two words of a row, the low one first. */
export function setLarge(rows: Int32Array, at: number, value: number): void {
  const high = Math.floor(value / low32);
  rows[at] = value - high * low32;
  rows[at + 1] = high;
}

/** True when `largeAt` reads a whole number that `setLarge` can have written. */
export function isLarge(rows: Int32Array, at: number): boolean {
  return rows[at + 1] >>> 0 < highMax;
}

export function largeAt(rows: Int32Array, at: number): number {
  return rows[at + 1] * low32 + (rows[at] >>> 0);
}
