import { levelWithBy } from './fact-kinds.js';

/**
 * How snapshots are written. 1 had every id and every answer as text; it is not read: who finds
 * one replays. 2: bookings, and what was answered about payments, in text. 3: in packed words, and
 * as the live booking where that says the same: half the bytes of a sold event.
 */
export type SnapshotFormat = 2 | 3;
export const snapshotFormatNewest: SnapshotFormat = 3;

/**
 * With the levels of facts, so that a release that serves beside an older one writes what that
 * reads (docs/decisions/0012-readers-first-then-writers.md).
 */
export function snapshotFormatAt(factLevel: number): SnapshotFormat {
  return factLevel < levelWithBy ? 2 : 3;
}

export function isSnapshotFormat(format: number): format is SnapshotFormat {
  return format === 2 || format === 3;
}
