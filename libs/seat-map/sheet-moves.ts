import type { View } from './viewport.js';

/**
 * A map is painted on a sheet once and then moved: what a hand drags is copied, and only what comes
 * into sight is painted. Which pixels those are.
 *
 * SHM1  What a move leaves empty is named whole, and no pixel of it twice: half-clear shapes would
 *      be darker there.
 * SHM2  Bands cover a sheet from its top to its bottom, each pixel once.
 */
export interface Pixels {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface SheetSize {
  readonly width: number;
  readonly height: number;
}

/** The same view with its offsets on whole pixels: what is moved by whole pixels stays sharp. */
export const snapped = ({ scale, offsetX, offsetY }: View, pixelRatio: number): View => ({
  scale,
  offsetX: Math.round(offsetX * pixelRatio) / pixelRatio,
  offsetY: Math.round(offsetY * pixelRatio) / pixelRatio,
});

/** What is empty after everything has been moved by so many whole pixels (SHM1). */
export function emptiedBy(dx: number, dy: number, { width, height }: SheetSize): Pixels[] {
  const [across, down] = [Math.min(Math.abs(dx), width), Math.min(Math.abs(dy), height)];
  const rows = { left: 0, top: dy > 0 ? 0 : height - down, width, height: down };
  const beside = {
    ...{ left: dx > 0 ? 0 : width - across, top: dy > 0 ? down : 0 },
    ...{ width: across, height: height - down },
  };
  return [rows, beside].filter((pixels) => pixels.width > 0 && pixels.height > 0);
}

/** SHM2; `count` of them, fewer of a sheet with fewer rows. */
export function bandsOf({ width, height }: SheetSize, count: number): Pixels[] {
  const bands = Math.max(1, Math.min(count, height));
  return Array.from({ length: bands }, (_none, at) => {
    const top = Math.floor((height * at) / bands);
    return { left: 0, top, width, height: Math.floor((height * (at + 1)) / bands) - top };
  });
}

/** Around a point, as much of it as is on the sheet; null: nothing. */
export function pixelsAround(
  x: number,
  y: number,
  reach: number,
  { width, height }: SheetSize,
): Pixels | null {
  const [left, top] = [Math.max(0, Math.floor(x - reach)), Math.max(0, Math.floor(y - reach))];
  const [right, bottom] = [Math.min(width, Math.ceil(x + reach)), Math.ceil(y + reach)];
  const [across, down] = [right - left, Math.min(height, bottom) - top];
  return across <= 0 || down <= 0 ? null : { left, top, width: across, height: down };
}
