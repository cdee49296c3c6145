import { expect } from '@jest/globals';
import { batchAfter, own } from './journal.fixtures.js';
import { type Batch } from '../journal.js';
import type { Feature } from '../journal-place.js';

/** Batches go in as given and come out in order (J1). */
export function appendFeatures(feature: Feature): void {
  feature(
    'stores batches as they were given, in order',
    async ({ journal, eventId, appendOk, batchesOf }) => {
      const announce = await own(journal, eventId, 'shard-a');
      const facts = Uint8Array.from({ length: 700 }, (_, index) => index % 256);
      const first = batchAfter(announce, eventId, { facts, count: 5 });
      const second = batchAfter(first, eventId);
      await appendOk(first);
      await appendOk(second);
      const stored = await batchesOf(eventId);
      expect(stored.map(({ batchNo, epoch }) => [batchNo, epoch])).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
      expect(new Uint8Array(stored[1].facts)).toEqual(facts);
      expect([stored[1].firstSeq, stored[1].lastSeq, stored[2].firstSeq]).toEqual([1, 5, 6]);
      expect(Buffer.from(stored[2].hash).equals(second.hash)).toBe(true);
      expect(Math.abs(stored[2].writtenAtMs - Date.now())).toBeLessThan(60_000);
    },
  );

  feature(
    'stores large and empty facts in one group',
    async ({ journal, eventId, newEvent, appendOk, batchesOf }) => {
      const big = await own(journal, eventId, 'shard-a');
      const otherId = await newEvent();
      const small = await own(journal, otherId, 'shard-a');
      const facts = Buffer.alloc(900_000, 7);
      await appendOk(
        batchAfter(big, eventId, { facts }),
        batchAfter(small, otherId, { facts: new Uint8Array(0) }),
      );
      expect(facts.equals((await batchesOf(eventId))[1].facts)).toBe(true);
      expect((await batchesOf(otherId))[1].facts.byteLength).toBe(0);
    },
  );

  feature(
    'reads from any batch on, over many pages',
    async ({ journal, writer, eventId, appendOk }) => {
      let tail: Batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      await appendOk(tail);
      const written: Batch[] = [];
      for (let i = 0; i < 1_200; i++) {
        tail = batchAfter(tail, eventId);
        written.push(tail);
        await writer.append([tail]);
      }
      // Whole, and not only by number: pages behind the first come another way.
      let at = 0;
      for await (const { hash, prevHash, facts, ...batch } of journal.read(eventId, 2)) {
        const { batchNo, epoch, firstSeq, lastSeq, ...bytes } = written[at];
        expect(batch).toMatchObject({ eventId, batchNo, epoch, firstSeq, lastSeq });
        expect(batch.writtenAtMs).toBeGreaterThan(0);
        expect(Buffer.compare(hash, bytes.hash)).toBe(0);
        expect(Buffer.compare(prevHash, bytes.prevHash)).toBe(0);
        expect(Buffer.compare(facts, bytes.facts)).toBe(0);
        at += 1;
      }
      expect(at).toBe(1_200);
    },
  );
}

/** What does not follow its predecessor stays out (J2). */
export function refusalFeatures(feature: Feature): void {
  feature(
    'a batch without a predecessor, and one that skips a number',
    async ({ journal, writer, eventId, newEvent }) => {
      const announce = await own(journal, eventId, 'shard-a');
      const first = batchAfter(announce, eventId);
      expect(await writer.append([batchAfter(first, eventId)])).toEqual(['fenced']);
      const nowhere = await newEvent();
      expect(await writer.append([batchAfter(announce, nowhere)])).toEqual(['fenced']);
      expect(await journal.tail(nowhere)).toBeNull();
    },
  );

  feature(
    'a batch of an epoch without an announce, also on the right predecessor',
    async ({ journal, writer, eventId, appendOk }) => {
      const announce = await own(journal, eventId, 'shard-a');
      const first = batchAfter(announce, eventId);
      await appendOk(first);
      const newer = batchAfter({ ...first, epoch: 2 }, eventId);
      expect(await writer.append([newer])).toEqual(['fenced']);
      const elsewhere = batchAfter({ ...first, batchNo: first.batchNo + 1 }, eventId);
      expect(await writer.append([elsewhere])).toEqual(['fenced']);
      expect((await journal.tail(eventId))?.batchNo).toBe(first.batchNo);
    },
  );

  feature('a batch that was not built on its predecessor', async ({ journal, writer, eventId }) => {
    const announce = await own(journal, eventId, 'shard-a');
    const elsewhere = { ...announce, hash: new Uint8Array(32).fill(9) };
    expect(await writer.append([batchAfter(elsewhere, eventId)])).toEqual(['fenced']);
    const gap = { ...announce, lastSeq: 4 };
    expect(await writer.append([batchAfter(gap, eventId)])).toEqual(['fenced']);
  });

  feature(
    'a number that is used, also by the same batch',
    async ({ journal, writer, eventId, appendOk }) => {
      const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      await appendOk(batch);
      expect(await writer.append([batch])).toEqual(['fenced']);
    },
  );
}

/** The end of the journal of an event, and one batch of it. */
export function lookUpFeatures(feature: Feature): void {
  feature('tells the hash of a batch that it has', async ({ journal, eventId, appendOk }) => {
    expect(await journal.hashAt(eventId, 1)).toBeNull();
    const announce = await own(journal, eventId, 'shard-a');
    const batch = batchAfter(announce, eventId);
    await appendOk(batch);
    expect(await journal.hashAt(eventId, 1)).toEqual(Buffer.from(announce.hash));
    expect(await journal.hashAt(eventId, 2)).toEqual(Buffer.from(batch.hash));
    expect(await journal.hashAt(eventId, 3)).toBeNull();
  });

  feature('tells the tail', async ({ journal, eventId, appendOk }) => {
    expect(await journal.tail(eventId)).toBeNull();
    const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId, { count: 3 });
    await appendOk(batch);
    expect(await journal.tail(eventId)).toEqual({
      batchNo: 2,
      epoch: 1,
      lastSeq: 3,
      hash: Buffer.from(batch.hash),
    });
  });
}
