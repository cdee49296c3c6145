/** The way of a command from the edge to the owner, wherever that is just now. */
export const routingLimits = {
  /** Calls without an answer, of which an event may have as many as are left for the others. */
  clientQueueMax: 20_000,
  commandDeadlineMs: 5_000,
  routeHopsMax: 8,
  /** Between two questions for the frames a shard reads, while it does not answer. */
  versionAskMs: 1_000,
  /** How long a shard that cannot be talked to is left alone. */
  shunMs: 1_000,
} as const;
