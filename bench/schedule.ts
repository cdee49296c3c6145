/** How long and how often is measured. */
export interface Schedule {
  readonly repetitions: number;
  readonly connections: readonly number[];
  /** Before the first round, at the most connections. */
  readonly startUpMs: number;
  readonly warmUpMs: number;
  readonly bareMs: number;
  readonly holdfastMs: number;
  /** Latency when nobody waits (one connection) and at half the peak (open loop). */
  readonly latencyMs: number | null;
}

export const quick: Schedule = {
  repetitions: 3,
  connections: [64, 256],
  startUpMs: 4_000,
  warmUpMs: 400,
  bareMs: 1_200,
  holdfastMs: 2_500,
  latencyMs: null,
};

export const thorough: Schedule = {
  repetitions: 5,
  connections: [64, 256],
  startUpMs: 6_000,
  warmUpMs: 1_000,
  bareMs: 3_000,
  holdfastMs: 4_000,
  latencyMs: 4_000,
};
