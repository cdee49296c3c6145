import {
  SEAT_FLAG_COMPANION,
  SEAT_FLAG_HEARING_LOOP,
  SEAT_FLAG_PLUS_SIZE,
  SEAT_FLAG_RESTRICTED_VIEW,
  SEAT_FLAG_ROUND,
  SEAT_FLAG_SIGN_LANGUAGE,
  SEAT_FLAG_WHEELCHAIR,
} from '#libs/inventory/layout.js';
import type { BareLayout } from './layout-codec.js';
import type { FocalPoint } from './focal-point.js';
import type { Drawing, PlacedDrawing } from './plan-drawing.js';
import type { PretixPlan } from './pretix-plan.js';
import { rounded, type Point } from './row-geometry.js';

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
  /** `from` and `name` say how it is known; documents of older builds have neither. */
  readonly focal: Point & Partial<FocalPoint>;
  readonly categories: readonly { readonly name: string; readonly color: string | null }[];
  readonly sections: readonly string[];
  readonly rows: {
    readonly label: readonly string[];
    /** Patterns with `%s`, "Table %s"; empty: none. Absent when no row has one. */
    readonly row_label?: readonly string[];
    readonly seat_label?: readonly string[];
    /** At which ends the number is drawn: start, end, both; empty: as the client likes. */
    readonly number_position?: readonly string[];
    /** Index into sections. */
    readonly section: readonly number[];
    /** Seat index of the first seat; the row ends where the next begins. */
    readonly start: readonly number[];
    /** Rows that go around: their last seat and first are neighbours. */
    readonly round: readonly number[];
  };
  readonly seats: {
    readonly id: readonly string[];
    readonly number: readonly string[];
    readonly x: readonly number[];
    readonly y: readonly number[];
    /** As drawn; 0: as the client likes. Absent when no seat has one. */
    readonly radius?: readonly number[];
    /** Index into categories. */
    readonly category: readonly number[];
    /** 1 when the next seat is a neighbour: same row and side, no aisle between. */
    readonly next: readonly number[];
    /** Seat indexes. */
    readonly wheelchair: readonly number[];
    readonly companion: readonly number[];
    readonly restricted_view: readonly number[];
    /** Absent when no seat has them. */
    readonly hearing_loop?: readonly number[];
    readonly sign_language?: readonly number[];
    readonly plus_size?: readonly number[];
  };
  /** General admission. `drawing` is an index into drawings, null when the plan draws none. */
  readonly areas: readonly {
    readonly name: string;
    readonly capacity: number;
    readonly category: number;
    readonly drawing: number | null;
  }[];
  /** Everything the plan draws that is not a seat: standing floors, stage, bar. */
  readonly drawings: readonly Drawing[];
}

/** Seats with the names and places the arrays of the layout have no room for. */
export interface PlacedSeats {
  readonly ids: string[];
  readonly numbers: string[];
  readonly rowLabels: string[];
  readonly rowPatterns: string[];
  readonly seatPatterns: string[];
  readonly numberPositions: string[];
  readonly radii: number[];
}

/** What a plan shows beside its layout. */
export interface Shown {
  readonly names: PlacedSeats;
  readonly drawings: readonly PlacedDrawing[];
  readonly focal: FocalPoint;
}

export function encodeDocument(
  plan: PretixPlan,
  layout: BareLayout,
  { names, drawings, focal }: Shown,
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
    focal: { ...focal, x: rounded(focal.x), y: rounded(focal.y) },
    categories: layout.categories.map((name) => ({ name, color: colors.get(name) ?? null })),
    sections: layout.sections,
    rows: {
      label: names.rowLabels,
      ...(names.rowPatterns.some(isSaid) ? { row_label: names.rowPatterns } : {}),
      ...(names.seatPatterns.some(isSaid) ? { seat_label: names.seatPatterns } : {}),
      ...(names.numberPositions.some(isSaid) ? { number_position: names.numberPositions } : {}),
      section: Array.from(layout.sectionOfRow),
      start: Array.from(layout.rowStart.subarray(0, layout.rowCount)),
      round: roundRows(layout),
    },
    seats: {
      id: names.ids,
      number: names.numbers,
      x: Array.from(layout.x, rounded),
      y: Array.from(layout.y, rounded),
      ...(names.radii.some((radius) => radius !== 0) ? { radius: names.radii } : {}),
      category: Array.from(layout.categoryOfSeat),
      next: Array.from(layout.neighbourNext),
      wheelchair: flagged(SEAT_FLAG_WHEELCHAIR),
      companion: flagged(SEAT_FLAG_COMPANION),
      restricted_view: flagged(SEAT_FLAG_RESTRICTED_VIEW),
      ...ifAny('hearing_loop', flagged(SEAT_FLAG_HEARING_LOOP)),
      ...ifAny('sign_language', flagged(SEAT_FLAG_SIGN_LANGUAGE)),
      ...ifAny('plus_size', flagged(SEAT_FLAG_PLUS_SIZE)),
    },
    areas: layout.areas.map((area) => ({ ...area, drawing: drawingNamed(drawings, area.name) })),
    drawings: drawings.map(({ drawing }) => drawing),
  };
  return Buffer.from(JSON.stringify(document));
}

const ifAny = (name: string, seats: readonly number[]): Record<string, readonly number[]> =>
  seats.length === 0 ? {} : { [name]: seats };

const isSaid = (text: string): boolean => text !== '';

function roundRows({ rowCount, rowStart, flagsOfSeat }: BareLayout): number[] {
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    if ((flagsOfSeat[rowStart[row]] & SEAT_FLAG_ROUND) !== 0) rows.push(row);
  }
  return rows;
}

export const parseDocument = (body: Uint8Array): PlanDocument =>
  JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as PlanDocument;

/** The document as it is served: `{"hash":"...",` and then the stored body. */
export function withHash(body: Uint8Array, hash: string): Uint8Array {
  return Buffer.concat([Buffer.from(`{"hash":"${hash}",`), body.subarray(1)]);
}

function drawingNamed(drawings: readonly PlacedDrawing[], name: string): number | null {
  const wanted = name.trim().toLowerCase();
  const index = drawings.findIndex((drawing) => drawing.name.toLowerCase() === wanted);
  return index < 0 ? null : index;
}
