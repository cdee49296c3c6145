import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventId } from '#libs/inventory/ids.js';
import { batchAfter, booked, cancelled, nextEventId, own } from './journal.fixtures.js';
import {
  CommitUnknown,
  type Batch,
  type Journal,
  type JournalWriter,
  type Tail,
} from './journal.js';
import { verifyChain } from './verify-chain.js';

/** What every implementation of the journal port must do. Run by a spec of each. */
export interface JournalHarness {
  readonly journal: Journal;
  register(eventId: EventId, wakeAtMs: number | null): Promise<void>;
  /** Live sales, `seat booking`, ordered. */
  bookedSeats(eventId: EventId): Promise<readonly string[]>;
  /** `booking seats total live|cancelled`, in order of booking id. */
  bookings(eventId: EventId): Promise<readonly string[]>;
  /** `topic key payload`, in order of id. */
  outbox(eventId: EventId): Promise<readonly string[]>;
  /** The connection is lost before the next append is carried out, or before it is answered. */
  loseNext(when: 'before' | 'after'): void;
  close(): Promise<void>;
}

export function describeJournal(name: string, open: () => Promise<JournalHarness>): void {
  describe(name, () => {
    let harness: JournalHarness;
    let journal: Journal;
    let writer: JournalWriter;
    let eventId: EventId;

    beforeAll(async () => {
      harness = await open();
      journal = harness.journal;
    });
    afterAll(() => harness.close());
    beforeEach(async () => {
      writer = await journal.openWriter('shard-a');
      eventId = await newEvent();
    });
    afterEach(() => writer.close());

    async function newEvent(wakeAtMs: number | null = null): Promise<EventId> {
      const id = nextEventId();
      await harness.register(id, wakeAtMs);
      return id;
    }
    async function appendOk(...batches: Batch[]): Promise<void> {
      expect(await writer.append(batches)).toEqual(batches.map(() => 'appended'));
    }
    async function batchesOf(id: EventId) {
      const all = [];
      for await (const batch of journal.read(id, 0)) all.push(batch);
      return all;
    }

    describe('append', () => {
      it('stores batches as they were given, in order', async () => {
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
      });

      it('stores large and empty facts in one group', async () => {
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
      });

      it('tells the tail', async () => {
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

      it('refuses a batch without a predecessor, and one that skips a number', async () => {
        const announce = await own(journal, eventId, 'shard-a');
        const first = batchAfter(announce, eventId);
        expect(await writer.append([batchAfter(first, eventId)])).toEqual(['fenced']);
        const nowhere = await newEvent();
        expect(await writer.append([batchAfter(announce, nowhere)])).toEqual(['fenced']);
        expect(await journal.tail(nowhere)).toBeNull();
      });

      it('refuses a batch that was not built on its predecessor', async () => {
        const announce = await own(journal, eventId, 'shard-a');
        const elsewhere = { ...announce, hash: new Uint8Array(32).fill(9) };
        expect(await writer.append([batchAfter(elsewhere, eventId)])).toEqual(['fenced']);
        const gap = { ...announce, lastSeq: 4 };
        expect(await writer.append([batchAfter(gap, eventId)])).toEqual(['fenced']);
      });

      it('refuses a number that is used, also by the same batch', async () => {
        const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        await appendOk(batch);
        expect(await writer.append([batch])).toEqual(['fenced']);
      });

      it('reads from any batch on, over many pages', async () => {
        let tail: Batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        await appendOk(tail);
        for (let i = 0; i < 1_200; i++) {
          tail = batchAfter(tail, eventId);
          await writer.append([tail]);
        }
        const numbers: number[] = [];
        for await (const batch of journal.read(eventId, 2)) numbers.push(batch.batchNo);
        expect(numbers).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 3));
      });
    });

    describe('take over', () => {
      it('opens epoch 1 of a new event with batch 1', async () => {
        const result = await journal.takeOver({ eventId, incarnation: 'shard-a', fromEpoch: 0 });
        expect(result).toMatchObject({
          kind: 'taken',
          epoch: 1,
          announce: { batchNo: 1, epoch: 1, firstSeq: 1, lastSeq: 0 },
        });
        expect(await journal.ownership(eventId)).toEqual({
          eventId,
          owner: 'shard-a',
          epoch: 1,
          wakeAtMs: null,
          pinnedTo: null,
        });
      });

      it('fences the old owner, also for batches it has not sent yet', async () => {
        const old = await own(journal, eventId, 'shard-a');
        const first = batchAfter(old, eventId);
        await appendOk(first);
        const announce = await own(journal, eventId, 'shard-b');
        expect(announce).toMatchObject({ batchNo: 3, epoch: 2 });
        const second = batchAfter(first, eventId);
        const third = batchAfter(second, eventId);
        expect(await writer.append([second])).toEqual(['fenced']);
        expect(await writer.append([third])).toEqual(['fenced']);
        await appendOk(batchAfter(announce, eventId));
      });

      it('costs a fenced event only: its neighbours of the group go in', async () => {
        const ids = [eventId, await newEvent(), await newEvent()];
        const tails: Tail[] = [];
        for (const id of ids) tails.push(await own(journal, id, 'shard-a'));
        await own(journal, ids[1], 'shard-b');
        const group = ids.map((id, index) => batchAfter(tails[index], id));
        expect(await writer.append(group)).toEqual(['appended', 'fenced', 'appended']);
        expect((await batchesOf(ids[1])).map((batch) => batch.epoch)).toEqual([1, 2]);
      });

      it('gives an epoch to one of many takers', async () => {
        const takers = Array.from({ length: 8 }, (_, index) => `shard-${index}`);
        const results = await Promise.all(
          takers.map((incarnation) => journal.takeOver({ eventId, incarnation, fromEpoch: 0 })),
        );
        const taken = results.filter((result) => result.kind === 'taken');
        expect(taken).toHaveLength(1);
        expect(results.filter((result) => result.kind === 'lost')).toHaveLength(7);
        expect(await batchesOf(eventId)).toHaveLength(1);
      });

      it('tells who has the event when it is lost', async () => {
        await own(journal, eventId, 'shard-a');
        const result = await journal.takeOver({ eventId, incarnation: 'shard-b', fromEpoch: 0 });
        expect(result).toMatchObject({ kind: 'lost', ownership: { owner: 'shard-a', epoch: 1 } });
      });

      it('refuses an event that nobody imported', async () => {
        const request = { eventId: nextEventId(), incarnation: 'shard-a', fromEpoch: 0 };
        expect(await journal.takeOver(request)).toEqual({ kind: 'unknown_event' });
        expect(await journal.ownership(request.eventId)).toBeNull();
      });

      it('may be asked again by the same taker and finds its announce', async () => {
        const request = { eventId, incarnation: 'shard-a', fromEpoch: 0 };
        const first = await journal.takeOver(request);
        const second = await journal.takeOver(request);
        expect(second).toMatchObject({ kind: 'taken', epoch: 1 });
        expect(first.kind === 'taken' && first.announce.batchNo).toBe(1);
        expect(await batchesOf(eventId)).toHaveLength(1);
      });
    });

    describe('commit unknown', () => {
      it('settles a batch that never arrived: it goes in', async () => {
        const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        harness.loseNext('before');
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        expect((await journal.tail(eventId))?.batchNo).toBe(1);
        await writer.reopen();
        expect(await writer.settle(batch)).toBe('appended');
        expect((await journal.tail(eventId))?.batchNo).toBe(2);
      });

      it('settles a batch that arrived: it is there once, with its rows', async () => {
        const projection = { booked: [booked(eventId, [4])] };
        const tail = await own(journal, eventId, 'shard-a');
        const batch = batchAfter(tail, eventId, { projection });
        harness.loseNext('after');
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        await writer.reopen();
        expect(await writer.settle(batch)).toBe('appended');
        expect(await writer.settle(batch)).toBe('appended');
        expect(await batchesOf(eventId)).toHaveLength(2);
        expect(await harness.bookedSeats(eventId)).toEqual([`4 bkg_${eventId}`]);
        await appendOk(batchAfter(batch, eventId));
      });

      it('settles a batch that another owner overtook: fenced', async () => {
        const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        harness.loseNext('before');
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        await own(journal, eventId, 'shard-b');
        await writer.reopen();
        expect(await writer.settle(batch)).toBe('fenced');
        expect((await batchesOf(eventId)).map((row) => row.epoch)).toEqual([1, 2]);
      });

      it('calls my batch appended though another owner has come since', async () => {
        const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        harness.loseNext('after');
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        await own(journal, eventId, 'shard-b');
        await writer.reopen();
        expect(await writer.settle(batch)).toBe('appended');
      });

      it('leaves the fate of the whole group open, and each batch settles alone', async () => {
        const otherId = await newEvent();
        const group = [
          batchAfter(await own(journal, eventId, 'shard-a'), eventId),
          batchAfter(await own(journal, otherId, 'shard-a'), otherId),
        ];
        harness.loseNext('before');
        await expect(writer.append(group)).rejects.toBeInstanceOf(CommitUnknown);
        await writer.reopen();
        for (const batch of group) expect(await writer.settle(batch)).toBe('appended');
      });

      it('takes no append until it is opened again', async () => {
        const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
        harness.loseNext('before');
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
        await expect(writer.settle(batch)).rejects.toBeInstanceOf(CommitUnknown);
        await writer.reopen();
        await appendOk(batch);
      });
    });

    describe('rows that belong to a batch', () => {
      it('are written with it: seats, booking, outbox and wake time', async () => {
        const projection = {
          booked: [booked(eventId, [3, 1])],
          outbox: [
            { topic: 'booking.confirmed', key: 'k1', payload: { n: 1 } },
            { topic: 'mail', key: 'k2', payload: 'text' },
          ],
        };
        const tail = await own(journal, eventId, 'shard-a');
        await appendOk(batchAfter(tail, eventId, { projection, wakeAtMs: 1_700_000_000_001 }));
        expect(await harness.bookedSeats(eventId)).toEqual([
          `1 bkg_${eventId}`,
          `3 bkg_${eventId}`,
        ]);
        expect(await harness.bookings(eventId)).toEqual([`bkg_${eventId} 3,1 2500 live`]);
        expect(await harness.outbox(eventId)).toEqual([
          'booking.confirmed k1 {"n":1}',
          'mail k2 "text"',
        ]);
        expect((await journal.ownership(eventId))?.wakeAtMs).toBe(1_700_000_000_001);
      });

      it('are not written when the batch is fenced', async () => {
        const otherId = await newEvent(5);
        const stale = await own(journal, eventId, 'shard-a');
        const good = await own(journal, otherId, 'shard-a');
        await own(journal, eventId, 'shard-b');
        const parts = (id: EventId) => ({
          projection: {
            booked: [booked(id, [1])],
            outbox: [{ topic: 't', key: id, payload: null }],
          },
          wakeAtMs: 9_000,
        });
        const group = [
          batchAfter(stale, eventId, parts(eventId)),
          batchAfter(good, otherId, parts(otherId)),
        ];
        expect(await writer.append(group)).toEqual(['fenced', 'appended']);
        expect(await harness.bookedSeats(eventId)).toEqual([]);
        expect(await harness.bookings(eventId)).toEqual([]);
        expect(await harness.outbox(eventId)).toEqual([]);
        expect((await journal.ownership(eventId))?.wakeAtMs).toBeNull();
        expect(await harness.bookedSeats(otherId)).toEqual([`1 bkg_${otherId}`]);
        expect(await harness.outbox(otherId)).toEqual([`t ${otherId} null`]);
        expect((await journal.ownership(otherId))?.wakeAtMs).toBe(9_000);
      });

      it('let a cancelled seat be sold again, and keep the rest of the booking', async () => {
        const first = batchAfter(await own(journal, eventId, 'shard-a'), eventId, {
          projection: { booked: [booked(`${eventId}a`, [1, 2])] },
        });
        const second = batchAfter(first, eventId, {
          projection: { cancelled: [cancelled(`${eventId}a`, [1], false)] },
        });
        const third = batchAfter(second, eventId, {
          projection: { booked: [booked(`${eventId}b`, [1])] },
        });
        const fourth = batchAfter(third, eventId, {
          projection: { cancelled: [cancelled(`${eventId}a`, [2])] },
        });
        for (const batch of [first, second, third]) await appendOk(batch);
        expect(await harness.bookedSeats(eventId)).toEqual([
          `1 bkg_${eventId}b`,
          `2 bkg_${eventId}a`,
        ]);
        await appendOk(fourth);
        expect(await harness.bookings(eventId)).toEqual([
          `bkg_${eventId}a 1,2 2500 cancelled`,
          `bkg_${eventId}b 1 1250 live`,
        ]);
      });

      it('reject a batch that sells a sold seat; its neighbours go in (G1)', async () => {
        const otherId = await newEvent();
        const first = batchAfter(await own(journal, eventId, 'shard-a'), eventId, {
          projection: { booked: [booked(`${eventId}a`, [7])] },
        });
        const other = await own(journal, otherId, 'shard-a');
        await appendOk(first);
        const again = batchAfter(first, eventId, {
          projection: { booked: [booked(`${eventId}b`, [7])] },
        });
        const neighbour = batchAfter(other, otherId, { wakeAtMs: 12 });
        expect(await writer.append([again, neighbour])).toEqual(['rejected', 'appended']);
        expect(await writer.settle(again)).toBe('rejected');
        expect(await harness.bookedSeats(eventId)).toEqual([`7 bkg_${eventId}a`]);
        expect((await journal.tail(eventId))?.batchNo).toBe(2);
        await appendOk(batchAfter(first, eventId));
      });

      it('change the wake time only when the batch says so', async () => {
        const id = await newEvent(100);
        const first = batchAfter(await own(journal, id, 'shard-a'), id, { count: 1 });
        const second = batchAfter(first, id, { wakeAtMs: null });
        await appendOk(first);
        expect((await journal.ownership(id))?.wakeAtMs).toBe(100);
        await appendOk(second);
        expect((await journal.ownership(id))?.wakeAtMs).toBeNull();
      });
    });

    describe('ownership', () => {
      it('lists due events, earliest first, without those of live owners', async () => {
        const late = await newEvent(-1_000);
        const early = await newEvent(-2_000);
        const live = await newEvent(-3_000);
        const future = await newEvent(Date.now() + 60_000);
        await own(journal, live, 'shard-live');
        const due = await journal.dueWakes(-1_000, 10, ['shard-live']);
        expect(due.map((row) => row.eventId)).toEqual([early, late]);
        const first = await journal.dueWakes(-1_000, 1, []);
        expect(first.map((row) => row.eventId)).toEqual([live]);
        expect(due.map((row) => row.eventId)).not.toContain(future);
      });

      it('lists what an incarnation owns', async () => {
        const ids = [await newEvent(), await newEvent()];
        for (const id of ids) await own(journal, id, 'shard-list');
        const owned = await journal.ownedBy('shard-list');
        expect(owned.map((row) => row.eventId).sort()).toEqual([...ids].sort());
        expect(await journal.ownedBy('shard-none')).toEqual([]);
      });

      it('is given up by its owner, and by nobody of an older epoch', async () => {
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
      });
    });

    describe('snapshots', () => {
      const snapshotOf = (batch: Batch, text: string) => ({
        eventId: batch.eventId,
        batchNo: batch.batchNo,
        epoch: batch.epoch,
        seq: batch.lastSeq,
        hash: batch.hash,
        digest: text.padEnd(64, '0'),
        state: new TextEncoder().encode(text),
      });

      async function threeBatches(): Promise<Batch[]> {
        const batches = [batchAfter(await own(journal, eventId, 'shard-a'), eventId)];
        batches.push(batchAfter(batches[0], eventId), batchAfter(batches[0], eventId));
        batches[2] = batchAfter(batches[1], eventId);
        for (const batch of batches) await appendOk(batch);
        return batches;
      }
      async function digests(): Promise<string[]> {
        const found = [];
        for await (const snapshot of journal.snapshots(eventId)) {
          found.push(snapshot.digest.replaceAll('0', ''));
        }
        return found;
      }

      it('come back newest first, the newest two of them', async () => {
        const batches = await threeBatches();
        expect(await journal.saveSnapshot(snapshotOf(batches[0], 'a'))).toBe(true);
        expect(await journal.saveSnapshot(snapshotOf(batches[2], 'c'))).toBe(true);
        expect(await digests()).toEqual(['c', 'a']);
        expect(await journal.saveSnapshot(snapshotOf(batches[1], 'b'))).toBe(true);
        expect(await digests()).toEqual(['c', 'b']);
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

      it('may replace one of the same batch', async () => {
        const [batch] = await threeBatches();
        await journal.saveSnapshot(snapshotOf(batch, 'bad'));
        expect(await journal.saveSnapshot(snapshotOf(batch, 'good'))).toBe(true);
        expect(await digests()).toEqual(['good']);
      });

      it('are refused for a batch the journal does not have with that epoch and hash', async () => {
        const [, , batch] = await threeBatches();
        const ahead = batchAfter(batch, eventId);
        expect(await journal.saveSnapshot(snapshotOf(ahead, 'x'))).toBe(false);
        expect(await journal.saveSnapshot({ ...snapshotOf(batch, 'x'), epoch: 2 })).toBe(false);
        const hash = new Uint8Array(32);
        expect(await journal.saveSnapshot({ ...snapshotOf(batch, 'x'), hash })).toBe(false);
        expect(await digests()).toEqual([]);
      });
    });

    describe('the hash chain', () => {
      it('verifies over take-overs', async () => {
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

      it('of an event without history is empty and sound', async () => {
        expect(await verifyChain(journal, eventId)).toMatchObject({ ok: true, batches: 0 });
      });
    });
  });
}
