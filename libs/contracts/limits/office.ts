/** What people with a role read and write. */
export const officeLimits = {
  officePageMax: 100,
  /** Of one page of an event's history; what is more is on the next. */
  historyBatchesMax: 100,
  historyBytesMax: 64 * 1024,
  /** Why something is done, in characters. */
  reasonLengthMax: 200,
} as const;
