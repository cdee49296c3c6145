import type { DetailLevel } from '#libs/seat-map/detail-level.js';
import type { Box } from '#libs/seat-map/seat-plan.js';
import { toPlan, type View } from '#libs/seat-map/viewport.js';
import { count, money } from '../kit/format.js';
import { texts } from '../texts/texts.js';
import type { MapTheme } from './map-theme.js';
import type { MapTiles } from './map-tiles.js';
import { paintDrawings, paintFocal, type Part, type Sheet } from './paint-plan.js';
import {
  labelReach,
  paintNumbers,
  paintRings,
  paintRowLabels,
  paintSeats,
  type Ring,
} from './paint-seats.js';
import type { SaleModel } from './sale-model.js';
import type { SignPictures } from './sign-pictures.js';

/** What of a map is on the paper now. */
export interface PaintedMap {
  readonly model: SaleModel;
  readonly theme: MapTheme;
  readonly view: View;
  readonly level: DetailLevel;
  readonly tiles: MapTiles;
  /** Of the screen. */
  readonly size: { readonly width: number; readonly height: number };
  readonly signs: SignPictures;
  readonly pulses: ReadonlyMap<number, number>;
  /** Of the mouse and of the keyboard; -1: none. */
  readonly hovered: number;
  readonly focused: number;
  /** Seats in a box of the plan; a view that the next call reuses. */
  seen(box: Box): Uint32Array;
  /** The nearest seat no further than `reach`, in plan units; -1: none. */
  nearest(x: number, y: number, reach: number): number;
}

/** Plan and seats in one part of the screen, from the paper up. Outside of it anything may come. */
export function paintPart(context: CanvasRenderingContext2D, map: PaintedMap, part: Part): void {
  const { model, theme } = map;
  const { view, level } = part;
  const sheet: Sheet = { context, plan: model.plan, view, theme };
  paintDrawings(sheet, model.areas, (free) => texts.areaLeft(count(free)));
  paintFocal(sheet, texts.stage);
  if (level === 'sections') return map.tiles.at(view.scale).draw(context, view, part, 'high');
  const seats = map.seen(boxOf(part, model.plan.pitch + labelReach / view.scale));
  paintRowLabels(sheet, seats, part, (x, y, reach) => map.nearest(x, y, reach) !== -1);
  paintSeats(sheet, model.looks, seats);
  if (level === 'numbers') paintNumbers(sheet, model.looks, seats);
}

/** In units of the plan, with so many more around it. */
function boxOf({ view, left, top, width, height }: Part, more: number): Box {
  const from = toPlan(view, left, top);
  const to = toPlan(view, left + width, top + height);
  return { left: from.x - more, top: from.y - more, right: to.x + more, bottom: to.y + more };
}

export interface Now {
  readonly now: number;
  readonly pulseMs: number;
}

/**
 * What lies over plan and seats: rings around seats, and names of sections from afar. True: some of
 * the names want another frame.
 */
export function paintOver(context: CanvasRenderingContext2D, map: PaintedMap, now: Now): boolean {
  const { model, theme, view, level } = map;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  paintAround({ context, plan: model.plan, view, theme }, map, now);
  if (level !== 'sections') return false;
  return map.signs.paint({ context, view, theme }, model.signs.signs, {
    from: (minor) => texts.from(money(minor, model.currency)),
    none: model.isFresh ? texts.soldOut : '',
  });
}

function paintAround(sheet: Sheet, map: PaintedMap, { now, pulseMs }: Now): void {
  const { model, theme, level } = map;
  const ring = (colour: string, more: Partial<Ring> = {}): Ring => ({
    ...{ colour, width: 2.5, least: 8, dashed: false, strength: 1 },
    ...more,
  });
  if (level !== 'sections') {
    for (const [seat, since] of map.pulses) {
      const strength = 1 - (now - since) / pulseMs;
      if (strength > 0) paintRings(sheet, [seat], ring(theme.quiet, { width: 2, strength }));
    }
  }
  const { choice } = model;
  if (choice.kind === 'taken') paintRings(sheet, choice.lost, ring(theme.bad));
  if (choice.kind === 'no_room') paintRings(sheet, [choice.seat], ring(theme.bad));
  paintRings(sheet, model.offer, ring(theme.accent, { dashed: true, width: 3 }));
  const own = choice.kind === 'chosen' ? choice.seats : [];
  paintRings(sheet, [...model.held, ...own], ring(theme.accent));
  if (map.hovered >= 0) paintRings(sheet, [map.hovered], ring(theme.quiet, { width: 1.5 }));
  if (map.focused >= 0)
    paintRings(sheet, [map.focused], ring(theme.accent, { width: 3.5, least: 11 }));
}
