/** From when on something is worth a line, and how many lines a second may be written about it. */
export const loggingLimits = {
  /** From the first byte of a request to its answer. */
  slowRequestMs: 500,
  /** From a command's arrival at the shard to its durable answer, or to its turn. */
  slowCommandMs: 250,
  requestLinesPerSecond: 50,
  bookingLinesPerSecond: 500,
  brokenLinesPerSecond: 50,
  commandLinesPerSecond: 50,
  /** A line about many commands names the first ones and counts them all. */
  tracesPerLineMax: 8,
} as const;
