/**
 * What clients saw, written down while they ran, by public names. `unknown` is every request that
 * ended without an answer that says whether it ran (a timeout, a cut connection, a 5xx): it may
 * have had its effect once, or not at all.
 */
export interface Evidence {
  readonly buyers: readonly BuyerEvidence[];
  readonly watchers: readonly WatcherEvidence[];
  /** Clients waited until nothing happened any more: their last maps must be the journal's last. */
  readonly settled?: boolean;
}

/** Buyers have users of their own: what the journal says of the user must match what it saw. */
export interface BuyerEvidence {
  readonly userId: string;
  readonly holds: readonly HoldAttempt[];
  readonly bookings: readonly BookingAttempt[];
  readonly releases: readonly ReleaseAttempt[];
}

export interface HoldAttempt {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  /** Public seat ids: of the answer when acknowledged, else of the request. */
  readonly seats: readonly string[];
  readonly reservationId?: string;
  /** When the first byte was sent and the whole answer was there, on one clock. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** The last deadline that the buyer was told, by the wall clock. */
  readonly promisedUntilMs?: number;
}

export interface BookingAttempt {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly reservationId: string;
  readonly bookingId?: string;
  readonly seats: readonly string[];
}

/** Of the whole hold. */
export interface ReleaseAttempt {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly reservationId: string;
}

export interface WatcherEvidence {
  readonly name: string;
  /** In the order of arrival, over all connections of this watcher. */
  readonly frames: readonly WatchedFrame[];
  /** The client's map after the last frame: seats that are not free. */
  readonly finalMap: ReadonlyMap<string, SeatWord>;
}

export interface WatchedFrame {
  readonly kind: 'snapshot' | 'diff';
  /** Of a snapshot: its own version. */
  readonly from: number;
  readonly to: number;
  /** MapHash of the client's map after this frame. */
  readonly mapHash: number;
  readonly receivedAtMs: number;
}

export type SeatWord = 'free' | 'held' | 'booked' | 'blocked';
