import {
  SEAT_FLAG_COMPANION,
  SEAT_FLAG_RESTRICTED_VIEW,
  SEAT_FLAG_WHEELCHAIR,
} from '#libs/inventory/layout.js';
import type { BareLayout } from './layout-codec.js';
import type { PretixArea, PretixPlan, PretixZone } from './pretix-plan.js';
import type { Point } from './row-geometry.js';

/**
 * The public document of a plan, served at /v1/layouts/{hash}: what a client needs to draw
 * the map, once. One column per property and rows by their first seat, so that 50,000 seats stay
 * near 1.5 MB and compress well. Index i of every column of `seats` is seat index i.
 *
 * It is stored without its hash (which is made from it) and served with it, see withHash().
 */
export interface PlanDocument {
  readonly format: 1;
  readonly name: string;
  readonly focal: Point;
  readonly categories: readonly { readonly name: string; readonly color: string | null }[];
  readonly sections: readonly string[];
  readonly rows: {
    readonly label: readonly string[];
    /** Index into sections. */
    readonly section: readonly number[];
    /** Seat index of the first seat; the row ends where the next begins. */
    readonly start: readonly number[];
  };
  readonly seats: {
    readonly id: readonly string[];
    readonly number: readonly string[];
    readonly x: readonly number[];
    readonly y: readonly number[];
    /** Index into categories. */
    readonly category: readonly number[];
    /** 1 when the next seat is a neighbour: same row, no aisle between. */
    readonly next: readonly number[];
    /** Seat indexes. */
    readonly wheelchair: readonly number[];
    readonly companion: readonly number[];
    readonly restricted_view: readonly number[];
  };
  /** General admission. `drawing` is an index into drawings, null when the plan draws none. */
  readonly areas: readonly {
    readonly name: string;
    readonly capacity: number;
    readonly category: number;
    readonly drawing: number | null;
  }[];
  /** Everything the plan draws that is not a seat: standing floors, stage, bar. */
  readonly drawings: readonly Omit<Drawing, 'centre'>[];
}

/** Seats with the names and places the arrays of the layout have no room for. */
export interface PlacedSeats {
  readonly ids: string[];
  readonly numbers: string[];
  readonly rowLabels: string[];
}

/** A drawn area in absolute plan units. */
export interface Drawing {
  readonly shape: string;
  readonly x: number;
  readonly y: number;
  readonly rotation: number;
  readonly text: string;
  readonly color: string | null;
  readonly border_color: string | null;
  readonly width?: number;
  readonly height?: number;
  readonly radius_x?: number;
  readonly radius_y?: number;
  /** Relative to x and y. */
  readonly points?: readonly Point[];
  readonly centre: Point;
}

export function encodeDocument(
  plan: PretixPlan,
  layout: BareLayout,
  names: PlacedSeats,
  drawings: readonly Drawing[],
): Uint8Array {
  const flagged = (flag: number): number[] => {
    const seats: number[] = [];
    layout.flagsOfSeat.forEach((flags, seat) => void ((flags & flag) !== 0 && seats.push(seat)));
    return seats;
  };
  const colors = new Map(plan.categories.map(({ name, color }) => [name, color]));
  const document: PlanDocument = {
    format: 1,
    name: plan.name,
    focal: { x: rounded(layout.focalX), y: rounded(layout.focalY) },
    categories: layout.categories.map((name) => ({ name, color: colors.get(name) ?? null })),
    sections: layout.sections,
    rows: {
      label: names.rowLabels,
      section: Array.from(layout.sectionOfRow),
      start: Array.from(layout.rowStart.subarray(0, layout.rowCount)),
    },
    seats: {
      id: names.ids,
      number: names.numbers,
      x: Array.from(layout.x, rounded),
      y: Array.from(layout.y, rounded),
      category: Array.from(layout.categoryOfSeat),
      next: Array.from(layout.neighbourNext),
      wheelchair: flagged(SEAT_FLAG_WHEELCHAIR),
      companion: flagged(SEAT_FLAG_COMPANION),
      restricted_view: flagged(SEAT_FLAG_RESTRICTED_VIEW),
    },
    areas: layout.areas.map((area) => ({ ...area, drawing: drawingNamed(drawings, area.name) })),
    drawings: drawings.map(({ centre: _, ...drawing }) => drawing),
  };
  return Buffer.from(JSON.stringify(document));
}

export const parseDocument = (body: Uint8Array): PlanDocument =>
  JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as PlanDocument;

/** The document as it is served: `{"hash":"...",` and then the stored body. */
export function withHash(body: Uint8Array, hash: string): Uint8Array {
  return Buffer.concat([Buffer.from(`{"hash":"${hash}",`), body.subarray(1)]);
}

/** Drawn areas of all zones, placed absolutely. */
export function drawingsOf(plan: PretixPlan): Drawing[] {
  return plan.zones.flatMap((zone) => (zone.areas ?? []).map((area) => drawingOf(zone, area)));
}

function drawingOf(zone: PretixZone, area: PretixArea): Drawing {
  const x = zone.position.x + area.position.x;
  const y = zone.position.y + area.position.y;
  const text = typeof area.text === 'string' ? area.text : (area.text?.text ?? '');
  const look = {
    x: rounded(x),
    y: rounded(y),
    rotation: area.rotation ?? 0,
    text,
    color: area.color ?? null,
    border_color: area.border_color ?? null,
  };
  if (area.circle !== undefined) {
    const radius = area.circle.radius;
    return { shape: 'ellipse', ...look, radius_x: radius, radius_y: radius, centre: { x, y } };
  }
  if (area.ellipse !== undefined) {
    const { x: radiusX, y: radiusY } = area.ellipse.radius;
    return { shape: 'ellipse', ...look, radius_x: radiusX, radius_y: radiusY, centre: { x, y } };
  }
  if (area.polygon !== undefined && area.polygon.points.length > 0) {
    const points = area.polygon.points.map((point) => ({ x: point.x, y: point.y }));
    return { shape: 'polygon', ...look, points, centre: centroid(points, x, y) };
  }
  const width = area.rectangle?.width ?? area.width ?? 0;
  const height = area.rectangle?.height ?? area.height ?? 0;
  const shape = width > 0 && height > 0 ? 'rectangle' : 'text';
  return { shape, ...look, width, height, centre: { x: x + width / 2, y: y + height / 2 } };
}

function centroid(points: readonly Point[], x: number, y: number): Point {
  const sum = points.reduce((s, p) => ({ x: s.x + p.x, y: s.y + p.y }), { x: 0, y: 0 });
  return { x: x + sum.x / points.length, y: y + sum.y / points.length };
}

function drawingNamed(drawings: readonly Drawing[], name: string): number | null {
  const wanted = name.trim().toLowerCase();
  const index = drawings.findIndex((drawing) => drawing.text.trim().toLowerCase() === wanted);
  return index < 0 ? null : index;
}

/** Hundredths of a plan unit: below what anybody can see, half the bytes. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
