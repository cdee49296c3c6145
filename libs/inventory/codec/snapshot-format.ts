import { levelWithBy, levelWithColumns, levelWithRules } from './fact-kinds.js';
import type { InventoryState } from '../state/state.js';

/**
 * How snapshots are written. 1 had every id and every answer as text; it is not read: who finds
 * one replays. 2: bookings, and what was answered about payments, in text. 3: in packed words, and
 * as the live booking where that says the same: half the bytes of a sold event. 4: with the prices
 * of holds that are of several, and with the rules once they were changed. 5: the same in columns
 * of words, as they lie in memory: larger, and quicker to read.
 */
export type SnapshotFormat = 2 | 3 | 4 | 5;
export const snapshotFormatNewest: SnapshotFormat = 5;
export const snapshotFormatWithRules: SnapshotFormat = 4;
export const snapshotFormatOfColumns: SnapshotFormat = 5;

/**
 * With the levels of facts, so that a release that serves beside an older one writes what that
 * reads (docs/decisions/0012-readers-first-then-writers.md).
 */
export function snapshotFormatAt(factLevel: number): SnapshotFormat {
  if (factLevel < levelWithBy) return 2;
  if (factLevel < levelWithRules) return 3;
  return factLevel < levelWithColumns ? 4 : 5;
}

/**
 * The format, or the first above it that loses nothing of the state. Only a process that has not
 * yet heard of a level sees facts of it, and by then all others read it.
 */
export function formatFor(state: InventoryState, format: SnapshotFormat): SnapshotFormat {
  const says = state.rulesRevision > 0 || state.holds.hasPriceLists;
  return says && format < snapshotFormatWithRules ? snapshotFormatWithRules : format;
}

export function isSnapshotFormat(format: number): format is SnapshotFormat {
  return format === 2 || format === 3 || format === 4 || format === 5;
}
