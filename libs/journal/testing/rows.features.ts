import { expect } from '@jest/globals';
import type { EventId } from '#libs/inventory/ids.js';
import { batchAfter, booked, cancelled, own } from './journal.fixtures.js';
import type { Feature } from '../journal-place.js';

/** Rows are written with their batch or not at all (J4). */
export function projectionFeatures(feature: Feature): void {
  feature(
    'are written with it: seats, booking, outbox and wake time',
    async ({ harness, journal, eventId, appendOk }) => {
      const projection = {
        booked: [booked(eventId, [3, 1])],
        outbox: [
          { topic: 'booking.confirmed', key: 'k1', payload: { n: 1 } },
          { topic: 'mail', key: 'k2', payload: 'text' },
        ],
      };
      const tail = await own(journal, eventId, 'shard-a');
      await appendOk(batchAfter(tail, eventId, { projection, wakeAtMs: 1_700_000_000_001 }));
      expect(await harness.bookedSeats(eventId)).toEqual([`1 bkg_${eventId}`, `3 bkg_${eventId}`]);
      expect(await harness.bookings(eventId)).toEqual([`bkg_${eventId} 3,1 2500 live`]);
      expect(await harness.outbox(eventId)).toEqual([
        'booking.confirmed k1 {"n":1}',
        'mail k2 "text"',
      ]);
      expect((await journal.ownership(eventId))?.wakeAtMs).toBe(1_700_000_000_001);
    },
  );

  feature(
    'are not written when the batch is fenced',
    async ({ harness, journal, writer, eventId, newEvent }) => {
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
    },
  );

  feature(
    'change the wake time only when the batch says so',
    async ({ journal, newEvent, appendOk }) => {
      const id = await newEvent(100);
      const first = batchAfter(await own(journal, id, 'shard-a'), id, { count: 1 });
      const second = batchAfter(first, id, { wakeAtMs: null });
      await appendOk(first);
      expect((await journal.ownership(id))?.wakeAtMs).toBe(100);
      await appendOk(second);
      expect((await journal.ownership(id))?.wakeAtMs).toBeNull();
    },
  );
}

/** A seat is sold once at a time, whatever the batches say (G1). */
export function saleFeatures(feature: Feature): void {
  feature(
    'give a cancelled seat back to be sold again, and keep the rest of the booking',
    async ({ harness, journal, eventId, appendOk }) => {
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
    },
  );

  feature(
    'stay when their cancellation is fenced',
    async ({ harness, journal, writer, eventId, appendOk }) => {
      const first = batchAfter(await own(journal, eventId, 'shard-a'), eventId, {
        projection: { booked: [booked(eventId, [1])] },
      });
      await appendOk(first);
      await own(journal, eventId, 'shard-b');
      const stale = batchAfter(first, eventId, {
        projection: { cancelled: [cancelled(eventId, [1])] },
      });
      expect(await writer.append([stale])).toEqual(['fenced']);
      expect(await harness.bookedSeats(eventId)).toEqual([`1 bkg_${eventId}`]);
      expect(await harness.bookings(eventId)).toEqual([`bkg_${eventId} 1 1250 live`]);
    },
  );

  feature(
    'of a sold seat are rejected with their batch; its neighbours go in (G1)',
    async ({ harness, journal, writer, eventId, newEvent, appendOk }) => {
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
    },
  );
}
