import pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import { batchHash } from './batch-hash.js';
import type { Ownership, StoredBatch, TakeOver, TakeOverResult } from './journal.js';
import { batchOf, ownershipOf, type BatchRow, type OwnershipRow } from './rows.js';
import {
  announce,
  batchColumns,
  catchUpOwnership,
  compareAndSetOwner,
  ownershipColumns,
  terminateBlockers,
} from './sql.js';

/**
 * Steps (1) and (2) of a take-over in Postgres.
 *
 * O1  The compare-and-set is a transaction of its own, so that nothing waits for a journal row with
 *     the ownership row locked (an append with a wake time takes them in the other order).
 * O2  An epoch is announced by the one incarnation that won it. A taker that fails in between
 *     leaves an epoch without an announce; anybody may go on to the next one.
 * O3  What stands in the way of an announce (a writer whose transaction does not end) is ended.
 * O4  When the ownership row is behind the journal (restored, edited by hand), the row is brought
 *     up: the journal is the truth, the row is advice.
 */
export interface Announcer {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** Of all connections of the pool, and of no other process. */
  readonly applicationName: string;
}

export async function takeOver(by: Announcer, request: TakeOver): Promise<TakeOverResult> {
  const { eventId, incarnation, fromEpoch } = request;
  const epoch = fromEpoch + 1;
  const { rows } = await by.pool.query<OwnershipRow>(compareAndSetOwner, [
    eventId,
    incarnation,
    fromEpoch,
  ]);
  const won = rows.length === 1;
  const row = won ? ownershipOf(rows[0]) : await readOwnership(by, eventId);
  if (row === null) return { kind: 'unknown_event' };
  // If not won, the answer to an earlier try may be lost: then the epoch is ours, go on with it.
  const ours = row.epoch === epoch && row.owner === incarnation;
  if (!ours) return { kind: 'lost', ownership: row };
  const { wakeAtMs } = row;
  for (let attempt = 0; attempt < limits.announceTriesMax; attempt++) {
    const written = await tryAnnounce(by, eventId, epoch);
    if (written !== null) return { kind: 'taken', epoch, announce: written, wakeAtMs };
    const tail = await readTail(by, eventId);
    if (tail === null || tail.epoch < epoch) continue;
    const mine = won || tail.epoch > epoch ? null : await readAnnounce(by, eventId, epoch);
    if (mine !== null) return { kind: 'taken', epoch, announce: mine, wakeAtMs };
    return lost(by, request, tail.epoch);
  }
  throw new Error(`the announce of ${eventId} did not get through`);
}

const lockNotAvailable = '55P03';

/** Null: the epoch is not above the tail's any more, or what stood in the way was ended. */
async function tryAnnounce(
  by: Announcer,
  eventId: EventId,
  epoch: number,
): Promise<StoredBatch | null> {
  const stopClearing = by.clock.every(limits.announceBlockedMs, () => {
    // A failure shows in the announce itself, which then runs into its lock timeout.
    by.pool.query(terminateBlockers, [by.applicationName]).catch(() => undefined);
  });
  try {
    const { rows } = await by.pool.query<BatchRow>({
      name: 'hf-announce',
      text: announce,
      values: [eventId, epoch, limits.announceCollisionsMax],
    });
    if (rows.length === 0) return null;
    const written = batchOf(rows[0]);
    const hash = batchHash(written.prevHash, written);
    assert(Buffer.compare(hash, written.hash) === 0, 'the database hashes as we do');
    return written;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === lockNotAvailable) return null;
    throw error;
  } finally {
    stopClearing();
  }
}

async function lost(
  by: Announcer,
  { eventId, incarnation }: TakeOver,
  epoch: number,
): Promise<TakeOverResult> {
  await by.pool.query(catchUpOwnership, [eventId, epoch, incarnation]);
  const ownership = await readOwnership(by, eventId);
  return ownership === null ? { kind: 'unknown_event' } : { kind: 'lost', ownership };
}

async function readOwnership(by: Announcer, eventId: EventId): Promise<Ownership | null> {
  const { rows } = await by.pool.query<OwnershipRow>(
    `SELECT ${ownershipColumns} FROM ownership WHERE event_id = $1`,
    [eventId],
  );
  return rows.length === 0 ? null : ownershipOf(rows[0]);
}

async function readTail(by: Announcer, eventId: EventId): Promise<StoredBatch | null> {
  const { rows } = await by.pool.query<BatchRow>({
    name: 'hf-announce-tail',
    text: `SELECT ${batchColumns} FROM journal WHERE event_id = $1 ORDER BY batch_no DESC LIMIT 1`,
    values: [eventId],
  });
  return rows.length === 0 ? null : batchOf(rows[0]);
}

/** The first batch of an epoch is its announce. */
async function readAnnounce(
  by: Announcer,
  eventId: EventId,
  epoch: number,
): Promise<StoredBatch | null> {
  const { rows } = await by.pool.query<BatchRow>(
    `SELECT ${batchColumns} FROM journal WHERE event_id = $1 AND epoch = $2
     ORDER BY batch_no LIMIT 1`,
    [eventId, epoch],
  );
  return rows.length === 0 ? null : batchOf(rows[0]);
}
