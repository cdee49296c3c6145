/** The list of all seats: how often a state is taken, how long it can be asked for. */
export const seatListLimits = {
  seatStatesPerSecondMax: 4,
  seatStateGapMs: 250,
  /** At four a second, what a pointer of a second ago names is there for a while yet. */
  seatStatesKept: 32,
  /** Between two questions to the owner for those who must see their own holds. */
  seatsAskGapMs: 50,
  /** For the owner's word, and for what it named to arrive. */
  seatsFreshWaitMs: 2_000,
  /** When to come back who could not be served. */
  seatsRetryMs: 1_000,
  /** Lists that are being made, of all events; each is as large as what it becomes. */
  seatListsAtOnceMax: 2,
  seatListsWaitingMax: 256,
  /**
   * Seat rows made, or so many bytes copied, in one turn of the loop: half a millisecond.
   */
  rowUnitsPerTurn: 512,
  /** The same by the clock, for code that has never run before. */
  rowMsPerTurn: 2,
  rowsAtOnce: 256,
  /** Different texts of one list of names that are kept once each; the rest stand by themselves. */
  sharedTextsMax: 1_024,
  rowBytesPerUnit: 1024,
  rowPatchesPerUnit: 8,
} as const;
