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

/** Columns: batch_no, epoch, seq, hash, digest, state; none of them can be NULL. */
export function snapshotOf(eventId: EventId, row: BinaryRow): StoredSnapshot {
  const [batchNo, epoch, seq, hash, digest, state] = row.map((column) => {
    assert(column !== null, 'a snapshot has every column');
    return column;
  });
  return {
    eventId,
    batchNo: batchNo.readInt32BE(),
    epoch: epoch.readInt32BE(),
    seq: seq.readInt32BE(),
    hash,
    digest: digest.toString(),
    state,
  };
}
