/** Statements of the journal: how long they may run, how much they carry, how often they try. */
export const journalLimits = {
  appendTimeoutMs: 2_000,
  /** Look-ups, take-overs and replays, per statement. */
  lookupTimeoutMs: 5_000,
  /** A renewal that takes longer than its lease is worth is given up. */
  renewTimeoutMs: 1_000,
  appendBytesMax: 16 * 1024 * 1024,
  /** Most events are brought up with one short page, or none. */
  journalFirstPageBatches: 32,
  journalPageBatches: 512,
  journalPageBytes: 4 * 1024 * 1024,
  snapshotsKept: 2,
  announceBlockedMs: 500,
  announceLockMs: 1_500,
  announceCollisionsMax: 50,
  announceTriesMax: 4,
  terminateWaitMs: 500,
} as const;
