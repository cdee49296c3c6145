import type { EventId } from '#libs/inventory/ids.js';
import { batchHash, zeroHash } from './batch-hash.js';
import type { Journal, StoredBatch } from './journal.js';

/**
 * Walks the hash chain of an event from batch 1 (G9) and names the first batch that does not fit.
 * It proves that history was not changed, and that J1 and J2 held; what the facts mean is not its
 * business.
 */
export type ChainVerdict =
  | {
      readonly ok: true;
      readonly batches: number;
      readonly epochs: number;
      readonly lastSeq: number;
      /** Of the last batch; zeros for an empty journal. Write it down to prove history later. */
      readonly hash: Uint8Array;
    }
  | { readonly ok: false; readonly batchNo: number; readonly problem: string };

export async function verifyChain(
  journal: Pick<Journal, 'read'>,
  eventId: EventId,
): Promise<ChainVerdict> {
  let place: Place = { batchNo: 0, epoch: 0, lastSeq: 0, hash: zeroHash };
  let epochs = 0;
  for await (const batch of journal.read(eventId, 0)) {
    const problem = problemOf(place, batch);
    if (problem !== null) return { ok: false, batchNo: place.batchNo + 1, problem };
    if (batch.epoch > place.epoch) epochs++;
    place = batch;
  }
  const { batchNo: batches, lastSeq, hash } = place;
  return { ok: true, batches, epochs, lastSeq, hash };
}

type Place = Pick<StoredBatch, 'batchNo' | 'epoch' | 'lastSeq' | 'hash'>;

function problemOf(before: Place, batch: StoredBatch): string | null {
  if (batch.batchNo !== before.batchNo + 1) {
    return `missing: batch ${batch.batchNo} follows batch ${before.batchNo}`;
  }
  if (batch.epoch < before.epoch) return `epoch goes back from ${before.epoch} to ${batch.epoch}`;
  if (batch.firstSeq !== before.lastSeq + 1) {
    return `version ${batch.firstSeq} follows version ${before.lastSeq}`;
  }
  if (batch.lastSeq < batch.firstSeq - 1) return 'it ends before it begins';
  if (batch.epoch > before.epoch && batch.facts.byteLength > 0) {
    return `epoch ${batch.epoch} does not begin with an announce`;
  }
  if (!sameBytes(batch.prevHash, before.hash)) return 'it was not built on its predecessor';
  if (!sameBytes(batchHash(batch.prevHash, batch), batch.hash)) {
    return 'its content does not match its hash';
  }
  return null;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
