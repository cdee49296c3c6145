/** What an event's actor queues, what one commit carries, and when its state is written down. */
export const actorLimits = {
  mailboxMax: 20_000,
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
} as const;
