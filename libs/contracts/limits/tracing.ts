/** Of spans, where there is a collector for them. */
export const tracingLimits = {
  /** Requests that are traced because their client says so: it may be anybody. */
  tracesNamedPerSecond: 20,
  /** Spans of what failed or took long without being traced. */
  spansKeptPerSecond: 200,
  /** Some 1 KiB each. */
  spanQueueMax: 4_096,
  spanBatchMax: 512,
  spanDelayMs: 1_000,
  spanSendMs: 2_000,
  /** Attempts whose steps are remembered until it is known whether they are worth a trace. */
  attemptsRememberedMax: 1_000,
  spansPerAttemptMax: 64,
} as const;
