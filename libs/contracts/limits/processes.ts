/** The end of a process: all its stop steps together, then who started it kills it. */
export const processLimits = {
  shardStopMs: 10_000,
  gatewayStopMs: 12_000,
  processStopMs: 14_000,
  processKillMs: 17_000,
} as const;
