import { OverviewRaster, tileSide } from '#libs/seat-map/overview-raster.js';
import type { LookChanges, SeatLooks } from '#libs/seat-map/seat-looks.js';
import type { SeatPlan } from '#libs/seat-map/seat-plan.js';
import type { View } from '#libs/seat-map/viewport.js';
import type { MapTheme } from './map-theme.js';

/** Pixels between neighbours: sharp in a theatre, 3 million pixels in a house of 50,000 seats. */
export const seatPixelsOf = ({ seatCount }: SeatPlan): number => (seatCount > 5_000 ? 7 : 16);

/** Of the tile that is painted now. */
const pixels = new Uint32Array(tileSide * tileSide);
const image = new ImageData(new Uint8ClampedArray(pixels.buffer), tileSide, tileSide);

/** Pictures of all seats from afar, in tiles: changes are painted on those that they touch. */
export class OverviewTiles {
  readonly #raster: OverviewRaster;
  readonly #changes: LookChanges;
  /** null: no seat is in it. */
  readonly #tiles: readonly (HTMLCanvasElement | null)[];
  /** Grows when it looks otherwise. */
  version = 0;

  constructor(
    private readonly plan: SeatPlan,
    looks: SeatLooks,
    theme: MapTheme,
    seatPixels: number,
  ) {
    const raster = new OverviewRaster(plan, looks, theme.palette, seatPixels / plan.pitch);
    this.#raster = raster;
    this.#tiles = Array.from({ length: raster.tileCount }, (_none, tile) =>
      raster.isEmpty(tile) ? null : newTile(),
    );
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

  /** Those that meet a part of the screen. Not smooth, rows of a large house make patterns. */
  draw(
    context: CanvasRenderingContext2D,
    { scale, offsetX, offsetY }: View,
    part: ScreenPart,
    smooth: ImageSmoothingQuality,
  ): void {
    this.#raster.takeDirty((tile) => {
      this.#raster.paintTile(tile, pixels);
      this.#tiles[tile]?.getContext('2d')?.putImageData(image, 0, 0);
    });
    const { bounds, pitch } = this.plan;
    const left = (bounds.left - pitch / 2) * scale + offsetX;
    const top = (bounds.top - pitch / 2) * scale + offsetY;
    const side = (tileSide / this.#raster.scale) * scale;
    const [right, bottom] = [part.left + part.width, part.top + part.height];
    context.imageSmoothingQuality = smooth;
    this.#tiles.forEach((tile, index) => {
      const x = left + (index % this.#raster.columns) * side;
      const y = top + Math.floor(index / this.#raster.columns) * side;
      const isSeen = x < right && y < bottom && x + side > part.left && y + side > part.top;
      if (tile !== null && isSeen) context.drawImage(tile, x, y, side, side);
    });
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
