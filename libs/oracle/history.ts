/** Everything Postgres has of one event, as plain rows. Nothing here is trusted yet. */
export interface EventHistory {
  readonly eventId: string;
  /** By batch number. */
  readonly rows: readonly JournalRow[];
  readonly bookedSeats: readonly BookedSeatRow[];
  readonly bookings: readonly BookingRow[];
}

export interface JournalRow {
  readonly batchNo: number;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
  readonly facts: Uint8Array;
  /** Postgres' clock when the statement began: before the row was durable. */
  readonly writtenAtMs: number;
}

/** A seat that is sold now. */
export interface BookedSeatRow {
  readonly seat: number;
  readonly bookingId: string;
}

export interface BookingRow {
  readonly bookingId: string;
  readonly holdId: string;
  readonly userId: string;
  /** As sold. */
  readonly seats: readonly number[];
  /** Nothing of it is left. */
  readonly cancelled: boolean;
}

/** The static plan, from the catalogue: what the journal's indexes mean. */
export interface HistoryPlan {
  /** Public seat id per seat index. */
  readonly seatIds: readonly string[];
  readonly areaCapacities: readonly number[];
  /** By seat index. */
  readonly categoryOfSeat: ArrayLike<number>;
  /** By seat index: 1 is a wheelchair space, 2 a companion seat; other bits mean nothing here. */
  readonly flagsOfSeat: ArrayLike<number>;
}
