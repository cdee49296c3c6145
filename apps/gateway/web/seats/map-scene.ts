import type { Box } from '#libs/seat-map/seat-plan.js';
import { snapped, type SheetSize } from '#libs/seat-map/sheet-moves.js';
import { toPlan } from '#libs/seat-map/viewport.js';
import type { PaintedMap } from './map-painter.js';
import { MapSheet } from './map-sheet.js';

/** Seats that are painted in one frame while a sheet is made that nobody waits for. */
const seatsPerBand = 250;
/** Of an overview, which is pictures. */
const overviewBands = 3;
/** With more changes at once the sheet is painted anew: the line was lost, or came back. */
const changesMax = 400;

/**
 * What of a map lies still under rings and signs: plan and seats, painted on a sheet and moved with
 * the view. While it is made larger or smaller the sheet is shown in another size, and a sharp one
 * is painted meanwhile, a band a frame.
 *
 * SH1  A seat that changed is right in the next frame, on the sheet that is shown and on the one
 *      that is being painted: none is green for longer because something moves.
 */
export class MapScene {
  #shown = new MapSheet();
  #next = new MapSheet();
  #isEmpty = true;
  /** What the areas said when the shown sheet was begun, and the next one. */
  #areas = '';
  #nextAreas = '';
  /** Of the frame before. */
  #scale = 0;

  /** Everything is to be painted anew, such as in other colours. */
  forget(): void {
    this.#isEmpty = true;
  }

  /** True: it is not yet as it should be, and wants another frame. */
  show(context: CanvasRenderingContext2D, map: PaintedMap, changed: Uint32Array): boolean {
    const size = { width: context.canvas.width, height: context.canvas.height };
    const { canvas } = this.#shown;
    const isOtherSize = canvas.width !== size.width || canvas.height !== size.height;
    if (this.#isEmpty || isOtherSize || changed.length > changesMax) this.#paintAll(map, size);
    else this.#follow(map, size, changed);
    this.#put(context, map);
    return !this.#isSharp(map);
  }

  #paintAll(map: PaintedMap, size: SheetSize): void {
    this.#isEmpty = false;
    this.#areas = areasOf(map);
    this.#shown.begin(map, snapped(map.view, devicePixelRatio), size, 1);
    this.#shown.paintAll(map);
    this.#next.drop();
  }

  /** SH1 */
  #follow(map: PaintedMap, size: SheetSize, changed: Uint32Array): void {
    this.#shown.repaint(map, changed);
    if (!this.#next.isWhole) this.#next.repaint(map, changed);
    const view = snapped(map.view, devicePixelRatio);
    const isStill = view.scale === this.#scale;
    this.#scale = view.scale;
    // Of a size that it has no more, and will not have again.
    if (isStill && this.#next.view.scale !== view.scale) this.#next.drop();
    if (this.#isSharp(map)) this.#next.drop();
    else this.#paintNext(map, size);
    if (this.#isOfView(map)) this.#shown.moveTo(map, view);
  }

  #paintNext(map: PaintedMap, size: SheetSize): void {
    if (this.#next.isWhole) {
      const seats = map.level === 'sections' ? 0 : map.seen(shownBy(map)).length;
      const bands = map.level === 'sections' ? overviewBands : Math.ceil(seats / seatsPerBand);
      this.#nextAreas = areasOf(map);
      this.#next.begin(map, snapped(map.view, devicePixelRatio), size, Math.max(1, bands));
    }
    this.#next.paintBand(map);
    if (!this.#next.isWhole) return;
    [this.#shown, this.#next] = [this.#next, this.#shown];
    this.#areas = this.#nextAreas;
  }

  #put(context: CanvasRenderingContext2D, map: PaintedMap): void {
    const { canvas, view } = this.#shown;
    const { width, height } = canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.#isOfView(map)) return context.drawImage(canvas, 0, 0);
    const by = map.view.scale / view.scale;
    const left = (map.view.offsetX - view.offsetX * by) * devicePixelRatio;
    const top = (map.view.offsetY - view.offsetY * by) * devicePixelRatio;
    const isAll =
      left <= 0 && top <= 0 && left + width * by >= width && top + height * by >= height;
    if (!isAll) {
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      const tiles = map.tiles.at(map.view.scale);
      tiles.draw(context, map.view, { left: 0, top: 0, ...map.size }, 'low');
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(left, top, width * by, height * by);
    }
    context.imageSmoothingQuality = 'low';
    context.drawImage(canvas, left, top, width * by, height * by);
  }

  #isOfView({ view, level }: PaintedMap): boolean {
    return this.#shown.view.scale === view.scale && this.#shown.level === level;
  }

  #isSharp(map: PaintedMap): boolean {
    return this.#isOfView(map) && this.#areas === areasOf(map);
  }
}

const shownBy = ({ size, view }: PaintedMap): Box => {
  const from = toPlan(view, 0, 0);
  const to = toPlan(view, size.width, size.height);
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
};

const areasOf = ({ model }: PaintedMap): string => model.areas.map(({ free }) => free).join();
