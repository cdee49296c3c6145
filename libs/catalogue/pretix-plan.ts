import Type, { type Static } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { checker, invalid, Problems, valid, type Checked } from './checked.js';
import { parseJsonFile } from './json-file.js';

/**
 * A seating plan in pretix's open JSON format: zones of rows of seats, with positions relative to
 * their parents, price categories by name, and drawn areas (stage, bar, standing floor).
 *
 * Read strictly where it matters (ids, categories, positions), leniently elsewhere: fields that
 * an editor adds for itself are ignored. On top of the format Holdfast reads the booleans of
 * seat-flags.ts on a seat and a `focal` point of the plan. This module checks; compile-plan.ts
 * gives the plan its meaning.
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
  uuid: Type.Optional(label(1)),
  seat_number: label(0),
  position: Position,
  /** Drawn. */
  radius: Type.Optional(coordinate),
  /** Empty: of none, and not for sale. */
  category: label(0),
  wheelchair: Type.Optional(Type.Boolean()),
  companion: Type.Optional(Type.Boolean()),
  restricted_view: Type.Optional(Type.Boolean()),
  hearing_loop: Type.Optional(Type.Boolean()),
  sign_language: Type.Optional(Type.Boolean()),
  plus_size: Type.Optional(Type.Boolean()),
});

const Row = Type.Object({
  row_number: label(0),
  /** "Table %s": how people call the row; `seat_label` likewise its seats. */
  row_label: Type.Optional(Type.Union([label(0), Type.Null()])),
  seat_label: Type.Optional(Type.Union([label(0), Type.Null()])),
  /** At which ends of the row its number is drawn: start, end, both. */
  row_number_position: Type.Optional(Type.Union([label(0), Type.Null()])),
  position: Type.Optional(Position),
  seats: Type.Array(Seat),
});

/** Any text: it is drawn, and identifies nothing. */
const drawnText = Type.String();
const AreaText = Type.Object({
  text: Type.Optional(drawnText),
  position: Type.Optional(Position),
  color: Type.Optional(drawnText),
  size: Type.Optional(coordinate),
});

/**
 * Old plans give the size beside the position and plain text, new ones an object per shape. What is
 * only drawn is bounded by the bytes of the file alone, and never refuses a plan for its looks.
 */
const Area = Type.Object({
  shape: Type.Optional(drawnText),
  position: Type.Optional(Position),
  rotation: Type.Optional(coordinate),
  color: Type.Optional(drawnText),
  border_color: Type.Optional(drawnText),
  width: Type.Optional(coordinate),
  height: Type.Optional(coordinate),
  text: Type.Optional(Type.Union([AreaText, drawnText, Type.Null()])),
  rectangle: Type.Optional(Type.Object({ width: coordinate, height: coordinate })),
  circle: Type.Optional(Type.Object({ radius: coordinate })),
  ellipse: Type.Optional(Type.Object({ radius: Position })),
  polygon: Type.Optional(Type.Object({ points: Type.Array(Position) })),
});

const Zone = Type.Object({
  name: Type.Optional(label(0)),
  position: Position,
  rows: Type.Array(Row),
  areas: Type.Optional(Type.Array(Area)),
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

export interface PlanOptions {
  /** The field that has the public seat ids. Default `seat_guid`, as in pretix. */
  readonly seatId?: 'seat_guid' | 'uuid' | undefined;
}

/** Bytes of a plan file to a plan, or every problem with its path (at most importProblemsMax). */
export function parsePlan(bytes: Uint8Array, options: PlanOptions = {}): Checked<PretixPlan> {
  const json = parseJsonFile(bytes, limits.planFileBytesMax);
  return json.kind === 'valid' ? checkPlan(json.value, options) : json;
}

export function checkPlan(value: unknown, { seatId }: PlanOptions = {}): Checked<PretixPlan> {
  if (!looksLikePlan(value)) {
    return invalid([{ path: '', message: 'is not a seating plan: "zones" is missing' }]);
  }
  const shape = checkShape(value);
  if (shape.kind === 'invalid') return shape;
  const problems = new Problems();
  const plan = seatId === 'uuid' ? namedByUuid(shape.value, problems) : shape.value;
  if (problems.list.length === 0) checkMeaning(plan, seatId ?? 'seat_guid', problems);
  return problems.list.length > 0 ? invalid(problems.list) : valid(plan);
}

/** The plan with each seat's `uuid` as its id. */
function namedByUuid(plan: PretixPlan, problems: Problems): PretixPlan {
  for (const [seat, path] of seatsOf(plan)) {
    if (seat.uuid === undefined) problems.add(`${path}.uuid`, 'is missing');
  }
  const named = (seat: PretixSeat): PretixSeat => ({ ...seat, seat_guid: seat.uuid ?? '' });
  const zones = plan.zones.map((zone) => ({
    ...zone,
    rows: zone.rows.map((row) => ({ ...row, seats: row.seats.map(named) })),
  }));
  return problems.list.length > 0 ? plan : { ...plan, zones };
}

/** True for a JSON object with `zones`: tells a plan file from an event file. */
export const looksLikePlan = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'zones' in value;

function checkMeaning(plan: PretixPlan, idField: 'seat_guid' | 'uuid', problems: Problems): void {
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
  checkCategories(plan, categories, problems);
  checkSeatIds(plan, idField, problems);
  checkDrawings(plan, problems);
}

function checkCategories(
  plan: PretixPlan,
  categories: ReadonlySet<string>,
  problems: Problems,
): void {
  for (const [seat, path] of seatsOf(plan)) {
    if (problems.full) return;
    if (seat.category === '' || categories.has(seat.category)) continue;
    problems.add(`${path}.category`, `names the unknown category ${JSON.stringify(seat.category)}`);
  }
}

/** Problems that name repeated ids one by one, after the one that says how many there are. */
const repeatsNamedMax = 3;

function checkSeatIds(plan: PretixPlan, idField: 'seat_guid' | 'uuid', problems: Problems): void {
  const firstPath = new Map<string, string>();
  const uuids = new Set<string>();
  const repeats: [string, string][] = [];
  let repeated = 0;
  let seats = 0;
  for (const [seat, path] of seatsOf(plan)) {
    seats += 1;
    if (seat.uuid !== undefined) uuids.add(seat.uuid);
    const first = firstPath.get(seat.seat_guid);
    if (first === undefined) {
      firstPath.set(seat.seat_guid, path);
      continue;
    }
    repeated += 1;
    if (repeats.length >= repeatsNamedMax) continue;
    repeats.push([`${path}.${idField}`, `repeats ${JSON.stringify(seat.seat_guid)} of ${first}`]);
  }
  if (repeated === 0) return;
  const uuidServes = idField === 'seat_guid' && uuids.size === seats;
  const hint = uuidServes ? '; every uuid is unique: import with --seat-id uuid' : '';
  const [[path, message]] = repeats;
  problems.add(path, `${message}; ${repeated} of ${seats} seats repeat an id${hint}`);
  for (const [where, what] of repeats.slice(1)) problems.add(where, what);
}

/** Nothing that is only drawn refuses a plan, but every buyer loads it. */
function checkDrawings(plan: PretixPlan, problems: Problems): void {
  let bytes = 0;
  plan.zones.forEach((zone, z) => {
    if (zone.areas === undefined || bytes > limits.drawnBytesPerPlanMax) return;
    bytes += JSON.stringify(zone.areas).length;
    if (bytes <= limits.drawnBytesPerPlanMax) return;
    problems.add(`zones[${z}].areas`, `draw over ${limits.drawnBytesPerPlanMax} bytes`);
  });
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
