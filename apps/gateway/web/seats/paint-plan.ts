import type { AreaFrame } from '#libs/contracts/live-frames.js';
import type { DetailLevel } from '#libs/seat-map/detail-level.js';
import type { PlanDrawing } from '#libs/seat-map/layout-document.js';
import { categoryColour, cssOf } from '#libs/seat-map/palette.js';
import { drawingsOf } from '#libs/seat-map/plan-drawings.js';
import type { SeatPlan } from '#libs/seat-map/seat-plan.js';
import { toScreen, type View } from '#libs/seat-map/viewport.js';
import { tint, type MapTheme } from './map-theme.js';

/** What a plan draws that is no seat: the stage, standing floors. */
export interface Sheet {
  readonly context: CanvasRenderingContext2D;
  readonly plan: SeatPlan;
  readonly view: View;
  readonly theme: MapTheme;
}

/** A rectangle of the screen, and as what it is painted. */
export interface Part {
  readonly view: View;
  readonly level: DetailLevel;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const family = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const textPixelsLeast = 9;

export function paintDrawings(sheet: Sheet, areas: readonly AreaFrame[], left: LeftWords): void {
  const { plan } = sheet;
  const areaOf = new Map((plan.document.areas ?? []).map((area) => [area.drawing, area]));
  drawingsOf(plan.document).forEach((drawing, index) => {
    const area = areaOf.get(index) ?? null;
    paintShape(sheet, drawing, area?.category ?? null);
    const now = area === null ? undefined : areas.find((one) => one.area === area.name);
    paintWords(sheet, drawing, now === undefined ? '' : left(now.free));
  });
}

export type LeftWords = (free: number) => string;

function paintShape(sheet: Sheet, drawing: PlanDrawing, category: number | null): void {
  const { context, view, theme } = sheet;
  const at = toScreen(view, drawing.x, drawing.y);
  context.save();
  context.translate(at.x, at.y);
  context.rotate((drawing.rotation * Math.PI) / 180);
  context.beginPath();
  if (!tracePath(context, drawing, view.scale)) {
    context.restore();
    return;
  }
  const colour = category === null ? null : categoryColour(theme.palette, category);
  context.fillStyle = colour === null ? theme.shape : tint(colour, theme.palette.paper, 0.16);
  context.strokeStyle = colour === null ? theme.shapeLine : cssOf(colour);
  context.lineWidth = colour === null ? 1 : 2;
  context.fill();
  context.stroke();
  context.restore();
}

/** False: a text alone. */
function tracePath(context: CanvasRenderingContext2D, drawing: PlanDrawing, scale: number) {
  const { radius_x: across, radius_y: down, points, width = 0, height = 0 } = drawing;
  if (points !== undefined) {
    points.forEach(({ x, y }) => context.lineTo(x * scale, y * scale));
    context.closePath();
    return true;
  }
  if (across !== undefined && down !== undefined) {
    context.ellipse(0, 0, across * scale, down * scale, 0, 0, 2 * Math.PI);
    return true;
  }
  if (width * height === 0) return false;
  const round = Math.min(8, (Math.min(width, height) * scale) / 4);
  context.roundRect(0, 0, width * scale, height * scale, round);
  return true;
}

function paintWords(sheet: Sheet, drawing: PlanDrawing, below: string): void {
  const { context, view, theme } = sheet;
  const words = drawing.text.trim();
  if (words === '') return;
  const at = toScreen(view, drawing.x, drawing.y);
  context.save();
  context.translate(at.x, at.y);
  context.rotate((drawing.rotation * Math.PI) / 180);
  context.translate(drawing.text_x * view.scale, drawing.text_y * view.scale);
  const wanted = (drawing.text_size ?? 16) * view.scale;
  const size = Math.min(34, Math.max(wanted, drawing.width === undefined ? wanted : 11));
  if (size >= textPixelsLeast) {
    context.fillStyle = theme.shapeText;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.font = `650 ${size}px ${family}`;
    const lift = below === '' ? 0 : size * 0.6;
    context.fillText(words, 0, -lift);
    if (below !== '') {
      context.font = `500 ${Math.max(10, size * 0.75)}px ${family}`;
      context.fillText(below, 0, size * 0.7);
    }
  }
  context.restore();
}

/** Where people look, when the plan draws nothing there. */
export function paintFocal(sheet: Sheet, name: string): void {
  const { context, plan, view, theme } = sheet;
  const { focal } = plan.document;
  const isDrawn = drawingsOf(plan.document).some(({ text }) => text.trim() !== '');
  const inSeats = plan.bounds.top < focal.y && focal.y < plan.bounds.bottom;
  if (isDrawn || inSeats) return;
  const at = toScreen(view, focal.x, focal.y);
  context.font = `650 12px ${family}`;
  const words = focal.name ?? name;
  const width = Math.max(90, context.measureText(words).width + 40);
  context.fillStyle = theme.shape;
  context.beginPath();
  context.roundRect(at.x - width / 2, at.y - 13, width, 26, 13);
  context.fill();
  context.fillStyle = theme.shapeText;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(words, at.x, at.y);
}
