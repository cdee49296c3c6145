import type { Box } from './seat-plan.js';

/**
 * Which part of the plan the screen shows, as plain numbers: screen = plan * scale + offset. Each
 * function returns another view; nothing moves by itself.
 *
 * VP1  No view is smaller than the whole plan on the screen nor larger than seatPixelsMax allows,
 *      and the plan never leaves the screen: all of it stays there when it fits, else a part.
 * VP2  The point under two fingers, or under the wheel, stays where it is, as far as VP1 lets it.
 */
export interface View {
  /** Screen pixels a plan unit. */
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** What views are bounded by: the plan's box, its distance of neighbours, the screen in pixels. */
export interface Frame {
  readonly bounds: Box;
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
}

/** Between two neighbours on the screen: a finger hits a seat from here on (WCAG 2.2, 2.5.8). */
export const fingerPixels = 24;
/** A mouse does. */
export const mousePixels = 12;
const seatPixelsMax = 64;
const marginPixels = 16;

/** The whole plan, in the middle. */
export function fit(frame: Frame): View {
  return centred(frame, fitScale(frame), middleOf(frame.bounds));
}

/**
 * Where the map begins: the whole plan when its seats are large enough to hit, else as much as lets
 * them be, around the point where people look first.
 */
export function home(frame: Frame, focus: Point, seatPixels = fingerPixels): View {
  const scale = Math.min(seatPixels, seatPixelsMax) / frame.pitch;
  if (scale <= fitScale(frame)) return fit(frame);
  return bounded(frame, centred(frame, scale, focus));
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Moves the plan by screen pixels. */
export const panned = (frame: Frame, view: View, dx: number, dy: number): View =>
  bounded(frame, {
    ...view,
    offsetX: view.offsetX + dx,
    offsetY: view.offsetY + dy,
  });

/** Larger by `factor` around a point of the screen (VP2). */
export function zoomed(frame: Frame, view: View, at: Point, factor: number): View {
  const scale = clamp(view.scale * factor, fitScale(frame), scaleMax(frame));
  const by = scale / view.scale;
  return bounded(frame, {
    scale,
    offsetX: at.x - (at.x - view.offsetX) * by,
    offsetY: at.y - (at.y - view.offsetY) * by,
  });
}

/** Shows a box of the plan, as large as it fits: a section that was tapped. */
export function showing(frame: Frame, { left, top, right, bottom }: Box): View {
  const width = Math.max(right - left, frame.pitch);
  const height = Math.max(bottom - top, frame.pitch);
  const wanted = Math.min(inner(frame.width) / width, inner(frame.height) / height);
  const scale = clamp(wanted, fitScale(frame), scaleMax(frame));
  return bounded(frame, centred(frame, scale, { x: (left + right) / 2, y: (top + bottom) / 2 }));
}

/** Moves no further than needed for a point of the plan to be on the screen: the focused seat. */
export function revealing(frame: Frame, view: View, { x, y }: Point): View {
  const at = toScreen(view, x, y);
  const dx = clamp(at.x, 2 * marginPixels, frame.width - 2 * marginPixels) - at.x;
  const dy = clamp(at.y, 2 * marginPixels, frame.height - 2 * marginPixels) - at.y;
  return dx === 0 && dy === 0 ? view : panned(frame, view, dx, dy);
}

export const toScreen = ({ scale, offsetX, offsetY }: View, x: number, y: number): Point => ({
  x: x * scale + offsetX,
  y: y * scale + offsetY,
});

export const toPlan = ({ scale, offsetX, offsetY }: View, x: number, y: number): Point => ({
  x: (x - offsetX) / scale,
  y: (y - offsetY) / scale,
});

/** What of the plan is on the screen. */
export function visible({ width, height }: Frame, view: View): Box {
  const [from, to] = [toPlan(view, 0, 0), toPlan(view, width, height)];
  return { left: from.x, top: from.y, right: to.x, bottom: to.y };
}

/** VP1 */
export function bounded(frame: Frame, view: View): View {
  const scale = clamp(view.scale, fitScale(frame), scaleMax(frame));
  const { left, top, right, bottom } = frame.bounds;
  return {
    scale,
    offsetX: boundedOffset(view.offsetX, left * scale, right * scale, frame.width),
    offsetY: boundedOffset(view.offsetY, top * scale, bottom * scale, frame.height),
  };
}

/** A plan that fits stays whole; of a larger one no edge comes further in than half the screen. */
function boundedOffset(offset: number, from: number, to: number, size: number): number {
  if (to - from <= inner(size)) return clamp(offset, marginPixels - from, size - marginPixels - to);
  return clamp(offset, size / 2 - to, size / 2 - from);
}

function fitScale({ bounds, pitch, width, height }: Frame): number {
  const across = inner(width) / Math.max(bounds.right - bounds.left, pitch);
  const down = inner(height) / Math.max(bounds.bottom - bounds.top, pitch);
  return Math.min(across, down, seatPixelsMax / pitch);
}

const scaleMax = ({ pitch }: Frame): number => seatPixelsMax / pitch;

function centred({ width, height }: Frame, scale: number, { x, y }: Point): View {
  return {
    scale,
    offsetX: width / 2 - x * scale,
    offsetY: height / 2 - y * scale,
  };
}

const inner = (size: number): number => Math.max(1, size - 2 * marginPixels);

const middleOf = ({ left, top, right, bottom }: Box): Point => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2,
});

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));
