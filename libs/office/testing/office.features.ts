import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { AuditRequest, HistoryBatch, Office, OwnedEvent } from '../office.js';

/** An office, and hands that put into it what imports and owners write. */
export interface OfficePlace {
  readonly office: Office;
  addEvent(eventId: EventId, organiser: string | null): Promise<void>;
  addBooking(eventId: EventId, totalMinor: number, cancelled: boolean): Promise<void>;
  addBatch(eventId: EventId, batch: HistoryBatch): Promise<void>;
  addOwned(event: OwnedEvent): Promise<void>;
}

const one = 'evt_one' as EventId;
const two = 'evt_two' as EventId;

/** What every implementation of the port must do. */
export function describeOffice(name: string, open: () => Promise<OfficePlace>): void {
  describe(name, () => {
    let place: OfficePlace;
    let office: Office;
    beforeEach(async () => {
      place = await open();
      ({ office } = place);
    });

    const listed = async (organisers: string[] | null, after = '', limit = 10): Promise<string[]> =>
      (await office.events({ organisers, after, limit })).map(({ eventId }) => eventId);

    it('lists events by id, an organiser’s own or all, in pages', async () => {
      await place.addEvent('evt_c' as EventId, 'acme');
      await place.addEvent('evt_a' as EventId, null);
      await place.addEvent('evt_b' as EventId, 'other');
      expect(await listed(null)).toEqual(['evt_a', 'evt_b', 'evt_c']);
      expect(await listed(null, 'evt_a', 1)).toEqual(['evt_b']);
      expect(await listed(['acme'])).toEqual(['evt_c']);
      expect(await listed(['acme', 'other'])).toEqual(['evt_b', 'evt_c']);
      expect(await listed(['null', ''])).toEqual([]);
      expect(await listed([])).toEqual([]);
    });

    it('adds up what live bookings are worth, beyond 32 bits', async () => {
      expect(await office.takings(one)).toEqual({ bookings: 0, totalMinor: 0 });
      await place.addBooking(one, 3_000_000_000, false);
      await place.addBooking(one, 2_500, false);
      await place.addBooking(one, 9_999, true);
      await place.addBooking(two, 7_777, false);
      expect(await office.takings(one)).toEqual({ bookings: 2, totalMinor: 3_000_002_500 });
    });

    it('gives the history newest first, in pages of so many bytes and at least one', async () => {
      const sizes = [5, limits.historyBytesMax - 10, 10, limits.historyBytesMax + 1, 0];
      for (const [i, size] of sizes.entries()) {
        const batch = { batchNo: i + 1, firstSeq: i + 1, facts: new Uint8Array(size).fill(i) };
        await place.addBatch(one, batch);
      }
      const page = async (before: number | null): Promise<number[]> =>
        (await office.history({ eventId: one, before })).map(({ batchNo }) => batchNo);
      expect(await page(null)).toEqual([5]);
      expect(await page(5)).toEqual([4]);
      expect(await page(4)).toEqual([3, 2]);
      expect(await page(2)).toEqual([1]);
      expect(await page(1)).toEqual([]);
      expect(await office.history({ eventId: two, before: null })).toEqual([]);
      const [newest] = await office.history({ eventId: one, before: 4 });
      expect([...newest.facts]).toEqual(new Array(10).fill(2));
    });

    it('gives the course oldest first, in pages of so many bytes and at least one', async () => {
      const sizes = [0, limits.courseBytesMax + 1, 10, limits.courseBytesMax - 10, 5];
      for (const [i, size] of sizes.entries()) {
        const batch = { batchNo: i + 1, firstSeq: i + 1, facts: new Uint8Array(size).fill(i) };
        await place.addBatch(one, batch);
      }
      const page = async (after: number): Promise<number[]> =>
        (await office.course({ eventId: one, after })).map(({ batchNo }) => batchNo);
      expect(await page(0)).toEqual([1]);
      expect(await page(1)).toEqual([2]);
      expect(await page(2)).toEqual([3, 4]);
      expect(await page(4)).toEqual([5]);
      expect(await page(5)).toEqual([]);
      expect(await office.course({ eventId: two, after: 0 })).toEqual([]);
    });

    it('gives a course of no more batches than a page has', async () => {
      for (let batchNo = 1; batchNo <= limits.courseBatchesMax + 1; batchNo += 1) {
        await place.addBatch(one, { batchNo, firstSeq: batchNo, facts: new Uint8Array(1) });
      }
      const page = await office.course({ eventId: one, after: 0 });
      expect(page.length).toBe(limits.courseBatchesMax);
      expect(page.at(-1)?.batchNo).toBe(limits.courseBatchesMax);
    });

    it('says who owns what, by id and in pages, and what is quarantined', async () => {
      const owned = { name: 'A show', owner: 'shard-1-x', epoch: 3 } as const;
      const free = { pinnedTo: null, quarantined: null } as const;
      const events: OwnedEvent[] = [
        { eventId: two, ...owned, pinnedTo: 'shard-1', quarantined: null },
        { eventId: one, ...owned, ...free, owner: null, quarantined: 'journal behind memory' },
      ];
      for (const event of events) {
        await place.addEvent(event.eventId, null);
        await place.addOwned(event);
      }
      expect(await office.owners('', 10)).toEqual([events[1], events[0]]);
      expect(await office.owners('', 1)).toEqual([events[1]]);
      expect(await office.owners(one, 10)).toEqual([events[0]]);
      expect(await office.quarantined(10)).toEqual([events[1]]);
      expect(await office.quarantined(0)).toEqual([]);
    });

    const asked: AuditRequest = {
      who: 'alice',
      role: 'organiser',
      what: 'closeSale',
      eventId: one,
      reason: "a “storm”; '--",
      trace: 'f'.repeat(32),
    };

    it('has a change on record before it is settled, and settles it once (OF1)', async () => {
      const id = await office.begin(asked);
      const rows = await office.audit({ eventId: one, before: null, limit: 10 });
      expect(rows).toEqual([{ ...asked, id, askedAtMs: expect.any(Number), outcome: null }]);
      await office.settle(id, 'done');
      await office.settle(id, 'refused: nothing');
      const [row] = await office.audit({ eventId: one, before: null, limit: 10 });
      expect(row.outcome).toBe('done');
    });

    it('gives the record of one event newest first, in pages', async () => {
      const ids = [await office.begin(asked), await office.begin({ ...asked, eventId: two })];
      ids.push(await office.begin(asked), await office.begin(asked));
      const first = await office.audit({ eventId: one, before: null, limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
      const rest = await office.audit({ eventId: one, before: first[1].id, limit: 2 });
      expect(rest.map(({ id }) => id)).toEqual([ids[0]]);
    });

    it('forgets what is old, oldest first and a few at a time, and nothing younger', async () => {
      const ids = [await office.begin(asked), await office.begin({ ...asked, eventId: null })];
      ids.push(await office.begin(asked));
      expect(await office.forgetAudit(60_000, 10)).toBe(0);
      expect(await office.forgetAudit(0, 2)).toBe(2);
      const left = await office.audit({ eventId: one, before: null, limit: 10 });
      expect(left.map(({ id }) => id)).toEqual([ids[2]]);
      await office.settle(ids[0], 'done');
      expect(await office.forgetAudit(0, 2)).toBe(1);
      expect(ids).not.toContain(await office.begin(asked));
    });
  });
}
