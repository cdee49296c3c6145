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
  const step = now >= usual ? now * 2 : Math.min(now * stepBelowUsual, usual);
  return Math.max(least, step);
}
