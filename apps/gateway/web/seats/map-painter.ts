import { count, money } from '../kit/format.js';
import { texts } from '../texts/texts.js';
import type { DetailLevel } from '#libs/seat-map/detail-level.js';
import type { View } from '#libs/seat-map/viewport.js';
import type { MapTheme } from './map-theme.js';
import type { OverviewTiles } from './overview-tiles.js';
import type { SaleModel } from './sale-model.js';
import { paintDrawings, paintFocal, paintSigns, type Sheet } from './paint-plan.js';
import { paintNumbers, paintRings, paintRowLabels, paintSeats, type Ring } from './paint-seats.js';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly now: number;
  readonly pulseMs: number;
}

/** What of a map is on the paper now. */
export interface PaintedMap {
  readonly model: SaleModel;
  readonly theme: MapTheme;
  readonly view: View;
  readonly level: DetailLevel;
  readonly tiles: OverviewTiles;
  readonly pulses: ReadonlyMap<number, number>;
  /** Of the mouse and of the keyboard; -1: none. */
  readonly hovered: number;
  readonly focused: number;
  /** Seats on the screen; a view that the next call reuses. */
  seen(): Uint32Array;
}

/** One frame of a map, from the paper up. */
export function paintMap(context: CanvasRenderingContext2D, map: PaintedMap, canvas: Canvas): void {
  const { model, theme, view, level } = map;
  const { width, height } = canvas;
  const { plan, looks } = model;
  const sheet: Sheet = { context, plan, view, theme, width, height };
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  paintDrawings(sheet, model.areas, (free) => texts.areaLeft(count(free)));
  paintFocal(sheet, texts.stage);
  if (level === 'sections') map.tiles.draw(context, view, canvas);
  else {
    const seats = map.seen();
    paintRowLabels(sheet, seats, level);
    paintSeats(sheet, looks, seats);
    if (level === 'numbers') paintNumbers(sheet, looks, seats);
  }
  paintAround(sheet, map, canvas);
  if (level === 'sections') {
    paintSigns(sheet, model.signs.signs, {
      from: (minor) => texts.from(money(minor, model.currency)),
      none: texts.soldOut,
    });
  }
}

function paintAround(sheet: Sheet, map: PaintedMap, { now, pulseMs }: Canvas): void {
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
