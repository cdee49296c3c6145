import { OverviewRaster, tileSide } from '#libs/seat-map/overview-raster.js';
import type { SeatLooks } from '#libs/seat-map/seat-looks.js';
import type { SeatPlan } from '#libs/seat-map/seat-plan.js';
import type { View } from '#libs/seat-map/viewport.js';
import type { MapTheme } from './map-theme.js';

/** Pixels between neighbours: sharp in a theatre, 3 million pixels in a house of 50,000 seats. */
const seatPixelsOf = ({ seatCount }: SeatPlan): number => (seatCount > 5_000 ? 7 : 16);

/** The overview's tiles as canvases: a frame puts them down, a change paints those it touched. */
export class OverviewTiles {
  readonly #raster: OverviewRaster;
  /** null: no seat is in it. */
  readonly #tiles: readonly (Tile | null)[];
  /** Grows when it looks otherwise. */
  version = 0;

  constructor(
    private readonly plan: SeatPlan,
    looks: SeatLooks,
    theme: MapTheme,
  ) {
    this.#raster = new OverviewRaster(plan, looks, theme.palette, seatPixelsOf(plan) / plan.pitch);
    this.#tiles = this.#raster.tiles.map((pixels) => (pixels.length === 0 ? null : tileOf(pixels)));
    this.#raster.paint();
  }

  setTheme(theme: MapTheme): void {
    this.version += 1;
    this.#raster.setPalette(theme.palette);
  }

  patch(seats: Uint32Array): void {
    if (seats.length > 0) this.version += 1;
    this.#raster.patch(seats);
  }

  /** Those that are on paper of this size. */
  draw(context: CanvasRenderingContext2D, { scale, offsetX, offsetY }: View, paper: Paper): void {
    this.#raster.takeDirty((index) => {
      const tile = this.#tiles[index];
      tile?.canvas.getContext('2d')?.putImageData(tile.image, 0, 0);
    });
    const { bounds, pitch } = this.plan;
    const left = (bounds.left - pitch / 2) * scale + offsetX;
    const top = (bounds.top - pitch / 2) * scale + offsetY;
    const side = (tileSide / this.#raster.scale) * scale;
    // Else rows of a large house make patterns of their own.
    context.imageSmoothingQuality = 'high';
    this.#tiles.forEach((tile, index) => {
      const x = left + (index % this.#raster.columns) * side;
      const y = top + Math.floor(index / this.#raster.columns) * side;
      const isSeen = x < paper.width && y < paper.height && x + side > 0 && y + side > 0;
      if (tile !== null && isSeen) context.drawImage(tile.canvas, x, y, side, side);
    });
  }
}

export interface Paper {
  readonly width: number;
  readonly height: number;
}

interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly image: ImageData;
}

function tileOf(pixels: Uint32Array): Tile {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [tileSide, tileSide];
  const bytes = new Uint8ClampedArray(
    pixels.buffer as ArrayBuffer,
    pixels.byteOffset,
    pixels.byteLength,
  );
  return { canvas, image: new ImageData(bytes, tileSide, tileSide) };
}
