import type { HoldSeats, InventoryLayout, SaleRules } from '#libs/inventory/inventory.js';

/** What the naive model's protected pool needs to know of it. */
export interface PoolHall {
  readonly layout: InventoryLayout;
  readonly rules: SaleRules;
  readonly capacities: readonly number[];
  readonly now: number;
  statusOf(seat: number): string;
  areaTaken(area: number): { booked: number; blocked: number };
}

const wheelchair = 1;
const companion = 2;
const round = 128;

export const isSpace = (hall: Pick<PoolHall, 'layout'>, seat: number): boolean =>
  (hall.layout.flagsOfSeat[seat] & wheelchair) !== 0;

export const isCompanion = (hall: Pick<PoolHall, 'layout'>, seat: number): boolean =>
  (hall.layout.flagsOfSeat[seat] & companion) !== 0;

export const inPool = (hall: Pick<PoolHall, 'layout'>, seat: number): boolean =>
  isSpace(hall, seat) || isCompanion(hall, seat);

/** Is this seat of the pool for everybody now? */
export function isReleased(hall: PoolHall, seat: number): boolean {
  const { layout, rules } = hall;
  if (rules.accessibleRelease === 'never') return false;
  if (rules.accessibleRelease !== 'sold_out') return hall.now >= rules.accessibleRelease;
  const category = layout.categoryOfSeat[seat];
  const sectionOf = (other: number) => layout.sectionOfRow[layout.rowOfSeat[other]];
  const ordinary = [...Array(layout.seatCount).keys()].filter((other) => !inPool(hall, other));
  const ofCategory = ordinary.filter((other) => layout.categoryOfSeat[other] === category);
  const areas = layout.areas.map((_, area) => area);
  const ownAreas = areas.filter((area) => layout.areas[area].category === category);
  const isSold = (other: number) => ['booked', 'blocked'].includes(hall.statusOf(other));
  if (ofCategory.length + ownAreas.length > 0) {
    const full = ownAreas.every((area) => {
      const { booked, blocked } = hall.areaTaken(area);
      return booked + blocked >= hall.capacities[area];
    });
    return full && ofCategory.every(isSold);
  }
  const ofSection = ordinary.filter((other) => sectionOf(other) === sectionOf(seat));
  return ofSection.length > 0 && ofSection.every(isSold);
}

/** Named seats that this party may not have. */
export function keptSeats(hall: PoolHall, { seats, wheelchairs = 0 }: HoldSeats): number[] {
  const named = [...seats].sort((a, b) => a - b);
  const kept = named.filter((seat) => inPool(hall, seat) && !isReleased(hall, seat));
  if (wheelchairs === 0) return kept;
  const tooMany = kept.filter((seat) => isSpace(hall, seat)).slice(wheelchairs);
  const helpers = kept.filter((seat) => !isSpace(hall, seat));
  const lone: number[] = [];
  const spare: Record<number, number> = {};
  for (const group of groupsOf(hall, named)) {
    const room = 3 * group.filter((seat) => isSpace(hall, seat)).length;
    const ours = group.filter((seat) => helpers.some((other) => other === seat));
    lone.push(...ours.slice(room));
    const section = hall.layout.sectionOfRow[hall.layout.rowOfSeat[group[0]]];
    spare[section] = (spare[section] ?? 0) + Math.max(0, room - ours.length);
  }
  const alone = lone.filter((seat) => {
    const row = hall.layout.rowOfSeat[seat];
    const section = hall.layout.sectionOfRow[row];
    const rowHasSpace = [...hall.layout.rowOfSeat.keys()].some(
      (other) => hall.layout.rowOfSeat[other] === row && isSpace(hall, other),
    );
    if (rowHasSpace || (spare[section] ?? 0) === 0) return true;
    spare[section] -= 1;
    return false;
  });
  return [...tooMany, ...alone].sort((a, b) => a - b);
}

function groupsOf({ layout }: PoolHall, named: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const seat of named) {
    const before = groups.at(-1)?.at(-1) ?? -9;
    const sameRow = layout.rowOfSeat[before] === layout.rowOfSeat[seat];
    const isRound = (layout.flagsOfSeat[seat] & round) !== 0;
    const beside = before === seat - 1 && layout.neighbourNext[before] === 1;
    if (sameRow && (isRound || beside)) groups.at(-1)?.push(seat);
    else groups.push([seat]);
  }
  return groups;
}
