import type { AreaQuantity } from '#libs/inventory/commands.js';
import type {
  AttemptId,
  BookingId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';

/** Where a page of due events ended. */
export type DueEvent = Pick<Ownership, 'wakeAtMs' | 'eventId'>;

/**
 * The journal port: an append-only, hash-chained, fenced log per event, and the ownership row.
 *
 * J1  Batches of an event are contiguous in batchNo, from 1; epochs never decrease.
 * J2  A batch goes in only if its predecessor has the writer's epoch; an announce batch (which
 *     opens an epoch) only if its predecessor has a smaller one. Batch 1 is always an announce.
 * J3  append() judges every event alone: a fenced event never costs its neighbours (G1, G2).
 * J4  Projections (booked seats, bookings, outbox, wake time) are written with their batch or not.
 * J5  A batch that was sent and not answered may or may not be in; settle() finds out.
 */
export interface Journal {
  /**
   * One connection, one append in flight. The connection carries the incarnation, so that a new
   * owner can find it and end it when it stands in the way.
   */
  openWriter(incarnation?: string): Promise<JournalWriter>;

  /**
   * Steps (1) and (2) of a take-over: compare-and-set of the ownership row from `fromEpoch` to
   * fromEpoch + 1, then the announce batch. `lost`: somebody else is at a higher epoch.
   */
  takeOver(request: TakeOver): Promise<TakeOverResult>;
  ownership(eventId: EventId): Promise<Ownership | null>;
  /**
   * Events whose wake time is at or before `beforeMs`, earliest first, without those of
   * `exceptOwners`: a live owner has its own timers and may leave an old wake time behind. Events
   * in quarantine are left out. Those behind `after` in that order, the last of the page before;
   * null: from the first.
   */
  dueWakes(
    beforeMs: number,
    limit: number,
    exceptOwners: readonly string[],
    after: DueEvent | null,
  ): Promise<readonly Ownership[]>;
  /** Events owned by an incarnation: what a dead shard leaves behind. */
  ownedBy(incarnation: string): Promise<readonly Ownership[]>;
  /** Gives the event up: owner becomes null if the epoch is still `epoch`. */
  release(eventId: EventId, epoch: number, wakeAtMs: number | null): Promise<boolean>;

  /** Binds the event to a shard id for placement, or frees it (null). False: no such event. */
  pin(eventId: EventId, shardId: string | null): Promise<boolean>;
  /** Events with a pin. */
  pinned(): Promise<readonly Ownership[]>;

  /**
   * Says why nobody may serve the event, or (null) that it may be served again. Outlives its owner;
   * takers ask before they take. False: no such event.
   */
  quarantine(eventId: EventId, reason: string | null): Promise<boolean>;

  tail(eventId: EventId): Promise<Tail | null>;
  /** The hash of one batch; null when the journal does not have it (any more). */
  hashAt(eventId: EventId, batchNo: number): Promise<Uint8Array | null>;
  /** Batches after `afterBatchNo` in order, read in pages. */
  read(eventId: EventId, afterBatchNo: number): AsyncIterable<StoredBatch>;

  /** Newest first; the loader checks the digest and takes an older one if it is wrong. */
  snapshots(eventId: EventId): AsyncIterable<StoredSnapshot>;
  /** Refused (false) unless the journal has that batch with that epoch. Keeps the newest two. */
  saveSnapshot(snapshot: StoredSnapshot): Promise<boolean>;

  close(): Promise<void>;
}

export interface JournalWriter {
  /**
   * One statement for all events; at most one batch of an event. Verdicts in the order given.
   * Rejects with CommitUnknown on any error: the outcome of every batch is then unknown.
   */
  append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]>;
  /**
   * The identical batch again, alone: appended (it was absent, or it is mine), or fenced, or
   * rejected. Rejects with CommitUnknown like append().
   */
  settle(batch: Batch): Promise<AppendVerdict>;
  /** Replaces the connection and terminates the old one's backend. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `fenced`: another owner, now and for ever. `rejected`: the batch breaks a rule of the store (a
 * seat that is sold is sold again, G1) and never goes in; the epoch is still good. It is a bug, and
 * what the actor believes cannot be trusted any more: the event is quarantined, not rebuilt and
 * tried again. Neighbours in the group are not harmed.
 */
export type AppendVerdict = 'appended' | 'fenced' | 'rejected';

export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}

export interface Batch {
  readonly eventId: EventId;
  readonly batchNo: number;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** 32 bytes; zeros before batch 1. */
  readonly prevHash: Uint8Array;
  /** batchHash(prevHash, batch), 32 bytes. */
  readonly hash: Uint8Array;
  /** encodeFacts(); empty for an announce. */
  readonly facts: Uint8Array;
  readonly projection: Projection | null;
  /** New wake time of the event, undefined = unchanged. */
  readonly wakeAtMs: number | null | undefined;
}

/** Rows that the same statement writes. A seat is never in both lists of one batch. */
export interface Projection {
  readonly booked: readonly BookedRow[];
  readonly cancelled: readonly CancelledRow[];
  readonly outbox: readonly OutboxRow[];
}

export interface BookedRow {
  readonly bookingId: BookingId;
  readonly holdId: HoldId;
  readonly attemptId: AttemptId;
  readonly userId: UserId;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: number;
  readonly atMs: number;
}

export interface CancelledRow {
  readonly bookingId: BookingId;
  /** Seats that are free again. */
  readonly seats: readonly SeatIndex[];
  /** True when nothing of the booking is left. */
  readonly whole: boolean;
  readonly atMs: number;
}

/** Work for other processes, at least once, in order of id. */
export interface OutboxRow {
  /** `booking.confirmed`, `booking.cancelled`, ... */
  readonly topic: string;
  readonly key: string;
  readonly payload: unknown;
}

export interface StoredBatch {
  readonly eventId: EventId;
  readonly batchNo: number;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
  readonly facts: Uint8Array;
  readonly writtenAtMs: number;
}

export interface StoredSnapshot {
  readonly eventId: EventId;
  readonly batchNo: number;
  readonly epoch: number;
  readonly seq: number;
  /** Hash of the batch `batchNo`, so that replay goes on with the chain. 32 bytes. */
  readonly hash: Uint8Array;
  /** digest(state), 64 hex digits. */
  readonly digest: string;
  /** encodeState(state). */
  readonly state: Uint8Array;
}

export interface Tail {
  readonly batchNo: number;
  readonly epoch: number;
  readonly lastSeq: number;
  readonly hash: Uint8Array;
}

export interface Ownership {
  readonly eventId: EventId;
  /** Incarnation of the owner, null when nobody owns it. */
  readonly owner: string | null;
  readonly epoch: number;
  readonly wakeAtMs: number | null;
  readonly pinnedTo: string | null;
  /** Why nobody may serve the event, null when all is well. */
  readonly quarantined: string | null;
}

export interface TakeOver {
  readonly eventId: EventId;
  readonly incarnation: string;
  /** Epoch the taker read; it will own fromEpoch + 1. */
  readonly fromEpoch: number;
}

export type TakeOverResult =
  | {
      readonly kind: 'taken';
      readonly epoch: number;
      readonly announce: StoredBatch;
      /** Of the row as it was taken: what was read of it before may have been given up since. */
      readonly wakeAtMs: number | null;
    }
  | { readonly kind: 'lost'; readonly ownership: Ownership }
  | { readonly kind: 'unknown_event' };
