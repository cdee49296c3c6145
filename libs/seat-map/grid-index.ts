import type { Box } from './seat-plan.js';

/**
 * Finds seats by their place: cells of one size over the plan, and in each the seats that stand in
 * it, all in two arrays. A hit test looks at a few cells, whatever the size of the house.
 *
 * GI1  `nearest` is the seat that a look at every seat would find; of two as near the lower index.
 */
export class GridIndex {
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  /** Cell c has seats[start[c]] to seats[start[c + 1] - 1], in their order. */
  readonly #start: Uint32Array;
  readonly #seats: Uint32Array;

  /** `cell`: side of one in plan units; about twice the distance of neighbours does well. */
  constructor(
    private readonly x: Float32Array,
    private readonly y: Float32Array,
    private readonly bounds: Box,
    cell: number,
  ) {
    const width = bounds.right - bounds.left;
    const height = bounds.bottom - bounds.top;
    // No more cells than four times the seats: a plan may have two blocks a mile apart.
    const least = Math.sqrt((width * height) / (4 * x.length + 16));
    this.#cell = Math.max(cell, least, Math.max(width, height) / 4_096, Number.MIN_VALUE);
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#rows = Math.floor(height / this.#cell) + 1;
    this.#start = new Uint32Array(this.#columns * this.#rows + 1);
    this.#seats = new Uint32Array(x.length);
    const cellOf = new Uint32Array(x.length);
    for (let seat = 0; seat < x.length; seat += 1) {
      cellOf[seat] = this.#cellAt(x[seat], y[seat]);
      this.#start[cellOf[seat] + 1] += 1;
    }
    for (let at = 1; at < this.#start.length; at += 1) this.#start[at] += this.#start[at - 1];
    const filled = this.#start.slice();
    for (let seat = 0; seat < x.length; seat += 1) this.#seats[filled[cellOf[seat]]++] = seat;
  }

  /** The nearest seat no further than `reach` plan units; -1: none (GI1). */
  nearest(x: number, y: number, reach: number): number {
    let found = -1;
    let best = reach * reach;
    const [fromColumn, toColumn] = [this.#column(x - reach), this.#column(x + reach)];
    const [fromRow, toRow] = [this.#row(y - reach), this.#row(y + reach)];
    for (let row = fromRow; row <= toRow; row += 1) {
      const first = this.#start[row * this.#columns + fromColumn];
      const end = this.#start[row * this.#columns + toColumn + 1];
      for (let at = first; at < end; at += 1) {
        const seat = this.#seats[at];
        const [dx, dy] = [this.x[seat] - x, this.y[seat] - y];
        const distance = dx * dx + dy * dy;
        if (distance < best || (distance === best && (found === -1 || seat < found))) {
          best = distance;
          found = seat;
        }
      }
    }
    return found;
  }

  /**
   * Writes the seats in the box to `into`, in no order, as many as there is room for; returns how
   * many there are. Seats on its edge are in it.
   */
  inBox({ left, top, right, bottom }: Box, into: Uint32Array): number {
    let count = 0;
    const [fromColumn, toColumn] = [this.#column(left), this.#column(right)];
    for (let row = this.#row(top); row <= this.#row(bottom); row += 1) {
      const end = this.#start[row * this.#columns + toColumn + 1];
      for (let at = this.#start[row * this.#columns + fromColumn]; at < end; at += 1) {
        const seat = this.#seats[at];
        const [x, y] = [this.x[seat], this.y[seat]];
        if (x < left || x > right || y < top || y > bottom) continue;
        if (count < into.length) into[count] = seat;
        count += 1;
      }
    }
    return count;
  }

  #cellAt(x: number, y: number): number {
    return this.#row(y) * this.#columns + this.#column(x);
  }

  #column(x: number): number {
    const at = Math.floor((x - this.bounds.left) / this.#cell);
    return Math.min(this.#columns - 1, Math.max(0, at));
  }

  #row(y: number): number {
    const at = Math.floor((y - this.bounds.top) / this.#cell);
    return Math.min(this.#rows - 1, Math.max(0, at));
  }
}
