import { GridIndex } from './grid-index.js';
import { categoryColour, pixelOf, type Palette } from './palette.js';
import { look, looks, type SeatLooks } from './seat-looks.js';
import { marksOf } from './seat-marks.js';
import type { SeatPlan } from './seat-plan.js';

/**
 * The overview of a house as pixels, in square tiles that a page puts on its canvas as they are
 * (ImageData): drawing 50,000 seats is filling arrays, and a change of 200 seats touches theirs.
 *
 * OR1  Patched pixels are those that painting everything anew would give: also where seats overlap,
 *      of which the one with the highest index is seen.
 * OR2  `takeDirty` names every tile whose pixels changed since it was taken last.
 */
export const tileSide = 256;
const tileShift = 8;
const tileMask = tileSide - 1;
/** Of a whole raster; 16 million pixels are 64 MB. */
const pixelsMax = 16_777_216;
const seatSideMax = 12;
/** Seats that can lie over one: more than any house copies onto one place. */
const nearMax = 1_024;
/** Between neighbours: below it seats would share pixels; a canvas makes it smaller, smoothly. */
const seatPixelsLeast = 1.5;
/** Part of the distance of neighbours that a seat covers. */
const cover = 0.75;

export class OverviewRaster {
  /** Pixels a plan unit. */
  readonly scale: number;
  readonly columns: number;
  readonly rows: number;
  /**
   * Row by row; each has tileSide * tileSide pixels, 0xAABBGGRR, 0 where there is nothing. Empty:
   * no seat is in it.
   */
  readonly tiles: readonly Uint32Array[];
  /** Of a seat in pixels. */
  readonly side: number;
  readonly #left: Int32Array;
  readonly #top: Int32Array;
  readonly #overlaps: Uint8Array;
  readonly #grid: GridIndex;
  readonly #near: Uint32Array;
  readonly #dirty: Uint8Array;
  #marks: readonly Uint8Array[];
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
    const area = tileSide * tileSide;
    this.tiles = Array.from({ length: this.columns * this.rows }, () => new Uint32Array(area));
    this.#dirty = new Uint8Array(this.tiles.length);
    this.#left = new Int32Array(seatCount);
    this.#top = new Int32Array(seatCount);
    const margin = (pitch * this.scale - this.side) / 2;
    for (let seat = 0; seat < seatCount; seat += 1) {
      this.#left[seat] = Math.max(0, (plan.x[seat] - bounds.left) * this.scale + margin);
      this.#top[seat] = Math.max(0, (plan.y[seat] - bounds.top) * this.scale + margin);
    }
    this.#grid = new GridIndex(plan.x, plan.y, bounds, 2 * pitch);
    this.#near = new Uint32Array(nearMax);
    this.#overlaps = this.#findOverlaps();
    this.tiles = this.tiles.map((tile, at) => (this.#dirty[at] === 1 ? tile : noPixels));
    this.#marks = marksOf(this.side);
    this.#colours = coloursOf(plan, palette);
  }

  /** Everything anew; also after another palette was set. */
  paint(): void {
    for (const tile of this.tiles) tile.fill(0);
    this.tiles.forEach((tile, at) => (this.#dirty[at] = tile.length === 0 ? 0 : 1));
    for (let seat = 0; seat < this.plan.seatCount; seat += 1) this.#stamp(seat);
  }

  setPalette(palette: Palette): void {
    this.#colours = coloursOf(this.plan, palette);
    this.paint();
  }

  /** Those seats as they look now (OR1). */
  patch(seats: Uint32Array): void {
    for (const seat of seats) {
      if (this.#overlaps[seat] === 1) this.#stampBetween(seat);
      else this.#stamp(seat);
    }
  }

  /** Calls back with the index of each changed tile, once (OR2). */
  takeDirty(visit: (tile: number) => void): void {
    for (let tile = 0; tile < this.#dirty.length; tile += 1) {
      if (this.#dirty[tile] === 0) continue;
      this.#dirty[tile] = 0;
      visit(tile);
    }
  }

  #stamp(seat: number): void {
    const { side } = this;
    const [left, top] = [this.#left[seat], this.#top[seat]];
    const shown = this.seatLooks.bytes[seat];
    const colour = this.#colours[this.plan.category[seat] * looks.length + shown];
    const mark = this.#marks[shown];
    const inColumn = left & tileMask;
    const inRow = top & tileMask;
    if (inColumn + side > tileSide || inRow + side > tileSide) {
      return this.#stampAcross(left, top, mark, colour);
    }
    const index = (top >> tileShift) * this.columns + (left >> tileShift);
    const tile = this.tiles[index];
    this.#dirty[index] = 1;
    let to = (inRow << tileShift) + inColumn;
    for (let from = 0; from < mark.length; to += tileSide - side) {
      for (const end = from + side; from < end; from += 1, to += 1) {
        tile[to] = mark[from] === 1 ? colour : 0;
      }
    }
  }

  /** Over the edge of a tile. */
  #stampAcross(left: number, top: number, mark: Uint8Array, colour: number): void {
    for (let at = 0; at < mark.length; at += 1) {
      const x = left + (at % this.side);
      const y = top + Math.floor(at / this.side);
      const index = (y >> tileShift) * this.columns + (x >> tileShift);
      this.#dirty[index] = 1;
      const to = ((y & tileMask) << tileShift) + (x & tileMask);
      this.tiles[index][to] = mark[at] === 1 ? colour : 0;
    }
  }

  /** Each pixel of its square is that of the highest seat which covers it. */
  #stampBetween(seat: number): void {
    const count = this.#touching(seat);
    const [left, top, side] = [this.#left[seat], this.#top[seat], this.side];
    for (let y = top; y < top + side; y += 1) {
      for (let x = left; x < left + side; x += 1) {
        let highest = seat;
        for (let at = 0; at < count; at += 1) {
          const other = this.#near[at];
          const [dx, dy] = [x - this.#left[other], y - this.#top[other]];
          if (other > highest && dx >= 0 && dx < side && dy >= 0 && dy < side) highest = other;
        }
        this.#setPixel(highest, x, y);
      }
    }
  }

  #setPixel(seat: number, x: number, y: number): void {
    const shown = this.seatLooks.bytes[seat];
    const at = (y - this.#top[seat]) * this.side + (x - this.#left[seat]);
    const index = (y >> tileShift) * this.columns + (x >> tileShift);
    const colour = this.#colours[this.plan.category[seat] * looks.length + shown];
    this.#dirty[index] = 1;
    this.tiles[index][((y & tileMask) << tileShift) + (x & tileMask)] =
      this.#marks[shown][at] === 1 ? colour : 0;
  }

  /** Writes the others whose squares meet this one's to #near; how many. */
  #touching(seat: number): number {
    const reach = (this.side + 1) / this.scale;
    const [x, y] = [this.plan.x[seat], this.plan.y[seat]];
    const box = {
      left: x - reach,
      top: y - reach,
      right: x + reach,
      bottom: y + reach,
    };
    const count = Math.min(this.#grid.inBox(box, this.#near), this.#near.length);
    let kept = 0;
    for (let at = 0; at < count; at += 1) {
      const other = this.#near[at];
      const apart =
        Math.abs(this.#left[other] - this.#left[seat]) >= this.side ||
        Math.abs(this.#top[other] - this.#top[seat]) >= this.side;
      if (other !== seat && !apart) this.#near[kept++] = other;
    }
    return kept;
  }

  /**
   * Puts the number of each seat on its pixels: who finds another's there overlaps it. The tiles
   * that have any are left dirty.
   */
  #findOverlaps(): Uint8Array {
    const { side, tiles } = this;
    const found = new Uint8Array(this.plan.seatCount);
    for (let seat = 0; seat < found.length; seat += 1) {
      for (let y = this.#top[seat]; y < this.#top[seat] + side; y += 1) {
        for (let x = this.#left[seat]; x < this.#left[seat] + side; x += 1) {
          const tile = tiles[(y >> tileShift) * this.columns + (x >> tileShift)];
          const at = ((y & tileMask) << tileShift) + (x & tileMask);
          this.#dirty[(y >> tileShift) * this.columns + (x >> tileShift)] = 1;
          if (tile[at] !== 0) found[seat] = found[tile[at] - 1] = 1;
          tile[at] = seat + 1;
        }
      }
    }
    for (const tile of tiles) tile.fill(0);
    return found;
  }
}

/** Of a tile without seats: the field of a stadium, the corners around it. */
const noPixels = new Uint32Array(0);

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
