import { createHash } from 'node:crypto';
import { SEAT_FLAG_ROUND, type AreaLayout, type InventoryLayout } from '#libs/inventory/layout.js';
import { focalPointOf, type FocalPoint } from './focal-point.js';
import { encodeLayout, type BareLayout } from './layout-codec.js';
import { encodeDocument, type PlacedSeats } from './plan-document.js';
import { drawingsOf } from './plan-drawing.js';
import { countSeats, type PretixPlan, type PretixRow, type PretixSeat } from './pretix-plan.js';
import type { FacingRow } from './row-facing.js';
import { rounded, type Point } from './row-geometry.js';
import { usualSpacing, walkAlong } from './row-walk.js';
import { flagsOfCategory, seatFlagNames, seatFlags, type SeatFlag } from './seat-flags.js';

/**
 * Gives a checked seating plan its meaning: seats numbered row by row in walking order, neighbours,
 * sections, flags, the focal point. Deterministic: the same plan, areas and focal point give the
 * same bytes and the same hash on every machine.
 *
 * CP1  A seat's index never depends on anything but the plan and the areas that were compiled in.
 * CP2  Rows and zones without seats vanish; zones with the same name are one section.
 * CP3  Flags come from the seat's own booleans or from the words of its category's name.
 * CP4  The hash covers the compiled arrays and, through the document's digest, every public name.
 */
export interface PlanAreas {
  /** General admission: sold by quantity. May name categories that the plan does not have. */
  readonly areas: readonly { name: string; capacity: number; category: string }[];
  /** Overrides what the plan says or shows of it. */
  readonly focal?: Point | undefined;
}

export interface CompiledPlan {
  readonly hash: string;
  readonly name: string;
  readonly layout: InventoryLayout;
  /** Of the layout, with how it is known. */
  readonly focal: FocalPoint;
  /** For a person who has to decide whether it is right. */
  readonly inferred: readonly InferredFlag[];
  /** encodeLayout(layout), what the owner of an event loads. */
  readonly compiled: Uint8Array;
  /** The public document without its hash, what gateways load. */
  readonly document: Uint8Array;
}

export interface InferredFlag {
  readonly category: string;
  readonly flag: SeatFlag;
  /** How many of its seats. */
  readonly seats: number;
}

export function compilePlan(plan: PretixPlan, extra: PlanAreas): CompiledPlan {
  const categories = categoryNames(plan, extra);
  const sections = sectionNames(plan);
  const drawings = drawingsOf(plan);
  const { arrays, names } = placeSeats(plan, categories, sections);
  const said = { event: extra.focal, plan: plan.focal };
  const focal = focalPointOf(said, drawings, facingRows(arrays, names));
  const areas = extra.areas.map(({ name, capacity, category }): AreaLayout => {
    return { name, capacity, category: categories.indexOf(category) };
  });
  const bare = {
    ...arrays,
    focalX: focal.x,
    focalY: focal.y,
    categories,
    sections,
    areas,
  };
  const document = encodeDocument(plan, bare, { names, drawings, focal });
  const compiled = encodeLayout(bare, sha256(document));
  const hash = sha256(compiled).toString('hex');
  return {
    hash,
    name: plan.name,
    layout: { hash, ...bare },
    focal,
    inferred: inferredFlags(plan),
    compiled,
    document,
  };
}

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function categoryNames(plan: PretixPlan, extra: PlanAreas): string[] {
  const named = plan.categories.map((category) => category.name);
  const none = hasSeatOfNone(plan) ? [''] : [];
  return [...new Set([...named, ...extra.areas.map((area) => area.category), ...none])];
}

const hasSeatOfNone = (plan: PretixPlan): boolean =>
  plan.zones.some(({ rows }) =>
    rows.some(({ seats }) => seats.some((seat) => seat.category === '')),
  );

const sectionNameOf = (zone: { name?: string }, index: number): string =>
  zone.name === undefined || zone.name === '' ? `Zone ${index + 1}` : zone.name;

/** Zones that only draw something are no sections. */
function sectionNames(plan: PretixPlan): string[] {
  const seated = plan.zones.map((zone, index) =>
    zone.rows.some((row) => row.seats.length > 0) ? [sectionNameOf(zone, index)] : [],
  );
  return [...new Set(seated.flat())];
}

type SeatArrays = Omit<BareLayout, 'focalX' | 'focalY' | 'categories' | 'sections' | 'areas'>;

function placeSeats(
  plan: PretixPlan,
  categories: readonly string[],
  sections: readonly string[],
): { arrays: SeatArrays; names: PlacedSeats } {
  const seatCount = countSeats(plan);
  const rowCount = plan.zones.reduce(
    (n, z) => n + z.rows.filter((r) => r.seats.length > 0).length,
    0,
  );
  const arrays = {
    seatCount,
    rowCount,
    rowStart: new Uint32Array(rowCount + 1),
    rowOfSeat: new Uint32Array(seatCount),
    neighbourNext: new Uint8Array(seatCount),
    categoryOfSeat: new Uint16Array(seatCount),
    sectionOfRow: new Uint16Array(rowCount),
    flagsOfSeat: new Uint8Array(seatCount),
    x: new Float32Array(seatCount),
    y: new Float32Array(seatCount),
  };
  const names: PlacedSeats = {
    ids: [],
    numbers: [],
    rowLabels: [],
    rowPatterns: [],
    seatPatterns: [],
    numberPositions: [],
    radii: [],
  };
  const categoryIndex = new Map(categories.map((name, index) => [name, index]));
  const categoryFlags = categories.map(flagsOfCategory);
  const rows = [...rowsOf(plan)];
  const places = rows.map(({ seats }) => seats.map((seat) => seat.position));
  const usual = usualSpacing(places);
  rows.forEach(({ seats, origin, section, drawn }, row) => {
    names.rowLabels.push(drawn.row_number);
    names.rowPatterns.push(drawn.row_label ?? '');
    names.seatPatterns.push(drawn.seat_label ?? '');
    names.numberPositions.push(drawn.row_number_position ?? '');
    arrays.sectionOfRow[row] = sections.indexOf(section);
    arrays.rowStart[row] = names.ids.length;
    const walk = walkAlong(places[row], usual);
    const rowFlags = walk.isRound ? SEAT_FLAG_ROUND : 0;
    arrays.neighbourNext.set(walk.joined, names.ids.length);
    for (const index of walk.order) {
      const seat = seats[index];
      const category = categoryIndex.get(seat.category) ?? 0;
      const at = names.ids.push(seat.seat_guid) - 1;
      names.numbers.push(seat.seat_number);
      names.radii.push(rounded(Math.abs(seat.radius ?? 0)));
      arrays.rowOfSeat[at] = row;
      arrays.categoryOfSeat[at] = category;
      arrays.flagsOfSeat[at] = flagsOfSeat(seat, categoryFlags[category]) | rowFlags;
      arrays.x[at] = origin.x + seat.position.x;
      arrays.y[at] = origin.y + seat.position.y;
    }
  });
  arrays.rowStart[rowCount] = seatCount;
  return { arrays, names };
}

function facingRows(arrays: SeatArrays, { rowLabels }: PlacedSeats): FacingRow[] {
  return rowLabels.map((label, row) => {
    const seats: Point[] = [];
    for (let i = arrays.rowStart[row]; i < arrays.rowStart[row + 1]; i += 1) {
      seats.push({ x: arrays.x[i], y: arrays.y[i] });
    }
    return { seats, label, section: arrays.sectionOfRow[row] };
  });
}

interface PlanRow {
  readonly seats: readonly PretixSeat[];
  readonly origin: Point;
  readonly section: string;
  readonly drawn: PretixRow;
}

function* rowsOf(plan: PretixPlan): Generator<PlanRow> {
  for (const [z, zone] of plan.zones.entries()) {
    const section = sectionNameOf(zone, z);
    for (const row of zone.rows) {
      if (row.seats.length === 0) continue;
      const origin = {
        x: zone.position.x + (row.position?.x ?? 0),
        y: zone.position.y + (row.position?.y ?? 0),
      };
      yield { seats: row.seats, origin, section, drawn: row };
    }
  }
}

/** The seat's own word wins: `"wheelchair": false` in a category called like it. */
function flagsOfSeat(seat: PretixSeat, ofCategory: readonly SeatFlag[]): number {
  let flags = 0;
  for (const flag of seatFlagNames) {
    if (seat[flag] ?? ofCategory.includes(flag)) flags |= seatFlags[flag];
  }
  return flags;
}

/** What names of categories said of seats that said nothing themselves. */
function inferredFlags(plan: PretixPlan): InferredFlag[] {
  const found: InferredFlag[] = [];
  for (const { name } of plan.categories) {
    for (const flag of flagsOfCategory(name)) {
      let seats = 0;
      for (const zone of plan.zones) {
        for (const row of zone.rows) {
          for (const seat of row.seats) {
            if (seat.category === name && seat[flag] === undefined) seats += 1;
          }
        }
      }
      if (seats > 0) found.push({ category: name, flag, seats });
    }
  }
  return found;
}
