/**
 * Every bound of Holdfast in one place (G8). Units are in the names; relations between bounds are
 * asserted at load, so that a changed number cannot silently break a promise.
 */
export const limits = {
  // inventory
  seatsPerPlanMax: 200_000,
  areasPerPlanMax: 200,
  placesPerHoldMax: 50,
  commandWindowMax: 200_000,
  idBytesMax: 160,
  blockReasonBytesMax: 200,

  // commands on the bus
  batchItemsMax: 1_024,
  batchBytesMax: 512 * 1024,
  clientQueueMax: 20_000,
  commandDeadlineMs: 5_000,
  routeHopsMax: 8,
  mailboxMax: 20_000,
  busPayloadBytesMax: 1024 * 1024,
  busPendingBytesMax: 8 * 1024 * 1024,

  // actor and journal
  factsPerBatchMax: 4_096,
  bytesPerBatchMax: 1024 * 1024,
  eventsPerGroupMax: 512,
  snapshotEveryBatches: 2_000,
  snapshotEveryFacts: 50_000,
  idleBeforePassivationMs: 60_000,
  activationsAtOnceMax: 16,
  appendTimeoutMs: 2_000,

  // ownership
  heartbeatMs: 250,
  suspectAfterMs: 1_250,
  wakeScanMs: 500,
  wakeHorizonMs: 2_000,

  // gateway
  bodyBytesMax: 16 * 1024,
  headerBytesMax: 8 * 1024,
  socketFrameBytesMax: 4 * 1024,
  socketBackpressureBytesMax: 1024 * 1024,
  diffRingMax: 2_048,
  pageSizeMax: 100,
  pageMax: 10_000,
} as const;

function assertRelation(holds: boolean, message: string): void {
  if (!holds) throw new Error(`limits: ${message}`);
}

assertRelation(limits.batchBytesMax < limits.busPayloadBytesMax, 'a batch must fit a bus frame');
assertRelation(limits.seatsPerPlanMax < limits.busPayloadBytesMax, 'a map must fit a bus frame');
assertRelation(limits.heartbeatMs * 4 <= limits.suspectAfterMs, 'suspicion needs missed beats');
assertRelation(limits.wakeScanMs < limits.wakeHorizonMs, 'a due hold must be seen before it is due');
assertRelation(limits.batchItemsMax <= limits.mailboxMax, 'a batch must fit a mailbox');
assertRelation(limits.suspectAfterMs < limits.commandDeadlineMs, 'failover must fit a deadline');
