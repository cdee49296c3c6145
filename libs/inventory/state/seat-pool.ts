import { SEAT_FLAG_COMPANION, SEAT_FLAG_WHEELCHAIR, type InventoryLayout } from '../layout.js';

/** Wheelchair spaces and companion seats of a plan, and what there is beside them. */
export interface SeatPool {
  /** The wheelchair spaces, ascending. */
  readonly spaces: Uint32Array;
  /** By row: 1 when it has a wheelchair space. */
  readonly spaceInRow: Uint8Array;
  /** By category: seats outside the pool, and areas. */
  readonly restOfCategory: Uint32Array;
  /** By section: seats outside the pool. */
  readonly restOfSection: Uint32Array;
}

export const poolFlags = SEAT_FLAG_WHEELCHAIR | SEAT_FLAG_COMPANION;

/** Layouts are shared between events and never change: each is looked through once. */
const pools = new WeakMap<InventoryLayout, SeatPool | null>();

/** Null: the plan has no such seat. */
export function poolOf(layout: InventoryLayout): SeatPool | null {
  const known = pools.get(layout);
  if (known !== undefined) return known;
  const pool = poolIn(layout);
  pools.set(layout, pool);
  return pool;
}

function poolIn(layout: InventoryLayout): SeatPool | null {
  const { seatCount, rowOfSeat, flagsOfSeat, categoryOfSeat, sectionOfRow } = layout;
  const spaces: number[] = [];
  const spaceInRow = new Uint8Array(layout.rowCount);
  const restOfCategory = new Uint32Array(layout.categories.length);
  const restOfSection = new Uint32Array(layout.sections.length);
  let kept = 0;
  for (let seat = 0; seat < seatCount; seat++) {
    const flags = flagsOfSeat[seat] & poolFlags;
    if (flags === 0) {
      restOfCategory[categoryOfSeat[seat]] += 1;
      restOfSection[sectionOfRow[rowOfSeat[seat]]] += 1;
      continue;
    }
    kept += 1;
    if ((flags & SEAT_FLAG_WHEELCHAIR) === 0) continue;
    spaces.push(seat);
    spaceInRow[rowOfSeat[seat]] = 1;
  }
  if (kept === 0) return null;
  for (const { category } of layout.areas) restOfCategory[category] += 1;
  return { spaces: Uint32Array.from(spaces), spaceInRow, restOfCategory, restOfSection };
}
