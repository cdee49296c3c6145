import { expect } from '@jest/globals';
import { batchAfter, own } from './journal.fixtures.js';
import { type Batch, type StoredSnapshot } from '../journal.js';
import type { Feature, Place } from '../journal-place.js';
import { verifyChain } from '../verify-chain.js';

/** Who owns what, and what is due. */
export function ownershipFeatures(feature: Feature): void {
  feature(
    'lists due events, earliest first, without those of live owners',
    async ({ journal, newEvent }) => {
      const late = await newEvent(-1_000);
      const early = await newEvent(-2_000);
      const live = await newEvent(-3_000);
      const future = await newEvent(Date.now() + 60_000);
      await own(journal, live, 'shard-live');
      const due = await journal.dueWakes(-1_000, 10, ['shard-live'], null);
      expect(due.map((row) => row.eventId)).toEqual([early, late]);
      const first = await journal.dueWakes(-1_000, 1, [], null);
      expect(first.map((row) => row.eventId)).toEqual([live]);
      const behind = await journal.dueWakes(-1_000, 10, [], first[0]);
      expect(behind.map((row) => row.eventId)).toEqual([early, late]);
      expect(await journal.dueWakes(-1_000, 10, [], behind[1])).toEqual([]);
      expect(due.map((row) => row.eventId)).not.toContain(future);
    },
  );

  feature('keeps a pin over changes of owner until it is taken away', async (at) => {
    const { journal, eventId } = at;
    expect(await journal.pin(eventId, 'shard-p')).toBe(true);
    await own(journal, eventId, 'shard-a');
    await journal.release(eventId, 1, null);
    expect(await journal.ownership(eventId)).toMatchObject({ pinnedTo: 'shard-p', epoch: 1 });
    expect((await journal.pinned()).map((row) => row.eventId)).toContain(eventId);
    expect(await journal.pin(eventId, null)).toBe(true);
    expect((await journal.ownership(eventId))?.pinnedTo).toBeNull();
    expect((await journal.pinned()).map((row) => row.eventId)).not.toContain(eventId);
    expect(await journal.pin('evt_nobody' as typeof eventId, 'shard-p')).toBe(false);
  });

  feature('keeps a quarantine over changes of owner, and does not wake the event', async (at) => {
    const { journal, newEvent } = at;
    const eventId = await newEvent(-5_000);
    expect(await journal.quarantine(eventId, 'lost')).toBe(true);
    await own(journal, eventId, 'shard-q');
    await journal.release(eventId, 1, -5_000);
    expect(await journal.ownership(eventId)).toMatchObject({ quarantined: 'lost', epoch: 1 });
    const due = async () =>
      (await journal.dueWakes(-4_000, 10, [], null)).map((row) => row.eventId);
    expect(await due()).not.toContain(eventId);
    expect(await journal.quarantine(eventId, null)).toBe(true);
    expect((await journal.ownership(eventId))?.quarantined).toBeNull();
    expect(await due()).toContain(eventId);
    await journal.release(eventId, 1, null);
    expect(await journal.quarantine('evt_nobody' as typeof eventId, 'lost')).toBe(false);
  });

  feature('lists what an incarnation owns', async ({ journal, newEvent }) => {
    const ids = [await newEvent(), await newEvent()];
    for (const id of ids) await own(journal, id, 'shard-list');
    const owned = await journal.ownedBy('shard-list');
    expect(owned.map((row) => row.eventId).sort()).toEqual([...ids].sort());
    expect(await journal.ownedBy('shard-none')).toEqual([]);
  });

  feature(
    'is given up by its owner, and by nobody of an older epoch',
    async ({ journal, eventId }) => {
      await own(journal, eventId, 'shard-a');
      await own(journal, eventId, 'shard-b');
      expect(await journal.release(eventId, 1, 50)).toBe(false);
      expect((await journal.ownership(eventId))?.owner).toBe('shard-b');
      expect(await journal.release(eventId, 2, 50)).toBe(true);
      expect(await journal.ownership(eventId)).toMatchObject({
        owner: null,
        epoch: 2,
        wakeAtMs: 50,
      });
    },
  );
}

/** Only of what is in the journal, the newest two. */
export function snapshotFeatures(feature: Feature): void {
  feature('come back newest first, the newest two of them', async (at) => {
    const { journal, eventId } = at;
    const batches = await threeBatches(at);
    expect(await journal.saveSnapshot(snapshotOf(batches[0], 'a'))).toBe(true);
    expect(await journal.saveSnapshot(snapshotOf(batches[2], 'c'))).toBe(true);
    expect(await digests(at)).toEqual(['c', 'a']);
    expect(await journal.saveSnapshot(snapshotOf(batches[1], 'b'))).toBe(true);
    expect(await digests(at)).toEqual(['c', 'b']);
    for await (const snapshot of journal.snapshots(eventId)) {
      const expected = snapshotOf(batches[2], 'c');
      expect({
        ...snapshot,
        hash: new Uint8Array(snapshot.hash),
        state: new Uint8Array(snapshot.state),
      }).toEqual({ ...expected, hash: new Uint8Array(expected.hash) });
      break;
    }
  });

  feature('come back byte for byte, however large, and also an empty one', async (at) => {
    const { journal, eventId } = at;
    const [small, large] = await threeBatches(at);
    const state = new Uint8Array(700_001);
    // Not to be compressed: what is stored in pieces is read in pieces.
    for (let i = 0, seed = 1; i < state.length; i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      state[i] = seed >>> 24;
    }
    await journal.saveSnapshot({ ...snapshotOf(small, 'small'), state: new Uint8Array(0) });
    await journal.saveSnapshot({ ...snapshotOf(large, 'large'), state });
    const found: StoredSnapshot[] = [];
    for await (const snapshot of journal.snapshots(eventId)) found.push(snapshot);
    expect(found.map((one) => one.state.length)).toEqual([state.length, 0]);
    expect(Buffer.compare(found[0].state, state)).toBe(0);
  });

  feature('may replace one of the same batch', async (at) => {
    const { journal } = at;
    const [batch] = await threeBatches(at);
    await journal.saveSnapshot(snapshotOf(batch, 'bad'));
    expect(await journal.saveSnapshot(snapshotOf(batch, 'good'))).toBe(true);
    expect(await digests(at)).toEqual(['good']);
  });

  feature(
    'are refused for a batch the journal does not have with that epoch and hash',
    async (at) => {
      const { journal, eventId } = at;
      const [, , batch] = await threeBatches(at);
      const ahead = batchAfter(batch, eventId);
      expect(await journal.saveSnapshot(snapshotOf(ahead, 'x'))).toBe(false);
      expect(await journal.saveSnapshot({ ...snapshotOf(batch, 'x'), epoch: 2 })).toBe(false);
      const hash = new Uint8Array(32);
      expect(await journal.saveSnapshot({ ...snapshotOf(batch, 'x'), hash })).toBe(false);
      expect(await digests(at)).toEqual([]);
    },
  );
}

/** History is evidence (G9). */
export function chainFeatures(feature: Feature): void {
  feature('verifies over take-overs', async ({ journal, eventId, appendOk }) => {
    const first = batchAfter(await own(journal, eventId, 'shard-a'), eventId, { count: 2 });
    await appendOk(first);
    const second = batchAfter(await own(journal, eventId, 'shard-b'), eventId);
    await appendOk(second);
    expect(await verifyChain(journal, eventId)).toEqual({
      ok: true,
      batches: 4,
      epochs: 2,
      lastSeq: 3,
      hash: Buffer.from(second.hash),
    });
  });

  feature('of an event without history is empty and sound', async ({ journal, eventId }) => {
    expect(await verifyChain(journal, eventId)).toMatchObject({ ok: true, batches: 0 });
  });
}

const snapshotOf = (batch: Batch, text: string): StoredSnapshot => ({
  eventId: batch.eventId,
  batchNo: batch.batchNo,
  epoch: batch.epoch,
  seq: batch.lastSeq,
  hash: batch.hash,
  digest: text.padEnd(64, '0'),
  state: new TextEncoder().encode(text),
});

async function threeBatches({ journal, eventId, appendOk }: Place): Promise<Batch[]> {
  const first = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
  const second = batchAfter(first, eventId);
  const batches = [first, second, batchAfter(second, eventId)];
  for (const batch of batches) await appendOk(batch);
  return batches;
}

async function digests({ journal, eventId }: Place): Promise<string[]> {
  const found: string[] = [];
  for await (const snapshot of journal.snapshots(eventId)) {
    found.push(snapshot.digest.replaceAll('0', ''));
  }
  return found;
}
