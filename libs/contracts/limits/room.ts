/** The waiting room. */
export const roomLimits = {
  /** Between two looks of a keeper, and of a gateway, at the rooms there are. */
  roomStepMs: 500,
  roomStepsPerLookMax: 64,
  /** Of the tree, in one step: a hundredth of a second of hashing. */
  roomLeavesPerStepMax: 4_000,
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
