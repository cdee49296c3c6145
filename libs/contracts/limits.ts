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

  // catalogue
  planFileBytesMax: 64 * 1024 * 1024,
  eventFileBytesMax: 1024 * 1024,
  zonesPerPlanMax: 5_000,
  categoriesPerPlanMax: 500,
  drawingsPerPlanMax: 2_000,
  polygonPointsMax: 1_000,
  coordinateMax: 10_000_000,
  labelLengthMax: 100,
  nameLengthMax: 200,
  descriptionLengthMax: 10_000,
  performersPerEventMax: 50,
  areaCapacityMax: 1_000_000,
  priceMinorMax: 99_999_999,
  holdTtlMsMin: 3_000,
  holdTtlMsMax: 60 * 60_000,
  holdLifetimeMsMax: 24 * 60 * 60_000,
  placesPerBuyerMax: 1_000,
  importProblemsMax: 8,
  keywordLengthMax: 200,
  keywordTokensMax: 8,
  cachedLayoutSeatsMax: 1_000_000,
  cachedEventsMax: 10_000,
  cachedEventMs: 5_000,

  // commands on the bus
  batchItemsMax: 1_024,
  batchBytesMax: 512 * 1024,
  clientQueueMax: 20_000,
  commandDeadlineMs: 5_000,
  routeHopsMax: 8,
  mailboxMax: 20_000,
  busPayloadBytesMax: 1024 * 1024,
  busPendingBytesMax: 8 * 1024 * 1024,
  busRequestsMax: 4_096,
  busCloseMs: 1_000,
  controlCallsAtOnceMax: 512,

  // actor and journal
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
  idleBeforePassivationMs: 60_000,
  activationsAtOnceMax: 16,
  /** Of them, events that only have something due: the rest is for those with buyers. */
  quietActivationsAtOnceMax: 8,
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
  appendTimeoutMs: 2_000,
  /** Look-ups, take-overs and replays, per statement. */
  lookupTimeoutMs: 5_000,
  /** A renewal that takes longer than its lease is worth is given up. */
  renewTimeoutMs: 1_000,
  appendBytesMax: 16 * 1024 * 1024,
  journalPageBatches: 512,
  journalPageBytes: 4 * 1024 * 1024,
  snapshotsKept: 2,
  announceBlockedMs: 500,
  announceLockMs: 1_500,
  announceCollisionsMax: 50,
  announceTriesMax: 4,
  terminateWaitMs: 500,

  // ownership
  heartbeatMs: 250,
  /** How long a shard may answer from memory after its last proof of life. */
  leaseMs: 1_000,
  suspectAfterMs: 1_250,
  /** How long the row of a killed shard stays, for whoever looks into its end. */
  leaseKeptMs: 24 * 60 * 60_000,
  pingTimeoutMs: 250,
  /** A rehearsal of recovery after a start: its own work in all, and the longest piece of it. */
  rehearsalMs: 3_000,
  rehearsalSliceMs: 25,
  wakeScanMs: 500,
  wakeScanMax: 256,
  passivationScanMs: 5_000,
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
  describedEventsMax: 1_000,
  controlCallMs: 2_000,
  rateWindowMs: 2_000,

  // the end of a process: all its stop steps together, then it is killed by who started it
  shardStopMs: 10_000,
  processStopMs: 14_000,
  processKillMs: 17_000,

  // rebalancing: an automatic round is rare, small, and waits for calm
  rebalanceEveryMs: 15_000,
  rebalanceCalmMs: 30_000,
  rebalanceGapMs: 60_000,
  rebalanceMovesPerRound: 64,
  rebalanceMovesAtOnce: 2,
  hotCommandsPerSecond: 20,
  wakeHorizonMs: 2_000,

  // gateway
  bodyBytesMax: 16 * 1024,
  headerBytesMax: 8 * 1024,
  socketFrameBytesMax: 4 * 1024,
  socketBackpressureBytesMax: 1024 * 1024,
  diffRingMax: 2_048,
  pageSizeMax: 100,
  pageMax: 10_000,
  pageSizeDefault: 20,
  seatIdLengthMax: 200,
  paymentTokenLengthMax: 200,
  idempotencyKeyLengthMax: 100,
  edgeUserIdBytesMax: 36,
  tokenBytesMax: 4 * 1024,
  sessionTtlMs: 24 * 60 * 60_000,
  tokensCachedMax: 100_000,
  tokenVerifyTimeoutMs: 3_000,
  eventsCachedMax: 10_000,
  eventFreshMs: 30_000,
  unknownEventFreshMs: 1_000,
  requestsInFlightMax: 20_000,
  bookingWaitMs: 8_000,
  controlCallTimeoutMs: 3_000,
  stopGraceMs: 5_000,
  /** A gateway that will stop: not ready, but open to everybody, for load balancers to notice. */
  lameDuckGraceMs: 2_000,
  /** All its sockets are closed within this time, a slice at a time. */
  lameDuckCloseMs: 2_000,
  lameDuckSliceMs: 50,
  /** How fast its clients are told to come back, over all other gateways, and how late at most. */
  lameDuckReturnsPerSecond: 2_000,
  lameDuckReturnMsMin: 250,
  lameDuckReturnMsMax: 8_000,
  gatewayStopMs: 12_000,

  // admission: token buckets; a session costs more because identities are free to mint
  addressRequestsPerSecond: 100,
  addressRequestsBurst: 200,
  addressPrepaidRequests: 8,
  userRequestsPerSecond: 50,
  userRequestsBurst: 100,
  sessionRequestCost: 10,
  bucketsMax: 200_000,
  socketMessagesPerSecond: 10,
  socketMessagesBurst: 20,

  // live map
  replicasMax: 1_000,
  replicaIdleMs: 30_000,
  replicaCheckMs: 2_000,
  replicaLagMs: 300,
  replicaRetryMs: 200,
  replicaRetryMsMax: 2_000,
  replicaWaitMs: 3_000,
  replicaGoneMs: 3_000,
  /** How long a client that is ahead waits for this gateway; then it is sent to another. */
  resumeWaitMs: 2_000,
  resumeRetryMs: 500,
  diffBufferMax: 4_096,
  diffChangesMax: 100_000,
  fanOutMsMin: 10,
  fanOutMsMax: 100,
  socketsMax: 16_000,
  socketsPerAddressMax: 100,
  socketIdleSeconds: 32,
  streamBeatMs: 4_000,

  // payments
  sagasInWorkMax: 512,
  bookCallsMax: 10_000,
  bookWaitMsMax: 30_000,
  sagaScanMs: 1_000,
  sagaLeaseMs: 5_000,
  sagaPollMs: 100,
  sagaStopMs: 4_000,
  sagaStuckAfterMs: 60_000,
  providerTimeoutMs: 3_000,
} as const;

function assertRelation(holds: boolean, message: string): void {
  if (!holds) throw new Error(`limits: ${message}`);
}

assertRelation(limits.batchBytesMax < limits.busPayloadBytesMax, 'a batch must fit a bus frame');
assertRelation(limits.seatsPerPlanMax < limits.busPayloadBytesMax, 'a map must fit a bus frame');
assertRelation(limits.heartbeatMs * 4 <= limits.suspectAfterMs, 'suspicion needs missed beats');
assertRelation(limits.heartbeatMs * 3 <= limits.leaseMs, 'a lease outlives two lost renewals');
assertRelation(limits.leaseMs < limits.suspectAfterMs, 'an owner stops before it is replaced');
assertRelation(limits.rehearsalSliceMs * 5 <= limits.heartbeatMs, 'rehearsals delay no heartbeat');
assertRelation(
  limits.wakeScanMs < limits.wakeHorizonMs,
  'a due hold must be seen before it is due',
);
assertRelation(limits.batchItemsMax <= limits.mailboxMax, 'a batch must fit a mailbox');
assertRelation(limits.suspectAfterMs < limits.commandDeadlineMs, 'failover must fit a deadline');
assertRelation(limits.zonesPerPlanMax <= 65_535, 'a section index must fit 16 bits');
assertRelation(
  limits.categoriesPerPlanMax + limits.areasPerPlanMax <= 65_535,
  'a category index must fit 16 bits',
);
assertRelation(
  limits.seatsPerPlanMax <= limits.cachedLayoutSeatsMax,
  'the largest plan must fit the cache',
);
assertRelation(
  limits.edgeUserIdBytesMax + 1 + limits.idempotencyKeyLengthMax <= limits.idBytesMax,
  'a user id of the edge and an idempotency key must fit a command id',
);
assertRelation(limits.fanOutMsMax < limits.replicaLagMs, 'a merged diff must not look like loss');
assertRelation(
  limits.leaseMs + 2 * limits.replicaLagMs < limits.resumeWaitMs,
  'an owner must be asked again before who waits for it is sent away',
);
assertRelation(
  limits.bytesPerBatchMax + 64 <= limits.appendBytesMax,
  'the largest batch must fit one append',
);
assertRelation(
  limits.announceBlockedMs < limits.announceLockMs,
  'who blocks an announce is ended before the announce gives up',
);
assertRelation(limits.sagaScanMs * 3 <= limits.sagaLeaseMs, 'a lease must outlive missed renewals');
assertRelation(
  limits.addressPrepaidRequests < limits.addressRequestsBurst,
  'a new address must be able to pay for its first caller',
);
assertRelation(
  limits.rebalanceMovesAtOnce <= limits.movesAtOnceMax,
  'rebalancing leaves room for the moves of operators',
);
assertRelation(
  limits.suspectAfterMs < limits.rebalanceCalmMs,
  'a shard that fell silent is noticed before anything is rebalanced',
);
assertRelation(
  limits.drainAtStopMs + limits.moveFlushMs < limits.shardStopMs,
  'a stopping shard has time left to hand back what it could not move',
);
assertRelation(
  limits.shardStopMs < limits.processStopMs && limits.processStopMs < limits.processKillMs,
  'a process ends by itself before it is killed',
);
assertRelation(
  limits.lameDuckGraceMs + limits.lameDuckCloseMs + limits.stopGraceMs + 2_000 <
    limits.gatewayStopMs && limits.gatewayStopMs < limits.processStopMs,
  'a gateway has let everybody go before it must have stopped',
);
assertRelation(
  limits.socketsMax <= (limits.lameDuckReturnsPerSecond * limits.lameDuckReturnMsMax) / 1_000,
  'the sockets of a full gateway come back no faster than they should',
);
assertRelation(
  limits.quietActivationsAtOnceMax < limits.activationsAtOnceMax,
  'events with buyers find room beside a herd of quiet ones',
);
assertRelation(
  limits.moveSlotWaitMs < limits.moveTakeMs,
  'a target waits for its slot no longer than its source waits for it',
);
