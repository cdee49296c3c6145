/** What an event's actor queues, what one commit carries, and when its state is written down. */
export const actorLimits = {
  mailboxMax: 20_000,
  /** Refusals that no fact remembers, by event: those of calls that may be sent again. */
  spokenRefusalsMax: 1_000,
  factsPerBatchMax: 4_096,
  bytesPerBatchMax: 1024 * 1024,
  eventsPerGroupMax: 512,
  /** What a failover folds: at most about this, or what a snapshot thread at work lets grow. */
  snapshotEveryBatches: 2_000,
  snapshotEveryFacts: 100_000,
  /** Between two snapshots of an event, in times of what the last one took. */
  snapshotRestTimes: 4,
  snapshotFoldsMax: 2,
  snapshotFoldKeptMs: 60_000,
  snapshotsWaitingMax: 64,
  /** An idle event is given up without a snapshot when its tail is no longer than this. */
  tailAtRestBatches: 64,
  tailAtRestFacts: 1_000,
  /**
   * What bringing events up takes of one turn of a shard's loop, in units of about a microsecond:
   * an entry of a snapshot (a hold, a booking, a remembered command) is one.
   */
  loopUnitsPerTurn: 4_000,
  /** The same by the clock, of the 20 ms that a turn may take at most. */
  loopMsPerTurn: 8,
  loopUnitsPerFact: 8,
  loopFactBytesPerUnit: 32,
  loopSeatsPerUnit: 32,
  loopBytesPerUnit: 1_024,
  loopEntriesAtOnce: 256,
  loopBytesAtOnce: 512 * 1024,
  /**
   * Places of one event that may be held from one address, or IPv6 /64: this part of all, and never
   * less than the number or than one buyer may have, unless the event says another number, up to
   * `addressPlacesRuleMax`. Phones, offices and halls of residence share addresses.
   */
  addressPlacesShare: 0.1,
  addressPlacesMin: 50,
  addressPlacesRuleMax: 1_000_000,
} as const;
