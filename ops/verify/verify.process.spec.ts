import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import {
  encodeFacts,
  factLevelOldest,
  type EventId,
  type Fact,
} from '#libs/inventory/inventory.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import type { Batch, Journal, JournalWriter, Projection, Tail } from '#libs/journal/journal.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { createDemoEvent } from '#trials/demo/demo-event.js';
import { verifyEvent } from './verify.js';

let server: TestPostgres;
let pool: pg.Pool;
let journal: Journal;
let writer: JournalWriter;
let eventId: EventId;

beforeAll(async () => {
  server = await startTestPostgres();
  const url = await server.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'verify-spec', max: 2, answerWithinMs: 10_000 });
  journal = openPostgresJournal({ url });
  writer = await journal.openWriter('shard-a');
});

afterAll(async () => {
  await writer.close();
  await journal.close();
  await pool.end();
  await server.stop();
});

/** Written by the production journal: what the independent check reads is what a shard writes. */
beforeEach(async () => {
  eventId = (await createDemoEvent(pool, 20)) as EventId;
  await journal.takeOver({ eventId, incarnation: 'shard-a', fromEpoch: 0 });
  // Booking ids are unique in the whole database.
  const id = `bkg_${eventId.slice(4)}`;
  await append([held('h1', [0, 1]), paying('h1'), booked(id, 'h1', [0, 1])], saleOf(id, 'h1'));
  await append([held('h2', [5])]);
  await journal.takeOver({ eventId, incarnation: 'shard-b', fromEpoch: 1 });
  await append([{ type: 'HoldExpired', atMs: 60_000, holdId: 'h2' }]);
});

const cause = (commandId: string) => ({ commandId, fingerprint: 1 });
const held = (holdId: string, seats: readonly number[]) => ({
  type: 'SeatsHeld',
  atMs: 1_000,
  cause: cause(`hold-${holdId}`),
  holdId,
  userId: 'ann',
  seats,
  areas: [],
  deadlineMs: 9_000,
  totalMinor: 100,
});
const paying = (holdId: string) => ({
  type: 'PaymentBegun',
  atMs: 1_000,
  cause: cause(`pay-${holdId}`),
  holdId,
  attemptId: 'a1',
  deadlineMs: 20_000,
});
const booked = (bookingId: string, holdId: string, seats: readonly number[]) => ({
  type: 'SeatsBooked',
  atMs: 1_000,
  cause: cause(`book-${bookingId}`),
  holdId,
  bookingId,
  attemptId: 'a1',
  userId: 'ann',
  seats,
  areas: [],
  totalMinor: 100,
});

function saleOf(bookingId: string, holdId: string): Projection {
  const row = { bookingId, holdId, attemptId: 'a1', userId: 'ann', seats: [0, 1], areas: [] };
  const sold = [{ ...row, totalMinor: 100, atMs: 1_000 }];
  return { booked: sold, cancelled: [], outbox: [] } as unknown as Projection;
}

async function append(facts: readonly object[], projection: Projection | null = null) {
  const tail = (await journal.tail(eventId)) as Tail;
  const header = {
    eventId,
    batchNo: tail.batchNo + 1,
    epoch: tail.epoch,
    firstSeq: tail.lastSeq + 1,
    lastSeq: tail.lastSeq + facts.length,
    facts: encodeFacts(facts as readonly Fact[], factLevelOldest),
  };
  const prevHash = tail.hash;
  const hash = batchHash(prevHash, header);
  const batch: Batch = { ...header, prevHash, hash, projection, wakeAtMs: undefined };
  expect(await writer.append([batch])).toEqual(['appended']);
}

async function broken(): Promise<string[]> {
  const verified = await verifyEvent(pool, eventId);
  return (verified?.verdict.checks ?? [])
    .filter((check) => check.wrong > 0)
    .map((check) => check.name);
}

describe('The verification of an event in Postgres', () => {
  it('finds what the journal wrote clean, over two owners', async () => {
    const verified = await verifyEvent(pool, eventId);
    expect(verified?.verdict).toMatchObject({
      clean: true,
      batches: 5,
      facts: 5,
      epochs: 2,
      holds: { made: 2, expired: 1, booked: 1, released: 0, live: 0 },
      bookings: 1,
    });
  });

  it('finds facts that were changed in the database', async () => {
    const other = [{ ...held('h2', [6]), userId: 'eve' }] as unknown as Fact[];
    const forged = encodeFacts(other, factLevelOldest);
    await pool.query('UPDATE journal SET facts = $2 WHERE event_id = $1 AND batch_no = 3', [
      eventId,
      forged,
    ]);
    expect(await broken()).toEqual(['hash_chain']);
  });

  it.each(['facts', 'hash', 'prev_hash'])(
    'names the batch of which one bit was changed by hand, in its %s (G9)',
    async (column) => {
      await pool.query(
        `UPDATE journal SET ${column} = set_byte(${column}, 5, get_byte(${column}, 5) # 1)
         WHERE event_id = $1 AND batch_no = 3`,
        [eventId],
      );
      const verified = await verifyEvent(pool, eventId);
      const chain = verified?.verdict.checks.find(({ name }) => name === 'hash_chain');
      expect(chain?.examples[0]).toMatch(/^batch 3 does not hash/);
      expect(verified?.verdict.clean).toBe(false);
    },
  );

  it('finds a batch that was removed', async () => {
    await pool.query('DELETE FROM journal WHERE event_id = $1 AND batch_no = 3', [eventId]);
    expect(await broken()).toEqual(
      expect.arrayContaining(['batches_contiguous', 'hash_chain', 'hold_live_when_used']),
    );
  });

  it('finds bytes that are no facts', async () => {
    await pool.query("UPDATE journal SET facts = '\\xff' WHERE event_id = $1 AND batch_no = 3", [
      eventId,
    ]);
    expect(await broken()).toEqual(expect.arrayContaining(['facts_readable', 'hash_chain']));
  });

  it('finds sold seats and bookings that are missing from their tables', async () => {
    await pool.query('DELETE FROM booked_seat WHERE event_id = $1 AND seat = 1', [eventId]);
    expect(await broken()).toEqual(['booked_seat_table']);
    await pool.query("UPDATE booking SET user_id = 'eve' WHERE event_id = $1", [eventId]);
    expect(await broken()).toEqual(['booked_seat_table', 'booking_table']);
  });

  it('knows that it was asked about an event that does not exist', async () => {
    expect(await verifyEvent(pool, 'evt_nobody')).toBeNull();
  });
});
