import Type, { type Static } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { checker, invalid, Problems, valid, type Checked } from './checked.js';
import type { PretixPlan } from './pretix-plan.js';
import { seatFlagNames, type SeatFlag } from './seat-flags.js';

/**
 * A file beside a plan that says what Holdfast reads and pretix's strict schema would refuse, so
 * that one plan file works in both:
 *
 *   { "wheelchair": ["A-10"], "companion": ["A-11"], "focal": { "x": 750, "y": 1700 } }
 */
const ids = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: limits.labelLengthMax })),
);
const coordinate = Type.Number({ minimum: -limits.coordinateMax, maximum: limits.coordinateMax });
const FlagsFile = Type.Object(
  {
    wheelchair: ids,
    companion: ids,
    restricted_view: ids,
    hearing_loop: ids,
    sign_language: ids,
    plus_size: ids,
    focal: Type.Optional(Type.Object({ x: coordinate, y: coordinate })),
  },
  { additionalProperties: false },
);
type FlagsFile = Static<typeof FlagsFile>;

const checkShape = checker<FlagsFile>(FlagsFile);

/** The plan with what the file says added, or the seats that the plan does not have. */
export function withSeatFlags(plan: PretixPlan, value: unknown): Checked<PretixPlan> {
  const shape = checkShape(value);
  if (shape.kind === 'invalid') return shape;
  const flags = flagsById(shape.value);
  const problems = new Problems();
  const known = new Set<string>();
  for (const zone of plan.zones) {
    for (const row of zone.rows) for (const seat of row.seats) known.add(seat.seat_guid);
  }
  for (const [id, { path }] of flags) {
    if (!known.has(id))
      problems.add(path, `names ${JSON.stringify(id)}, which is no seat of the plan`);
  }
  if (problems.list.length > 0) return invalid(problems.list);
  const zones = plan.zones.map((zone) => ({
    ...zone,
    rows: zone.rows.map((row) => ({
      ...row,
      seats: row.seats.map((seat) => ({ ...seat, ...flags.get(seat.seat_guid)?.said })),
    })),
  }));
  const { focal } = shape.value;
  return valid({ ...plan, zones, ...(focal === undefined ? {} : { focal }) });
}

interface Said {
  readonly path: string;
  readonly said: Partial<Record<SeatFlag, boolean>>;
}

function flagsById(file: FlagsFile): Map<string, Said> {
  const flags = new Map<string, Said>();
  for (const flag of seatFlagNames) {
    (file[flag] ?? []).forEach((id, i) => {
      const before = flags.get(id) ?? { path: `${flag}[${i}]`, said: {} };
      flags.set(id, { path: before.path, said: { ...before.said, [flag]: true } });
    });
  }
  return flags;
}
