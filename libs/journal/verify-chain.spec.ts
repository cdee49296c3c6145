import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchHash } from './batch-hash.js';
import type { StoredBatch } from './journal.js';
import { batchAfter, nextEventId, own } from './testing/journal.fixtures.js';
import { MemoryJournal } from './memory-journal.js';
import { verifyChain } from './verify-chain.js';

const eventId = nextEventId();
let rows: StoredBatch[];

/** Four batches behind an announce, as they are stored. */
beforeEach(async () => {
  const journal = new MemoryJournal();
  journal.register(eventId);
  const writer = await journal.openWriter();
  let tail = await own(journal, eventId, 'shard-a');
  for (let i = 0; i < 4; i++) {
    const batch = batchAfter(tail, eventId);
    await writer.append([batch]);
    tail = batch;
  }
  rows = [...journal.store.batches(eventId)];
  journal.store.loseTail(eventId, 0);
});

async function* all(): AsyncIterable<StoredBatch> {
  await Promise.resolve();
  yield* rows;
}

const verdict = () => verifyChain({ read: all }, eventId);

/** Changes one row; `rehash` as a forger would, who knows the formula. */
function change(batchNo: number, over: Partial<StoredBatch>, rehash = false): void {
  const changed = { ...rows[batchNo - 1], ...over };
  rows[batchNo - 1] = rehash ? { ...changed, hash: batchHash(changed.prevHash, changed) } : changed;
}

describe('the audit of a hash chain (G9)', () => {
  it('accepts what was written', async () => {
    expect(await verdict()).toMatchObject({ ok: true, batches: 5, epochs: 1 });
  });

  it('finds a batch whose facts were changed', async () => {
    change(5, { facts: Uint8Array.of(1) });
    expect(await verdict()).toMatchObject({
      ok: false,
      batchNo: 5,
      problem: expect.stringContaining('content'),
    });
  });

  it('finds a changed batch also when its hash was made anew, by the one behind it', async () => {
    change(3, { facts: Uint8Array.of(1) }, true);
    expect(await verdict()).toMatchObject({
      ok: false,
      batchNo: 4,
      problem: expect.stringContaining('predecessor'),
    });
  });

  it('finds a batch that was taken out', async () => {
    rows.splice(2, 1);
    expect(await verdict()).toMatchObject({
      ok: false,
      batchNo: 3,
      problem: expect.stringContaining('missing'),
    });
  });

  it.each([
    ['of an epoch before the last one', () => ({ epoch: 0 }), 'epoch goes back'],
    ['of a new epoch without its announce', () => ({ epoch: 2 }), 'begin with an announce'],
    ['that leaves out a version', (firstSeq: number) => ({ firstSeq: firstSeq + 1 }), 'version'],
    ['that ends before it begins', (first: number) => ({ lastSeq: first - 2 }), 'ends before'],
  ])('finds a well-made batch %s', async (_, over, problem) => {
    change(5, over(rows[4].firstSeq), true);
    expect(await verdict()).toMatchObject({
      ok: false,
      batchNo: 5,
      problem: expect.stringContaining(problem),
    });
  });
});
