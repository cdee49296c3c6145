import type { DiffFrame, SnapshotFrame } from '#libs/contracts/live-frames.js';

/** Frames of a live map of which only the seats matter. */
export const snapshotOf = (version: number, statuses: string): SnapshotFrame => ({
  type: 'snapshot',
  event_id: 'evt_show1',
  version,
  sale_status: 'open',
  layout_hash: 'a'.repeat(64),
  statuses,
  areas: [],
});

export const diffOf = (from: number, to: number, changes: DiffFrame['changes']): DiffFrame => ({
  type: 'diff',
  from,
  to,
  changes,
});
