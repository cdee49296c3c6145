import { expect } from '@jest/globals';
import { batchAfter, booked, nextEventId, own } from './journal.fixtures.js';
import { CommitUnknown, type Tail } from '../journal.js';
import type { Feature } from '../journal-place.js';

/** Epochs, announces, and what they fence (J2, J3). */
export function takeOverFeatures(feature: Feature): void {
  feature('opens epoch 1 of a new event with batch 1', async ({ journal, eventId }) => {
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
      quarantined: null,
    });
  });

  feature(
    'fences the old owner, also for batches it has not sent yet',
    async ({ journal, writer, eventId, appendOk }) => {
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
    },
  );

  feature(
    'costs a fenced event only: its neighbours of the group go in',
    async ({ journal, writer, eventId, newEvent, batchesOf }) => {
      const ids = [eventId, await newEvent(), await newEvent()];
      const tails: Tail[] = [];
      for (const id of ids) tails.push(await own(journal, id, 'shard-a'));
      await own(journal, ids[1], 'shard-b');
      const group = ids.map((id, index) => batchAfter(tails[index], id));
      expect(await writer.append(group)).toEqual(['appended', 'fenced', 'appended']);
      expect((await batchesOf(ids[1])).map((batch) => batch.epoch)).toEqual([1, 2]);
    },
  );
}

/** What a take-over finds in the row that it takes. */
export function takenRowFeatures(feature: Feature): void {
  feature(
    'says when the event is due as it is taken, not as somebody read it before',
    async ({ journal, newEvent }) => {
      const eventId = await newEvent(100);
      const first = { eventId, incarnation: 'shard-a', fromEpoch: 0 };
      expect(await journal.takeOver(first)).toMatchObject({ kind: 'taken', wakeAtMs: 100 });
      expect(await journal.takeOver(first)).toMatchObject({ kind: 'taken', wakeAtMs: 100 });
      await journal.release(eventId, 1, null);
      const second = { eventId, incarnation: 'shard-a', fromEpoch: 1 };
      expect(await journal.takeOver(second)).toMatchObject({ kind: 'taken', wakeAtMs: null });
    },
  );
}

/** Many takers, one owner. */
export function contestFeatures(feature: Feature): void {
  feature('gives an epoch to one of many takers', async ({ journal, eventId, batchesOf }) => {
    const takers = Array.from({ length: 8 }, (_, index) => `shard-${index}`);
    const results = await Promise.all(
      takers.map((incarnation) => journal.takeOver({ eventId, incarnation, fromEpoch: 0 })),
    );
    const taken = results.filter((result) => result.kind === 'taken');
    expect(taken).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'lost')).toHaveLength(7);
    expect(await batchesOf(eventId)).toHaveLength(1);
  });

  feature('tells who has the event when it is lost', async ({ journal, eventId }) => {
    await own(journal, eventId, 'shard-a');
    const result = await journal.takeOver({ eventId, incarnation: 'shard-b', fromEpoch: 0 });
    expect(result).toMatchObject({ kind: 'lost', ownership: { owner: 'shard-a', epoch: 1 } });
  });

  feature('refuses an event that nobody imported', async ({ journal }) => {
    const request = { eventId: nextEventId(), incarnation: 'shard-a', fromEpoch: 0 };
    expect(await journal.takeOver(request)).toEqual({ kind: 'unknown_event' });
    expect(await journal.ownership(request.eventId)).toBeNull();
  });

  feature(
    'may be asked again by the same taker and finds its announce',
    async ({ journal, eventId, batchesOf }) => {
      const request = { eventId, incarnation: 'shard-a', fromEpoch: 0 };
      const first = await journal.takeOver(request);
      const second = await journal.takeOver(request);
      expect(second).toMatchObject({ kind: 'taken', epoch: 1 });
      expect(first.kind === 'taken' && first.announce.batchNo).toBe(1);
      expect(await batchesOf(eventId)).toHaveLength(1);
    },
  );
}

/** Sent and not answered: what settle() finds out (J5). */
export function commitUnknownFeatures(feature: Feature): void {
  feature(
    'settles a batch that never arrived: it goes in',
    async ({ harness, journal, writer, eventId }) => {
      const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      harness.loseNext('before');
      await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
      expect((await journal.tail(eventId))?.batchNo).toBe(1);
      await writer.reopen();
      expect(await writer.settle(batch)).toBe('appended');
      expect((await journal.tail(eventId))?.batchNo).toBe(2);
    },
  );

  feature(
    'settles a batch that arrived: it is there once, with its rows',
    async ({ harness, journal, writer, eventId, appendOk, batchesOf }) => {
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
    },
  );

  feature(
    'settles a batch that another owner overtook: fenced',
    async ({ harness, journal, writer, eventId, batchesOf }) => {
      const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      harness.loseNext('before');
      await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
      await own(journal, eventId, 'shard-b');
      await writer.reopen();
      expect(await writer.settle(batch)).toBe('fenced');
      expect((await batchesOf(eventId)).map((row) => row.epoch)).toEqual([1, 2]);
    },
  );

  feature(
    'calls my batch appended though another owner has come since',
    async ({ harness, journal, writer, eventId }) => {
      const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      harness.loseNext('after');
      await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
      await own(journal, eventId, 'shard-b');
      await writer.reopen();
      expect(await writer.settle(batch)).toBe('appended');
    },
  );
}

/** A writer in doubt does nothing but settle. */
export function doubtFeatures(feature: Feature): void {
  feature(
    'leaves the fate of the whole group open, and each batch settles alone',
    async ({ harness, journal, writer, eventId, newEvent }) => {
      const otherId = await newEvent();
      const group = [
        batchAfter(await own(journal, eventId, 'shard-a'), eventId),
        batchAfter(await own(journal, otherId, 'shard-a'), otherId),
      ];
      harness.loseNext('before');
      await expect(writer.append(group)).rejects.toBeInstanceOf(CommitUnknown);
      await writer.reopen();
      for (const batch of group) expect(await writer.settle(batch)).toBe('appended');
    },
  );

  feature('takes one append at a time', async ({ journal, writer, eventId, appendOk }) => {
    const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
    const running = appendOk(batch);
    await expect(writer.append([batchAfter(batch, eventId)])).rejects.toThrow('one append');
    await running;
  });

  feature(
    'takes no append until it is opened again',
    async ({ harness, journal, writer, eventId, appendOk }) => {
      const batch = batchAfter(await own(journal, eventId, 'shard-a'), eventId);
      harness.loseNext('before');
      await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
      await expect(writer.append([batch])).rejects.toBeInstanceOf(CommitUnknown);
      await expect(writer.settle(batch)).rejects.toBeInstanceOf(CommitUnknown);
      await writer.reopen();
      await appendOk(batch);
    },
  );
}
