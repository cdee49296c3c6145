import { assert } from '#libs/platform/assert.js';
import type {
  AttemptId,
  BookingId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';
import { batchHash } from '../batch-hash.js';
import type { Batch, BookedRow, CancelledRow, Journal, Projection, Tail } from '../journal.js';

/** Builders for tests of the journal: batches that chain, rows that fit. */
export interface BatchParts {
  readonly facts?: Uint8Array;
  /** How many facts; default 1. */
  readonly count?: number;
  readonly projection?: Partial<Projection>;
  readonly wakeAtMs?: number | null;
}

/** The batch that goes behind `tail`, of the tail's epoch. */
export function batchAfter(tail: Tail, eventId: EventId, parts: BatchParts = {}): Batch {
  const header = {
    eventId,
    batchNo: tail.batchNo + 1,
    epoch: tail.epoch,
    firstSeq: tail.lastSeq + 1,
    lastSeq: tail.lastSeq + (parts.count ?? 1),
    facts: parts.facts ?? new TextEncoder().encode(`facts of ${tail.batchNo + 1}`),
  };
  const { projection } = parts;
  return {
    ...header,
    prevHash: tail.hash,
    hash: batchHash(tail.hash, header),
    projection:
      projection === undefined ? null : { booked: [], cancelled: [], outbox: [], ...projection },
    wakeAtMs: parts.wakeAtMs,
  };
}

/** Takes an event over for `incarnation` from whatever epoch it is at. */
export async function own(journal: Journal, eventId: EventId, incarnation: string): Promise<Tail> {
  const fromEpoch = (await journal.ownership(eventId))?.epoch ?? 0;
  const result = await journal.takeOver({ eventId, incarnation, fromEpoch });
  assert(result.kind === 'taken', `${eventId} was not taken over: ${result.kind}`);
  return result.announce;
}

let made = 0;

/** An event id nobody else uses. */
export const nextEventId = (): EventId => `evt_test${++made}` as EventId;

export function booked(name: string, seats: readonly number[]): BookedRow {
  return {
    bookingId: `bkg_${name}` as BookingId,
    holdId: `rsv_${name}` as HoldId,
    attemptId: `attempt_${name}` as AttemptId,
    userId: `user_${name}` as UserId,
    seats: seats as readonly SeatIndex[],
    areas: [],
    totalMinor: 1_250 * seats.length,
    atMs: 1_700_000_000_123,
  };
}

export function cancelled(name: string, seats: readonly number[], whole = true): CancelledRow {
  return {
    bookingId: `bkg_${name}` as BookingId,
    seats: seats as readonly SeatIndex[],
    whole,
    atMs: 1_700_000_000_456,
  };
}
