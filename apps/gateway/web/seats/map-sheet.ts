import type { DetailLevel } from '#libs/seat-map/detail-level.js';
import {
  bandsOf,
  emptiedBy,
  pixelsAround,
  type Pixels,
  type SheetSize,
} from '#libs/seat-map/sheet-moves.js';
import type { View } from '#libs/seat-map/viewport.js';
import { paintPart, type PaintedMap } from './map-painter.js';

/**
 * A part of the plan as it was painted once, in pixels of the screen. What is dragged is copied and
 * its edge painted; a seat that changed is painted anew with what lies around it.
 */
export class MapSheet {
  readonly canvas = document.createElement('canvas');
  view: View = { scale: 1, offsetX: 0, offsetY: 0 };
  level: DetailLevel = 'sections';
  readonly #context = this.canvas.getContext('2d');
  /** Not painted yet. */
  #bands: Pixels[] = [];

  get isWhole(): boolean {
    return this.#bands.length === 0;
  }

  /** Empty, for another view; `paintBand` fills it, in so many turns. */
  begin(map: PaintedMap, view: View, size: SheetSize, bands: number): void {
    const { canvas } = this;
    if (canvas.width !== size.width || canvas.height !== size.height) {
      [canvas.width, canvas.height] = [size.width, size.height];
    }
    [this.view, this.level] = [view, map.level];
    this.#bands = bandsOf(size, bands);
  }

  paintBand(map: PaintedMap): void {
    const band = this.#bands.shift();
    if (band !== undefined) this.#paint(map, band);
  }

  /** As it is: nobody wants it any more. */
  drop(): void {
    this.#bands = [];
  }

  paintAll(map: PaintedMap): void {
    while (!this.isWhole) this.paintBand(map);
  }

  /** To a view of the same scale, with both on whole pixels. */
  moveTo(map: PaintedMap, view: View): void {
    const { canvas } = this;
    const dx = Math.round((view.offsetX - this.view.offsetX) * devicePixelRatio);
    const dy = Math.round((view.offsetY - this.view.offsetY) * devicePixelRatio);
    this.view = view;
    if (this.#context === null || (dx === 0 && dy === 0)) return;
    this.#context.globalCompositeOperation = 'copy';
    this.#context.drawImage(canvas, dx, dy);
    this.#context.globalCompositeOperation = 'source-over';
    for (const empty of emptiedBy(dx, dy, canvas)) this.#paint(map, empty);
  }

  /** Those of the seats that are on it, as they are now. */
  repaint(map: PaintedMap, seats: Uint32Array): void {
    const { plan } = map.model;
    const { scale, offsetX, offsetY } = this.view;
    // One pixel for edges that lie between two of them.
    const reach = Math.max(1.5, (plan.pitch * scale) / 2) * devicePixelRatio + 1;
    for (const seat of seats) {
      const x = (plan.x[seat] * scale + offsetX) * devicePixelRatio;
      const y = (plan.y[seat] * scale + offsetY) * devicePixelRatio;
      const around = pixelsAround(x, y, reach, this.canvas);
      if (around !== null) this.#paint(map, around);
    }
  }

  #paint(map: PaintedMap, { left, top, width, height }: Pixels): void {
    const context = this.#context;
    if (context === null) return;
    const ratio = devicePixelRatio;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
    context.scale(ratio, ratio);
    paintPart(context, map, {
      ...{ view: this.view, level: this.level },
      ...{ left: left / ratio, top: top / ratio },
      ...{ width: width / ratio, height: height / ratio },
    });
    context.restore();
  }
}
