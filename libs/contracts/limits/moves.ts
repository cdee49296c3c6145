/**
 * Events that change their owner while buyers are there: single moves, drains, and rebalancing,
 * whose automatic round is rare, small, and waits for calm.
 */
export const moveLimits = {
  /** Steps of a move, each with its own clock. */
  moveWarmMs: 10_000,
  moveFlushMs: 1_000,
  moveTakeMs: 1_000,
  moveSlotWaitMs: 200,
  moveWarmKeptMs: 20_000,
  moveWarmKeptMax: 16,
  movesAtOnceMax: 8,
  movesKept: 100,
  /** A whole drain, when no deadline is named; and the part of a stop that moves events. */
  drainMs: 60_000,
  drainMsMax: 60 * 60_000,
  drainAtStopMs: 6_000,
  drainFailuresMax: 100,
  rebalanceEveryMs: 15_000,
  rebalanceCalmMs: 30_000,
  rebalanceGapMs: 60_000,
  rebalanceMovesPerRound: 64,
  rebalanceMovesAtOnce: 2,
  hotCommandsPerSecond: 20,
} as const;
