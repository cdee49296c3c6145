/** A shard and its events: who is alive, what is brought to life and put to sleep, what failed. */
export const hostingLimits = {
  heartbeatMs: 250,
  /** How long a shard may answer from memory after its last proof of life. */
  leaseMs: 1_000,
  suspectAfterMs: 1_250,
  /** How long the row of a killed shard stays, for whoever looks into its end. */
  leaseKeptMs: 24 * 60 * 60_000,
  /** A shard whose last proof of life is no older may be late only: an operator waits for it. */
  lateShardMs: 10_000,
  pingTimeoutMs: 250,
  activationsAtOnceMax: 16,
  /** Of them, events that only have something due: the rest is for those with buyers. */
  quietActivationsAtOnceMax: 8,
  /** A rehearsal of recovery after a start: its own work in all, and the longest piece of it. */
  rehearsalMs: 3_000,
  rehearsalSliceMs: 25,
  wakeScanMs: 500,
  wakeScanMax: 256,
  wakeHorizonMs: 2_000,
  idleBeforePassivationMs: 60_000,
  passivationScanMs: 5_000,
  /** An actor that breaks this often in this time is quarantined. */
  rebuildsMax: 4,
  rebuildsWithinMs: 10_000,
  tailRetryMs: 250,
  /** An event that cannot be brought to life is tried again, each time twice as late. */
  setbackMs: 200,
  setbackMsMax: 1_000,
  /** The same, when this program cannot read what a newer one wrote. */
  unreadableMs: 1_000,
  unreadableMsMax: 30_000,
  setbacksKept: 10_000,
  describedEventsMax: 1_000,
  /** Maps of events at rest that are kept, over all events. */
  restingMapBytesMax: 32 * 1024 * 1024,
  rateWindowMs: 2_000,
  /** What can still be had, for searches: events that are passed and written in one look. */
  availabilityLookMs: 1_000,
  availabilityLooksMax: 2_000,
  availabilityRowsMax: 500,
  /** Rows of changed rules that are written in one look; changes are rare. */
  rulesRowsMax: 50,
} as const;
