import type { EventId } from '#libs/inventory/ids.js';
import { assert } from '#libs/platform/assert.js';
import type { BinaryRow } from './binary-rows.js';
import type { Ownership, StoredBatch, StoredSnapshot } from './journal.js';

/** Rows as Postgres gives them (columns in sql.ts), and what they mean. */
export interface OwnershipRow {
  readonly event_id: string;
  readonly shard: string | null;
  readonly epoch: number;
  readonly wake_at_ms: number | null;
  readonly pinned_to: string | null;
  readonly quarantined: string | null;
}

export const ownershipOf = (row: OwnershipRow): Ownership => ({
  eventId: row.event_id as EventId,
  owner: row.shard,
  epoch: row.epoch,
  wakeAtMs: row.wake_at_ms === null ? null : Math.round(row.wake_at_ms),
  pinnedTo: row.pinned_to,
  quarantined: row.quarantined,
});

export interface BatchRow {
  readonly event_id: string;
  readonly batch_no: number;
  readonly epoch: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
  readonly facts: Buffer;
  readonly written_at_ms: number;
}

export const batchOf = (row: BatchRow): StoredBatch => ({
  eventId: row.event_id as EventId,
  batchNo: row.batch_no,
  epoch: row.epoch,
  firstSeq: row.first_seq,
  lastSeq: row.last_seq,
  prevHash: row.prev_hash,
  hash: row.hash,
  facts: row.facts,
  writtenAtMs: Math.round(row.written_at_ms),
});

/** A row of `readPageOf` (sql.ts). What stays is copied: the row is the driver's memory. */
export function batchOfBinary(eventId: EventId, row: BinaryRow): StoredBatch {
  const [, batchNo, epoch, firstSeq, lastSeq, prevHash, hash, facts, writtenAtMs] = whole(row);
  return {
    eventId,
    batchNo: batchNo.readInt32BE(),
    epoch: epoch.readInt32BE(),
    firstSeq: firstSeq.readInt32BE(),
    lastSeq: lastSeq.readInt32BE(),
    prevHash: Buffer.from(prevHash),
    hash: Buffer.from(hash),
    facts: Buffer.from(facts),
    writtenAtMs: Math.round(writtenAtMs.readDoubleBE()),
  };
}

function whole(row: BinaryRow): Buffer[] {
  return row.map((column) => {
    assert(column !== null, 'every column has a value');
    return column;
  });
}

/**
 * Puts a snapshot together from the rows of `snapshotPieces` (sql.ts): batch_no, epoch, seq, hash,
 * digest, bytes of the state in all, where this piece begins, the piece. A sold stadium is many
 * megabytes: copied in one go they would stop the loop of a shard for the time of a thousand holds.
 */
export class SnapshotAssembly {
  private state: Buffer | null = null;
  private head: Omit<StoredSnapshot, 'state'> | null = null;
  private missing = 0;

  constructor(private readonly eventId: EventId) {}

  add(row: BinaryRow): void {
    const [batchNo, epoch, seq, hash, digest, size, start, piece] = whole(row);
    if (this.state === null) {
      this.missing = size.readInt32BE();
      this.state = Buffer.allocUnsafeSlow(this.missing);
      this.head = {
        eventId: this.eventId,
        batchNo: batchNo.readInt32BE(),
        epoch: epoch.readInt32BE(),
        seq: seq.readInt32BE(),
        hash: Buffer.from(hash),
        digest: digest.toString(),
      };
    }
    this.missing -= piece.copy(this.state, start.readInt32BE());
  }

  /** Null when there was no row. */
  take(): StoredSnapshot | null {
    const { head, state } = this;
    if (head === null || state === null) return null;
    assert(this.missing === 0, 'a snapshot comes whole');
    return { ...head, state };
  }
}
