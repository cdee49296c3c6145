type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** A column with at least `length` places and the same beginning; the rest is zero. */
export function grown<C extends Column>(column: C, length: number): C {
  const make = column.constructor as new (length: number) => C;
  const larger = new make(Math.max(length, column.length * 2));
  larger.set(column);
  return larger;
}
