/** The waiting room. */
export const roomLimits = {
  /** Between two looks of a keeper, and of a gateway, at the rooms there are. */
  roomStepMs: 500,
  roomStepsPerLookMax: 64,
  /** Of the tree, in one step: a hundredth of a second of hashing. */
  roomLeavesPerStepMax: 4_000,
  /** Admissions of which a keeper asks at once what became of them. */
  roomSettledPerStepMax: 2_000,
  /** The clocks of two processes are taken to be no further apart. */
  roomClocksApartMs: 10_000,
  /** The owner of an event is slow from so much on, payments from so much; see Brake. */
  roomOwnerSlowMs: 250,
  roomPaymentsSlowMs: 2_000,
  /** So many times as slow calls nobody. */
  roomStopFactor: 4,
  roomSlowLooks: 3,
  roomCalmMs: 10_000,
  /** How often a keeper asks how payments are. */
  roomPaymentsAskMs: 5_000,
  /** A gateway that has not heard of rooms for so long lets people hold, where a room says so. */
  roomUnheardMs: 30_000,
  /** How long people are still told that a room was closed, and get their proof. */
  roomClosedShownMs: 86_400_000,
  /** How long a closed room is kept for questions; its places name people. */
  roomKeptMs: 30 * 86_400_000,
  /** Rows that a gateway removes of such rooms at a time, and how often it looks. */
  roomSweptMax: 10_000,
  roomSweepMs: 600_000,
  /** Joins that a gateway sends in one statement, and that wait for theirs. */
  roomJoinsAtOnceMax: 500,
  roomJoinsWaitingMax: 20_000,
  roomNonceLengthMin: 16,
  roomNonceLengthMax: 64,
  admissionLengthMax: 100,
  roomPartyMax: 20,
  roomRatePerMinuteMax: 60_000,
  roomActiveMax: 100_000,
  roomClaimMsMin: 15_000,
  roomClaimMsMax: 3_600_000,
  roomMessageLengthMax: 500,
  /** Between two questions of somebody who waits. */
  roomAskMs: 10_000,
  roomConnectionsMax: 4,
} as const;
