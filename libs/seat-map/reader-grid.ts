import type { SeatPlan } from './seat-plan.js';

/**
 * The map as a grid for screen readers: a row of it is a row of the plan, its cells are the seats
 * in their order. The page makes elements for a window of it, with the row count of the whole, and
 * keeps the focus in step with the map.
 *
 * RG1  A move never leaves the grid. Up and down go to the seat that stands nearest in the other
 *      row, as eyes would.
 * RG2  Left is left on the screen: in pages that are read from the right the cells of a row stand
 *      the other way around, and so do the keys.
 */
export type GridKey = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'page_up' | 'page_down';

export interface GridWindow {
  readonly firstRow: number;
  /** Not in the window any more. */
  readonly endRow: number;
}

const pageRows = 5;

export class ReaderGrid {
  constructor(
    private readonly plan: SeatPlan,
    private readonly rightToLeft = false,
  ) {}

  /** aria-rowcount */
  get rowCount(): number {
    return this.plan.rowCount;
  }

  /** aria-rowindex and aria-colindex, from 1. */
  placeOf(seat: number): { readonly row: number; readonly column: number } {
    const row = this.plan.rowOfSeat[seat];
    return { row: row + 1, column: seat - this.plan.rowStart[row] + 1 };
  }

  /** Rows around the focus that the page makes elements for. */
  windowAround(seat: number, rows: number): GridWindow {
    const row = this.plan.rowOfSeat[seat];
    const last = Math.max(0, this.rowCount - rows);
    const firstRow = Math.min(last, Math.max(0, row - (rows >> 1)));
    return { firstRow, endRow: Math.min(this.rowCount, firstRow + rows) };
  }

  /** Seats of a row: from seat `first`, below `end`. */
  cellsOf(row: number): { readonly first: number; readonly end: number } {
    return { first: this.plan.rowStart[row], end: this.plan.rowStart[row + 1] };
  }

  /** Where the key leads from a seat (RG1, RG2). */
  move(seat: number, key: GridKey): number {
    const row = this.plan.rowOfSeat[seat];
    const { first, end } = this.cellsOf(row);
    const forward = this.rightToLeft ? 'left' : 'right';
    switch (key) {
      case 'left':
      case 'right':
        return Math.min(end - 1, Math.max(first, seat + (key === forward ? 1 : -1)));
      case 'home':
        return first;
      case 'end':
        return end - 1;
      case 'up':
        return this.#toRow(seat, row - 1);
      case 'down':
        return this.#toRow(seat, row + 1);
      case 'page_up':
        return this.#toRow(seat, row - pageRows);
      case 'page_down':
        return this.#toRow(seat, row + pageRows);
    }
  }

  #toRow(seat: number, wanted: number): number {
    const row = Math.min(this.rowCount - 1, Math.max(0, wanted));
    const { first, end } = this.cellsOf(row);
    if (row === this.plan.rowOfSeat[seat]) return seat;
    const { x, y } = this.plan;
    let best = first;
    let least = Infinity;
    for (let other = first; other < end; other += 1) {
      const distance = Math.hypot(x[other] - x[seat], y[other] - y[seat]);
      if (distance < least) [best, least] = [other, distance];
    }
    return best;
  }
}
