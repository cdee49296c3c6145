/** What people with a role read and write. */
export const officeLimits = {
  officePageMax: 100,
  /** Of one page of an event's history; what is more is on the next. */
  historyBatchesMax: 100,
  historyBytesMax: 64 * 1024,
  /** Of one page of an event's course, as the replay of its sale is told it. */
  courseBatchesMax: 500,
  courseBytesMax: 64 * 1024,
  /** Events with their owners, on one page of the status, and those that are quarantined. */
  ownersPageMax: 100,
  quarantinedShownMax: 100,
  /** Why something is done, in characters. */
  reasonLengthMax: 200,
  /** What an import changed, in words, as far as its record has it. */
  recordedReasonLengthMax: 2_000,
  /** A year, and what an audit of it takes. 0: for ever. */
  auditDaysDefault: 400,
  auditDaysMax: 36_500,
  /** Rows that are too old, in one statement. */
  auditSweptMax: 1_000,
  auditSweepMs: 600_000,
} as const;
