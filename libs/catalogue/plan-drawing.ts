import type { NamedPlace } from './focal-point.js';
import type { PretixArea, PretixPlan, PretixZone } from './pretix-plan.js';
import { rounded, type Point } from './row-geometry.js';
import { stageRank } from './stage-words.js';

/** A drawn area in absolute plan units. */
export interface Drawing {
  readonly shape: string;
  /** Upper left corner of a rectangle, centre of an ellipse, origin of a polygon or a text. */
  readonly x: number;
  readonly y: number;
  /** In degrees, clockwise around x and y. */
  readonly rotation: number;
  readonly text: string;
  /** The middle of the text, relative to x and y. */
  readonly text_x: number;
  readonly text_y: number;
  readonly text_color: string | null;
  readonly text_size: number | null;
  readonly color: string | null;
  readonly border_color: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly radius_x?: number;
  readonly radius_y?: number;
  /** Relative to x and y. */
  readonly points?: readonly Point[];
}

/** A drawing with where its middle is and what it may be called. */
export interface PlacedDrawing extends NamedPlace {
  readonly drawing: Drawing;
}

/** Drawn areas of all zones, placed absolutely. */
export function drawingsOf(plan: PretixPlan): PlacedDrawing[] {
  return plan.zones.flatMap((zone) => {
    // A zone that is called "Stage" and holds nothing but a shape.
    const isStage = zone.rows.length === 0 && stageRank(zone.name ?? '') !== null;
    return (zone.areas ?? []).map((area) => {
      const placed = drawingOf(zone, area);
      return placed.name === '' && isStage ? { ...placed, name: zone.name ?? '' } : placed;
    });
  });
}

interface Shape {
  readonly shape: string;
  /** Of x and y, relative to the position that the plan gives; rotates with the shape. */
  readonly corner: Point;
  readonly middle: Point;
  readonly size: number;
  readonly measures: Partial<
    Pick<Drawing, 'width' | 'height' | 'radius_x' | 'radius_y' | 'points'>
  >;
}

function drawingOf(zone: PretixZone, area: PretixArea): PlacedDrawing {
  const { shape, corner, middle, size, measures } = shapeOf(area);
  const rotation = area.rotation ?? 0;
  const origin = {
    x: zone.position.x + (area.position?.x ?? 0),
    y: zone.position.y + (area.position?.y ?? 0),
  };
  const at = moved(origin, corner, rotation);
  const text = typeof area.text === 'object' && area.text !== null ? area.text : {};
  const words = typeof area.text === 'string' ? area.text : (text.text ?? '');
  const drawing = {
    shape,
    x: rounded(at.x),
    y: rounded(at.y),
    rotation,
    text: words,
    text_x: rounded((text.position?.x ?? middle.x) - corner.x),
    text_y: rounded((text.position?.y ?? middle.y) - corner.y),
    text_color: text.color ?? null,
    text_size: text.size ?? null,
    color: area.color ?? null,
    border_color: area.border_color ?? null,
    ...measures,
  };
  return { drawing, name: words.trim(), size, ...moved(origin, middle, rotation) };
}

function shapeOf(area: PretixArea): Shape {
  const none = { x: 0, y: 0 };
  const radius = area.circle?.radius ?? area.ellipse?.radius;
  if (radius !== undefined) {
    const radii = typeof radius === 'number' ? { x: radius, y: radius } : radius;
    const [x, y] = [Math.abs(radii.x), Math.abs(radii.y)];
    const measures = { radius_x: x, radius_y: y };
    return { shape: 'ellipse', corner: none, middle: none, size: x * y * 3, measures };
  }
  const points = area.polygon?.points ?? [];
  if (points.length > 0) {
    const [middle, size] = polygonMiddle(points);
    const measures = { points: points.map(({ x, y }) => ({ x, y })) };
    return { shape: 'polygon', corner: none, middle, size, measures };
  }
  // An editor in which the mouse went left or up writes a negative extent.
  const wide = area.rectangle?.width ?? area.width ?? 0;
  const high = area.rectangle?.height ?? area.height ?? 0;
  const measures = { width: Math.abs(wide), height: Math.abs(high) };
  const size = measures.width * measures.height;
  const corner = { x: Math.min(wide, 0), y: Math.min(high, 0) };
  return {
    shape: size > 0 ? 'rectangle' : 'text',
    corner,
    middle: size > 0 ? { x: wide / 2, y: high / 2 } : none,
    size,
    measures,
  };
}

/** The middle of the box around the points, and the area that they enclose. */
function polygonMiddle(points: readonly Point[]): [Point, number] {
  let [left, right, top, bottom, twice] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  points.forEach(({ x, y }, i) => {
    const next = points[(i + 1) % points.length];
    twice += x * next.y - next.x * y;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  return [{ x: (left + right) / 2, y: (top + bottom) / 2 }, Math.abs(twice) / 2];
}

/** `by` away from `origin`, turned around it; to hundredths when turned (sines are not exact). */
function moved(origin: Point, by: Point, degrees: number): Point {
  if (degrees === 0) return { x: origin.x + by.x, y: origin.y + by.y };
  const turn = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  return {
    x: rounded(origin.x + by.x * cosine - by.y * sine),
    y: rounded(origin.y + by.x * sine + by.y * cosine),
  };
}
