type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** From here on something grows to its usual size at once; below, in steps. */
const busyFrom = 1_024;
const stepBelow = 16;

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
  const step = now >= usual ? now * 2 : now >= busyFrom ? usual : Math.min(now * stepBelow, usual);
  return Math.max(least, step);
}
