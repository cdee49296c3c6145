import { createHash } from 'node:crypto';
import type { JournalRow } from './history.js';
import type { Findings } from './verdict.js';

/**
 * The journal as a chain of rows, without looking into them: numbers, epochs, hashes (G1, G9).
 * Computes the hashes itself, from the documented bytes, and shares no code with the writer.
 */
export function checkChain(eventId: string, rows: readonly JournalRow[], findings: Findings): void {
  findings.touch('batches_contiguous', 'epoch_changes_at_announce', 'hash_chain');
  let before: JournalRow | null = null;
  for (const row of rows) {
    const place = `batch ${row.batchNo}`;
    const lastSeq = before?.lastSeq ?? 0;
    const isAnnounce = row.facts.length === 0;
    findings.expect(
      'batches_contiguous',
      row.batchNo === (before?.batchNo ?? 0) + 1 &&
        row.firstSeq === lastSeq + 1 &&
        (isAnnounce ? row.lastSeq === lastSeq : row.lastSeq >= row.firstSeq),
      () =>
        `${place} with facts ${row.firstSeq}..${row.lastSeq} follows ` +
        `batch ${before?.batchNo ?? 0} with last fact ${lastSeq}`,
    );
    const epoch = before?.epoch ?? 0;
    findings.expect(
      'epoch_changes_at_announce',
      isAnnounce ? row.epoch > epoch : row.epoch === epoch,
      () =>
        `${place} (${isAnnounce ? 'announce' : 'facts'}) of epoch ${row.epoch} follows ${epoch}`,
    );
    const expectedPrevious = before?.hash ?? new Uint8Array(32);
    findings.expect(
      'hash_chain',
      sameBytes(row.prevHash, expectedPrevious) &&
        sameBytes(row.hash, hashOfRow(eventId, row, row.prevHash)),
      () => `${place} does not hash to what it says, or does not continue its predecessor`,
    );
    before = row;
  }
}

/**
 * SHA-256 over, in this order: the text `holdfast batch 1`, the predecessor's hash, the length of
 * the event id in bytes (16 bits), the event id, batch number, epoch, first and last fact (32 bits
 * each, big-endian), the facts.
 */
export function hashOfRow(eventId: string, row: JournalRow, prevHash: Uint8Array): Uint8Array {
  const idLength = Buffer.alloc(2);
  idLength.writeUInt16BE(Buffer.byteLength(eventId));
  const numbers = Buffer.alloc(16);
  [row.batchNo, row.epoch, row.firstSeq, row.lastSeq].forEach((number, i) => {
    numbers.writeUInt32BE(number, i * 4);
  });
  return createHash('sha256')
    .update('holdfast batch 1')
    .update(prevHash)
    .update(idLength)
    .update(eventId)
    .update(numbers)
    .update(row.facts)
    .digest();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
