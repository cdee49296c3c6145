import Type, { type Static } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { checker, invalid, Problems, valid, type Checked } from './checked.js';
import { parseJsonFile } from './json-file.js';

/**
 * A seating plan in pretix's open JSON format: zones of rows of seats, with positions relative to
 * their parents, price categories by name, and drawn areas (stage, bar, standing floor).
 *
 * Read strictly where it matters (ids, categories, positions), leniently elsewhere: fields that
 * an editor adds for itself are ignored. On top of the format Holdfast reads three booleans of a
 * seat (`wheelchair`, `companion`, `restricted_view`) and a `focal` point of the plan. This module
 * checks; compile-plan.ts gives the plan its meaning.
 *
 * PX1  Seat ids are unique in the plan.
 * PX2  Every seat's category is one of the plan's, and category names are unique.
 * PX3  At most limits.seatsPerPlanMax seats; at least one seat or one drawn area.
 */
const printable = '^[^\\u0000-\\u001f\\u007f]*$';

const label = (minLength: number) =>
  Type.String({ minLength, maxLength: limits.labelLengthMax, pattern: printable });

const coordinate = Type.Number({
  minimum: -limits.coordinateMax,
  maximum: limits.coordinateMax,
});
const extent = Type.Number({ minimum: 0, maximum: limits.coordinateMax });
const Position = Type.Object({ x: coordinate, y: coordinate });

const Seat = Type.Object({
  seat_guid: label(1),
  seat_number: label(0),
  position: Position,
  category: label(1),
  wheelchair: Type.Optional(Type.Boolean()),
  companion: Type.Optional(Type.Boolean()),
  restricted_view: Type.Optional(Type.Boolean()),
});

const Row = Type.Object({
  row_number: label(0),
  position: Type.Optional(Position),
  seats: Type.Array(Seat),
});

/** Old plans give the size beside the position and plain text, new ones an object per shape. */
const Area = Type.Object({
  shape: Type.Optional(label(0)),
  position: Position,
  rotation: Type.Optional(Type.Number({ minimum: -3600, maximum: 3600 })),
  color: Type.Optional(label(0)),
  border_color: Type.Optional(label(0)),
  width: Type.Optional(extent),
  height: Type.Optional(extent),
  text: Type.Optional(
    Type.Union([label(0), Type.Object({ text: Type.Optional(label(0)) }), Type.Null()]),
  ),
  rectangle: Type.Optional(Type.Object({ width: extent, height: extent })),
  circle: Type.Optional(Type.Object({ radius: extent })),
  ellipse: Type.Optional(Type.Object({ radius: Type.Object({ x: extent, y: extent }) })),
  polygon: Type.Optional(
    Type.Object({ points: Type.Array(Position, { maxItems: limits.polygonPointsMax }) }),
  ),
});

const Zone = Type.Object({
  name: Type.Optional(label(0)),
  position: Position,
  rows: Type.Array(Row),
  areas: Type.Optional(Type.Array(Area, { maxItems: limits.drawingsPerPlanMax })),
});

const Plan = Type.Object({
  name: Type.String({ minLength: 1, maxLength: limits.nameLengthMax, pattern: printable }),
  categories: Type.Array(Type.Object({ name: label(1), color: Type.Optional(label(0)) }), {
    maxItems: limits.categoriesPerPlanMax,
  }),
  zones: Type.Array(Zone, { maxItems: limits.zonesPerPlanMax }),
  size: Type.Optional(Type.Object({ width: extent, height: extent })),
  focal: Type.Optional(Position),
});

export type PretixPlan = Static<typeof Plan>;
export type PretixZone = Static<typeof Zone>;
export type PretixRow = Static<typeof Row>;
export type PretixSeat = Static<typeof Seat>;
export type PretixArea = Static<typeof Area>;

const checkShape = checker<PretixPlan>(Plan);

/** Bytes of a plan file to a plan, or every problem with its path (at most importProblemsMax). */
export function parsePlan(bytes: Uint8Array): Checked<PretixPlan> {
  const json = parseJsonFile(bytes, limits.planFileBytesMax);
  return json.kind === 'valid' ? checkPlan(json.value) : json;
}

export function checkPlan(value: unknown): Checked<PretixPlan> {
  if (!looksLikePlan(value)) {
    return invalid([{ path: '', message: 'is not a seating plan: "zones" is missing' }]);
  }
  const shape = checkShape(value);
  if (shape.kind === 'invalid') return shape;
  const problems = new Problems();
  checkMeaning(shape.value, problems);
  return problems.list.length > 0 ? invalid(problems.list) : valid(shape.value);
}

/** True for a JSON object with `zones`: tells a plan file from an event file. */
export const looksLikePlan = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'zones' in value;

function checkMeaning(plan: PretixPlan, problems: Problems): void {
  const categories = new Set<string>();
  plan.categories.forEach(({ name }, index) => {
    if (categories.has(name)) {
      problems.add(`categories[${index}].name`, `repeats the category ${JSON.stringify(name)}`);
    }
    categories.add(name);
  });
  const seatCount = countSeats(plan);
  const drawnAreas = plan.zones.some((zone) => (zone.areas?.length ?? 0) > 0);
  if (seatCount === 0 && !drawnAreas) problems.add('zones', 'have no seats and no areas');
  if (seatCount > limits.seatsPerPlanMax) {
    problems.add(
      firstSeatOver(plan, limits.seatsPerPlanMax),
      `is one too many: the plan has ${seatCount} seats, at most ${limits.seatsPerPlanMax} fit`,
    );
    return;
  }
  checkSeats(plan, categories, problems);
}

function checkSeats(plan: PretixPlan, categories: ReadonlySet<string>, problems: Problems): void {
  const firstPath = new Map<string, string>();
  for (const [seat, path] of seatsOf(plan)) {
    if (problems.full) return;
    if (!categories.has(seat.category)) {
      const name = JSON.stringify(seat.category);
      problems.add(`${path}.category`, `names the unknown category ${name}`);
    }
    const first = firstPath.get(seat.seat_guid);
    if (first === undefined) firstPath.set(seat.seat_guid, path);
    else {
      const id = JSON.stringify(seat.seat_guid);
      problems.add(`${path}.seat_guid`, `repeats ${id} of ${first}`);
    }
  }
}

function* seatsOf(plan: PretixPlan): Generator<[PretixSeat, string]> {
  for (const [z, zone] of plan.zones.entries()) {
    for (const [r, row] of zone.rows.entries()) {
      for (const [s, seat] of row.seats.entries()) {
        yield [seat, `zones[${z}].rows[${r}].seats[${s}]`];
      }
    }
  }
}

export function countSeats(plan: PretixPlan): number {
  let count = 0;
  for (const zone of plan.zones) for (const row of zone.rows) count += row.seats.length;
  return count;
}

function firstSeatOver(plan: PretixPlan, max: number): string {
  let seen = 0;
  for (const [, path] of seatsOf(plan)) {
    if (seen === max) return path;
    seen += 1;
  }
  return 'zones';
}
