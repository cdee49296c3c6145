/** The way of a command from the edge to the owner, wherever that is just now. */
export const routingLimits = {
  /** Calls without an answer, of which an event may have as many as are left for the others. */
  clientQueueMax: 20_000,
  /** Whoever asks for a hold has his answer after this, from the last byte of his request. */
  answerWithinMs: 2_000,
  /** Of it, the time in which the owner must have answered. Then it is 503, and where to ask. */
  commandDeadlineMs: 1_900,
  /** For those who wait for more than this: the steps of a payment, and operators. */
  commandDeadlineMsMax: 5_000,
  /** A call that its shard leaves without an answer for so long is sent again, same id. */
  hopTimeoutMs: 500,
  /** How often that, and deadlines, are looked for. */
  callSweepMs: 50,
  /** Calls of one event that are sent again at one look. */
  askAgainMax: 64,
  routeHopsMax: 8,
  /** Between two questions for the frames a shard reads, while it does not answer. */
  versionAskMs: 1_000,
  /** How long a shard that cannot be talked to is left alone. */
  shunMs: 500,
} as const;
