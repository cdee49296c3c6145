import { assert } from '#libs/platform/assert.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookingId, EventId, SeatIndex } from '#libs/inventory/ids.js';
import type {
  AppendVerdict,
  Batch,
  BookedRow,
  OutboxRow,
  Ownership,
  StoredBatch,
  StoredSnapshot,
} from './journal.js';

/**
 * The tables of the journal in memory, with the rules of their statements: what sql.ts says in SQL
 * is said here in TypeScript, synchronously, so that each call is one transaction.
 */
export interface MemoryBooking extends BookedRow {
  readonly eventId: EventId;
  readonly batchNo: number;
  readonly cancelledAtMs: number | null;
}

export interface MemoryOutboxRow extends OutboxRow {
  readonly id: number;
  readonly eventId: EventId;
  readonly batchNo: number;
}

export class MemoryStore {
  readonly #ownership = new Map<EventId, Ownership>();
  readonly #journal = new Map<EventId, StoredBatch[]>();
  readonly #snapshots = new Map<EventId, StoredSnapshot[]>();
  /** Live sales: event, then seat. */
  readonly #booked = new Map<EventId, Map<SeatIndex, BookingId>>();
  readonly #bookings = new Map<BookingId, MemoryBooking>();
  readonly #outbox: MemoryOutboxRow[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  register(eventId: EventId, wakeAtMs: number | null): void {
    assert(!this.#ownership.has(eventId), `${eventId} is registered`);
    const row = { eventId, owner: null, epoch: 0, wakeAtMs, pinnedTo: null, quarantined: null };
    this.#ownership.set(eventId, row);
  }

  ownership(eventId: EventId): Ownership | null {
    return this.#ownership.get(eventId) ?? null;
  }

  allOwnership(): Ownership[] {
    return [...this.#ownership.values()];
  }

  setOwnership(row: Ownership): void {
    this.#ownership.set(row.eventId, row);
  }

  /** As catchUpOwnership of sql.ts. */
  catchUp(eventId: EventId, incarnation: string, epoch: number): Ownership {
    const row = this.#ownership.get(eventId);
    assert(row !== undefined, `${eventId} is registered`);
    const behind = row.epoch < epoch || (row.epoch === epoch && row.owner === incarnation);
    const caughtUp = behind ? { ...row, epoch, owner: null } : row;
    this.setOwnership(caughtUp);
    return caughtUp;
  }

  batches(eventId: EventId): readonly StoredBatch[] {
    return this.#journal.get(eventId) ?? [];
  }

  tail(eventId: EventId): StoredBatch | null {
    return this.batches(eventId).at(-1) ?? null;
  }

  has({ eventId, batchNo, epoch, hash }: Batch): boolean {
    const row = this.batches(eventId)[batchNo - 1];
    return row !== undefined && row.epoch === epoch && sameBytes(row.hash, hash);
  }

  announce(batch: Omit<StoredBatch, 'writtenAtMs'>): StoredBatch {
    const tail = this.tail(batch.eventId);
    assert((tail?.batchNo ?? 0) + 1 === batch.batchNo, 'an announce goes behind the tail');
    assert((tail?.epoch ?? 0) < batch.epoch, 'an announce follows a smaller epoch');
    return this.#push(batch);
  }

  append(batch: Batch): AppendVerdict {
    const tail = this.tail(batch.eventId);
    const follows =
      tail !== null &&
      tail.batchNo + 1 === batch.batchNo &&
      tail.epoch === batch.epoch &&
      tail.lastSeq + 1 === batch.firstSeq &&
      sameBytes(tail.hash, batch.prevHash);
    if (!follows) return 'fenced';
    if (this.#sellsASoldSeat(batch)) return 'rejected';
    this.#push(batch);
    this.#project(batch);
    return 'appended';
  }

  /** A database that comes back without its last batches, as an asynchronous standby would. */
  loseTail(eventId: EventId, keepThroughBatchNo: number): void {
    this.#journal.set(eventId, this.batches(eventId).slice(0, keepThroughBatchNo));
  }

  snapshots(eventId: EventId): readonly StoredSnapshot[] {
    return [...(this.#snapshots.get(eventId) ?? [])];
  }

  saveSnapshot(snapshot: StoredSnapshot): boolean {
    const { eventId, batchNo, epoch, seq, hash } = snapshot;
    const row = this.batches(eventId)[batchNo - 1];
    const known =
      row !== undefined && row.epoch === epoch && row.lastSeq === seq && sameBytes(row.hash, hash);
    if (!known) return false;
    const others = (this.#snapshots.get(eventId) ?? []).filter((old) => old.batchNo !== batchNo);
    const newestFirst = [...others, snapshot].sort((a, b) => b.batchNo - a.batchNo);
    this.#snapshots.set(eventId, newestFirst.slice(0, limits.snapshotsKept));
    return true;
  }

  bookedSeats(eventId: EventId): ReadonlyMap<SeatIndex, BookingId> {
    return this.#booked.get(eventId) ?? new Map<SeatIndex, BookingId>();
  }

  bookings(): readonly MemoryBooking[] {
    return [...this.#bookings.values()];
  }

  outbox(): readonly MemoryOutboxRow[] {
    return this.#outbox;
  }

  #push(batch: Omit<StoredBatch, 'writtenAtMs'>): StoredBatch {
    const { eventId, batchNo, epoch, firstSeq, lastSeq, prevHash, hash } = batch;
    const facts = batch.facts.slice();
    const writtenAtMs = this.#nowMs();
    const row = { eventId, batchNo, epoch, firstSeq, lastSeq, prevHash, hash, facts, writtenAtMs };
    const log = this.#journal.get(eventId);
    if (log === undefined) this.#journal.set(eventId, [row]);
    else log.push(row);
    return row;
  }

  #sellsASoldSeat({ eventId, projection }: Batch): boolean {
    const booked = projection?.booked ?? [];
    const seats = booked.flatMap((row) => row.seats);
    const live = this.bookedSeats(eventId);
    return (
      seats.some((seat) => live.has(seat)) ||
      new Set(seats).size !== seats.length ||
      booked.some((row) => this.#bookings.has(row.bookingId))
    );
  }

  #project({ eventId, batchNo, projection, wakeAtMs }: Batch): void {
    const row = this.#ownership.get(eventId);
    if (row !== undefined && wakeAtMs !== undefined) this.setOwnership({ ...row, wakeAtMs });
    if (projection === null) return;
    const live = this.#booked.get(eventId) ?? new Map<SeatIndex, BookingId>();
    this.#booked.set(eventId, live);
    for (const freed of projection.cancelled) {
      for (const seat of freed.seats) {
        if (live.get(seat) === freed.bookingId) live.delete(seat);
      }
      const booking = this.#bookings.get(freed.bookingId);
      if (booking !== undefined && freed.whole) {
        this.#bookings.set(freed.bookingId, { ...booking, cancelledAtMs: freed.atMs });
      }
    }
    for (const sold of projection.booked) {
      for (const seat of sold.seats) live.set(seat, sold.bookingId);
      this.#bookings.set(sold.bookingId, { eventId, batchNo, cancelledAtMs: null, ...sold });
    }
    for (const mail of projection.outbox) {
      this.#outbox.push({ id: this.#outbox.length + 1, eventId, batchNo, ...mail });
    }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
