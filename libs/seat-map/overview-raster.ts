import { categoryColour, pixelOf, type Palette } from './palette.js';
import { look, looks, type SeatLooks } from './seat-looks.js';
import { marksOf } from './seat-marks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * The overview of a house as pixels, in square tiles that a page puts on its canvas as they are
 * (ImageData): drawing 50,000 seats is filling arrays, and a change makes its tile anew. It keeps
 * no pixels: one room for those of a tile does for all of them, since the page has its canvases.
 *
 * OR1  A pixel is that of the seat with the highest index of those that lie over each other there.
 * OR2  A tile is dirty while its pixels are others than when it was painted last, and at first.
 */
export const tileSide = 256;
const tileShift = 8;
const tileMask = tileSide - 1;
/** Of a whole raster; 16 million pixels are 64 MB on the page's canvases. */
const pixelsMax = 16_777_216;
const seatSideMax = 12;
/** Between neighbours: below it seats would share pixels; a canvas makes it smaller, smoothly. */
const seatPixelsLeast = 1.5;
/** Part of the distance of neighbours that a seat covers. */
const cover = 0.75;

export class OverviewRaster {
  /** Pixels a plan unit. */
  readonly scale: number;
  readonly columns: number;
  readonly rows: number;
  /** Of a seat in pixels. */
  readonly side: number;
  readonly #left: Int32Array;
  readonly #top: Int32Array;
  /** Tile t shows seats[start[t]] to seats[start[t + 1] - 1], in their order. */
  readonly #start: Uint32Array;
  readonly #seats: Uint32Array;
  readonly #dirty: Uint8Array;
  readonly #marks: readonly Uint8Array[];
  /** Of the seat that was asked for last. */
  readonly #found = new Uint32Array(4);
  #colours: Uint32Array;

  /** `scale` is made larger for seats of less than a pixel, smaller for 16 million pixels. */
  constructor(
    private readonly plan: SeatPlan,
    private readonly seatLooks: SeatLooks,
    palette: Palette,
    scale: number,
  ) {
    const { bounds, pitch, seatCount } = plan;
    const width = bounds.right - bounds.left + pitch;
    const height = bounds.bottom - bounds.top + pitch;
    const most = Math.sqrt(pixelsMax / (width * height));
    this.scale = Math.min(Math.max(scale, seatPixelsLeast / pitch), most);
    this.side = Math.min(seatSideMax, Math.max(1, Math.round(pitch * this.scale * cover)));
    this.columns = Math.ceil((width * this.scale + this.side) / tileSide);
    this.rows = Math.ceil((height * this.scale + this.side) / tileSide);
    this.#left = new Int32Array(seatCount);
    this.#top = new Int32Array(seatCount);
    const margin = (pitch * this.scale - this.side) / 2;
    for (let seat = 0; seat < seatCount; seat += 1) {
      this.#left[seat] = Math.max(0, (plan.x[seat] - bounds.left) * this.scale + margin);
      this.#top[seat] = Math.max(0, (plan.y[seat] - bounds.top) * this.scale + margin);
    }
    this.#start = new Uint32Array(this.tileCount + 1);
    this.#seats = this.#sortIntoTiles();
    this.#dirty = new Uint8Array(this.tileCount);
    this.#marks = marksOf(this.side);
    this.#colours = coloursOf(plan, palette);
    this.#allDirty();
  }

  get tileCount(): number {
    return this.columns * this.rows;
  }

  /** The field of a stadium, the corners around it: no seat is in it. */
  isEmpty(tile: number): boolean {
    return this.#start[tile] === this.#start[tile + 1];
  }

  setPalette(palette: Palette): void {
    this.#colours = coloursOf(this.plan, palette);
    this.#allDirty();
  }

  /** Those seats look otherwise. */
  patch(seats: Uint32Array): void {
    for (const seat of seats) {
      const count = this.#findTiles(seat);
      for (let at = 0; at < count; at += 1) this.#dirty[this.#found[at]] = 1;
    }
  }

  /** OR2 */
  isDirty(tile: number): boolean {
    return this.#dirty[tile] === 1;
  }

  /**
   * How a tile looks now (OR1), into room for tileSide * tileSide pixels, row by row: 0xAABBGGRR, 0
   * where there is nothing.
   */
  paintTile(tile: number, pixels: Uint32Array): void {
    pixels.fill(0);
    this.#dirty[tile] = 0;
    const left = (tile % this.columns) << tileShift;
    const top = Math.floor(tile / this.columns) << tileShift;
    for (let at = this.#start[tile]; at < this.#start[tile + 1]; at += 1) {
      const seat = this.#seats[at];
      this.#stamp(seat, this.#left[seat] - left, this.#top[seat] - top, pixels);
    }
  }

  /** Where it is in the tile; less than 0 and over its edge for what is in two of them. */
  #stamp(seat: number, left: number, top: number, pixels: Uint32Array): void {
    const { side } = this;
    const shown = this.seatLooks.bytes[seat];
    const colour = this.#colours[this.plan.category[seat] * looks.length + shown];
    const mark = this.#marks[shown];
    const [fromX, toX] = [Math.max(0, -left), Math.min(side, tileSide - left)];
    const [fromY, toY] = [Math.max(0, -top), Math.min(side, tileSide - top)];
    for (let y = fromY; y < toY; y += 1) {
      const row = ((top + y) << tileShift) + left;
      for (let x = fromX; x < toX; x += 1) {
        pixels[row + x] = mark[y * side + x] === 1 ? colour : 0;
      }
    }
  }

  #sortIntoTiles(): Uint32Array {
    const { seatCount } = this.plan;
    for (let seat = 0; seat < seatCount; seat += 1) {
      const count = this.#findTiles(seat);
      for (let at = 0; at < count; at += 1) this.#start[this.#found[at] + 1] += 1;
    }
    for (let tile = 1; tile < this.#start.length; tile += 1) {
      this.#start[tile] += this.#start[tile - 1];
    }
    const seats = new Uint32Array(this.#start[this.tileCount]);
    const filled = this.#start.slice();
    for (let seat = 0; seat < seatCount; seat += 1) {
      const count = this.#findTiles(seat);
      for (let at = 0; at < count; at += 1) seats[filled[this.#found[at]]++] = seat;
    }
    return seats;
  }

  /**
   * The tile of a seat, and those beside it whose edge it lies over: written to #found, how many
   * there are is returned. No function is called for each, as a page waits for 50,000 of them.
   */
  #findTiles(seat: number): number {
    const [left, top] = [this.#left[seat], this.#top[seat]];
    const last = this.side - 1;
    const tile = (top >> tileShift) * this.columns + (left >> tileShift);
    const found = this.#found;
    let count = 0;
    const isWide = (left & tileMask) + last > tileMask;
    const isHigh = (top & tileMask) + last > tileMask;
    found[count++] = tile;
    if (isWide) found[count++] = tile + 1;
    if (isHigh) found[count++] = tile + this.columns;
    if (isWide && isHigh) found[count++] = tile + this.columns + 1;
    return count;
  }

  #allDirty(): void {
    for (let tile = 0; tile < this.tileCount; tile += 1) {
      this.#dirty[tile] = this.isEmpty(tile) ? 0 : 1;
    }
  }
}

/** Pixel by category and look. */
function coloursOf({ document }: SeatPlan, palette: Palette): Uint32Array {
  const colours = new Uint32Array(Math.max(1, document.categories.length) * looks.length);
  for (let category = 0; category * looks.length < colours.length; category += 1) {
    const own = pixelOf(categoryColour(palette, category));
    const gone = pixelOf(palette.gone);
    const row = category * looks.length;
    colours[row + look.free] = own;
    colours[row + look.held] = own;
    colours[row + look.booked] = gone;
    colours[row + look.blocked] = gone;
    colours[row + look.unknown] = pixelOf(palette.unknown);
    colours[row + look.mine] = pixelOf(palette.mine);
    colours[row + look.aside] = own;
  }
  return colours;
}
