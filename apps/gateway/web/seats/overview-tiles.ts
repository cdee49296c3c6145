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
  readonly #tiles: readonly Tile[];

  constructor(
    private readonly plan: SeatPlan,
    looks: SeatLooks,
    theme: MapTheme,
  ) {
    this.#raster = new OverviewRaster(plan, looks, theme.palette, seatPixelsOf(plan) / plan.pitch);
    this.#tiles = this.#raster.tiles.map((pixels) => tileOf(pixels));
    this.#raster.paint();
  }

  setTheme(theme: MapTheme): void {
    this.#raster.setPalette(theme.palette);
  }

  patch(seats: Uint32Array): void {
    this.#raster.patch(seats);
  }

  draw(context: CanvasRenderingContext2D, { scale, offsetX, offsetY }: View): void {
    this.#raster.takeDirty((index) => {
      const { canvas, image } = this.#tiles[index];
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    });
    const { bounds, pitch } = this.plan;
    const left = (bounds.left - pitch / 2) * scale + offsetX;
    const top = (bounds.top - pitch / 2) * scale + offsetY;
    const side = (tileSide / this.#raster.scale) * scale;
    // Else rows of a large house make patterns of their own.
    context.imageSmoothingQuality = 'high';
    this.#tiles.forEach(({ canvas }, index) => {
      const x = left + (index % this.#raster.columns) * side;
      const y = top + Math.floor(index / this.#raster.columns) * side;
      context.drawImage(canvas, x, y, side, side);
    });
  }
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
