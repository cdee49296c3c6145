import { OverviewRaster, tileSide } from '#libs/seat-map/overview-raster.js';
import type { LookChanges, SeatLooks } from '#libs/seat-map/seat-looks.js';
import type { SeatPlan } from '#libs/seat-map/seat-plan.js';
import type { View } from '#libs/seat-map/viewport.js';
import type { MapTheme } from './map-theme.js';

/** Canvases of one raster that are kept in any case, 6 MB. */
const tilesKept = 24;
/** Beside those of the fullest screen so far: what a hand that pans comes back to. */
const tilesBeside = 8;

/** Of the tile that is painted now. */
const pixels = new Uint32Array(tileSide * tileSide);
const image = new ImageData(new Uint8ClampedArray(pixels.buffer), tileSide, tileSide);

/** Pictures of all seats from afar, in tiles: changes are painted on those that they touch. */
export class OverviewTiles {
  readonly #raster: OverviewRaster;
  readonly #changes: LookChanges;
  /** Those that were drawn, the latest last. */
  readonly #tiles = new Map<number, HTMLCanvasElement>();
  /** The most that were drawn at once: with fewer of them a large screen would paint each anew. */
  #most = 0;
  /** Grows when it looks otherwise. */
  version = 0;

  constructor(
    private readonly plan: SeatPlan,
    looks: SeatLooks,
    theme: MapTheme,
    seatPixels: number,
  ) {
    this.#raster = new OverviewRaster(plan, looks, theme.palette, seatPixels / plan.pitch);
    this.#changes = looks.follow();
  }

  setTheme(theme: MapTheme): void {
    this.version += 1;
    this.#raster.setPalette(theme.palette);
  }

  /** Seats that have changed since. */
  refresh(): void {
    const seats = this.#changes.take();
    if (seats.length === 0) return;
    this.version += 1;
    this.#raster.patch(seats);
  }

  /** A few that are not seen now, so that they are not all to be painted when they are. */
  catchUp(most: number): void {
    let left = most;
    for (const [tile, canvas] of this.#tiles) {
      if (left === 0) return;
      if (!this.#raster.isDirty(tile)) continue;
      this.#paint(tile, canvas);
      left -= 1;
    }
  }

  /** Those that meet a part of the screen. Not smooth, rows of a large house make patterns. */
  draw(
    context: CanvasRenderingContext2D,
    { scale, offsetX, offsetY }: View,
    part: ScreenPart,
    smooth: ImageSmoothingQuality,
  ): void {
    const { bounds, pitch } = this.plan;
    const left = (bounds.left - pitch / 2) * scale + offsetX;
    const top = (bounds.top - pitch / 2) * scale + offsetY;
    const side = (tileSide / this.#raster.scale) * scale;
    const [right, bottom] = [part.left + part.width, part.top + part.height];
    context.imageSmoothingQuality = smooth;
    let drawn = 0;
    for (let tile = 0; tile < this.#raster.tileCount; tile += 1) {
      if (this.#raster.isEmpty(tile)) continue;
      const x = left + (tile % this.#raster.columns) * side;
      const y = top + Math.floor(tile / this.#raster.columns) * side;
      const isSeen = x < right && y < bottom && x + side > part.left && y + side > part.top;
      if (!isSeen) continue;
      drawn += 1;
      this.#most = Math.max(this.#most, drawn);
      context.drawImage(this.#tile(tile), x, y, side, side);
    }
  }

  #tile(tile: number): HTMLCanvasElement {
    const known = this.#tiles.get(tile);
    const canvas = known ?? this.#canvas();
    if (known === undefined || this.#raster.isDirty(tile)) this.#paint(tile, canvas);
    this.#tiles.delete(tile);
    this.#tiles.set(tile, canvas);
    return canvas;
  }

  /** That of the tile that was drawn longest ago, or a new one: a browser lets go of them late. */
  #canvas(): HTMLCanvasElement {
    if (this.#tiles.size >= Math.max(tilesKept, this.#most + tilesBeside)) {
      for (const [tile, canvas] of this.#tiles) {
        this.#tiles.delete(tile);
        return canvas;
      }
    }
    return newTile();
  }

  #paint(tile: number, canvas: HTMLCanvasElement): void {
    this.#raster.paintTile(tile, pixels);
    canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}

/** Pixels of the page. */
export interface ScreenPart {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function newTile(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [tileSide, tileSide];
  return canvas;
}
