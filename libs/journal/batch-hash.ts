import { hash } from 'node:crypto';
import type { StoredBatch } from './journal.js';

/** What precedes batch 1 in the chain. */
export const zeroHash: Uint8Array = new Uint8Array(32);

/** The fields that the hash covers: all but the hash itself and the time of writing. */
export type HashedBatch = Pick<
  StoredBatch,
  'eventId' | 'batchNo' | 'epoch' | 'firstSeq' | 'lastSeq' | 'facts'
>;

/** Changes with the layout below, so that another layout can never give the same input. */
const layoutTag = 'holdfast batch 1';
const hashBytes = 32;
const headerBytes = 4 * 4;

/**
 * The link of the hash chain (G9): SHA-256 over the predecessor's hash, the header and the facts.
 * Every part has a fixed or a stated length, so no two batches have the same input.
 */
export function batchHash(prevHash: Uint8Array, batch: HashedBatch): Uint8Array {
  const idBytes = Buffer.byteLength(batch.eventId);
  const size = layoutTag.length + hashBytes + 2 + idBytes + headerBytes + batch.facts.byteLength;
  const input = Buffer.allocUnsafe(size);
  let at = input.write(layoutTag, 0, 'latin1');
  input.set(prevHash, at);
  at = input.writeUInt16BE(idBytes, at + hashBytes);
  at += input.write(batch.eventId, at, 'utf8');
  at = input.writeUInt32BE(batch.batchNo, at);
  at = input.writeUInt32BE(batch.epoch, at);
  at = input.writeUInt32BE(batch.firstSeq, at);
  at = input.writeUInt32BE(batch.lastSeq, at);
  input.set(batch.facts, at);
  return hash('sha256', input, 'buffer');
}

/** Completes a batch to the announce that opens `epoch` behind `tail` (null: an empty journal). */
export function announceAfter(
  eventId: StoredBatch['eventId'],
  epoch: number,
  tail: { batchNo: number; lastSeq: number; hash: Uint8Array } | null,
): Omit<StoredBatch, 'writtenAtMs'> {
  const prevHash = tail?.hash ?? zeroHash;
  const lastSeq = tail?.lastSeq ?? 0;
  const header = {
    eventId,
    batchNo: (tail?.batchNo ?? 0) + 1,
    epoch,
    firstSeq: lastSeq + 1,
    lastSeq,
    facts: new Uint8Array(0),
  };
  return { prevHash, hash: batchHash(prevHash, header), ...header };
}
