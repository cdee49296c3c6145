import pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';
import { systemRandom, type Random } from '#libs/platform/random.js';
import { binaryRows } from './binary-rows.js';
import type {
  DueEvent,
  Journal,
  JournalWriter,
  Ownership,
  StoredBatch,
  StoredSnapshot,
  Tail,
  TakeOver,
  TakeOverResult,
} from './journal.js';
import { openPostgresWriter } from './postgres-writer.js';
import { takeOver, type Announcer } from './postgres-take-over.js';
import {
  batchOf,
  batchOfBinary,
  ownershipOf,
  SnapshotAssembly,
  type BatchRow,
  type OwnershipRow,
} from './rows.js';
import {
  dropOldSnapshots,
  ownershipColumns,
  readPage,
  readPageOf,
  saveSnapshot,
  snapshotPieces,
} from './sql.js';

/**
 * The journal in Postgres. Appends go through a writer's own connection (postgres-writer.ts),
 * take-overs through postgres-take-over.ts; what is left here are look-ups on a small pool.
 */
export interface PostgresJournalOptions {
  readonly url: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: limits.appendTimeoutMs. */
  readonly appendTimeoutMs?: number;
  /** Connections for take-overs, replays and snapshots. */
  readonly poolMax?: number;
  /** An idle connection broke; it is replaced when it is needed. */
  readonly onIdleError?: (error: Error) => void;
}

export function openPostgresJournal(options: PostgresJournalOptions): Journal {
  return new PostgresJournal(options);
}

const poolMaxDefault = 8;
const selectOwnership = `SELECT ${ownershipColumns} FROM ownership`;

class PostgresJournal implements Journal {
  readonly #options: PostgresJournalOptions;
  readonly #clock: Clock;
  readonly #pool: pg.Pool;
  readonly #announcer: Announcer;

  constructor(options: PostgresJournalOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // A name of its own, so that what blocks the announces of this process can be told (sql.ts).
    const applicationName = `hf-journal ${(options.random ?? systemRandom).token(12)}`;
    this.#pool = openPool(options.url, {
      applicationName,
      max: options.poolMax ?? poolMaxDefault,
      answerWithinMs: limits.lookupTimeoutMs,
      settings: { lock_timeout: String(limits.announceLockMs) },
      ...(options.onIdleError === undefined ? {} : { onIdleError: options.onIdleError }),
    });
    this.#announcer = { pool: this.#pool, clock: this.#clock, applicationName };
  }

  openWriter(incarnation = ''): Promise<JournalWriter> {
    return openPostgresWriter({
      url: this.#options.url,
      applicationName: writerName(incarnation),
      clock: this.#clock,
      appendTimeoutMs: this.#options.appendTimeoutMs ?? limits.appendTimeoutMs,
    });
  }

  takeOver(request: TakeOver): Promise<TakeOverResult> {
    return takeOver(this.#announcer, request);
  }

  async ownership(eventId: EventId): Promise<Ownership | null> {
    const rows = await this.#rows<OwnershipRow>(
      'hf-ownership',
      `${selectOwnership} WHERE event_id = $1`,
      [eventId],
    );
    return rows.length === 0 ? null : ownershipOf(rows[0]);
  }

  async dueWakes(
    beforeMs: number,
    limit: number,
    exceptOwners: readonly string[],
    after: DueEvent | null,
  ): Promise<readonly Ownership[]> {
    const rows = await this.#rows<OwnershipRow>(
      'hf-due',
      `${selectOwnership} WHERE wake_at <= to_timestamp($1::float8 / 1000) AND quarantined IS NULL
         AND (shard IS NULL OR shard <> ALL ($3::text[]))
         AND ($4::float8 IS NULL
           OR (wake_at, event_id) > (to_timestamp($4::float8 / 1000), $5::text COLLATE "C"))
       ORDER BY wake_at, event_id LIMIT $2`,
      [beforeMs, limit, exceptOwners, after?.wakeAtMs ?? null, after?.eventId ?? null],
    );
    return rows.map(ownershipOf);
  }

  async ownedBy(incarnation: string): Promise<readonly Ownership[]> {
    const rows = await this.#rows<OwnershipRow>(
      'hf-owned',
      `${selectOwnership} WHERE shard = $1 ORDER BY event_id`,
      [incarnation],
    );
    return rows.map(ownershipOf);
  }

  async release(eventId: EventId, epoch: number, wakeAtMs: number | null): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `UPDATE ownership SET shard = NULL, wake_at = to_timestamp($3::float8 / 1000)
       WHERE event_id = $1 AND epoch = $2`,
      [eventId, epoch, wakeAtMs],
    );
    return rowCount === 1;
  }

  async pin(eventId: EventId, shardId: string | null): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'UPDATE ownership SET pinned_to = $2 WHERE event_id = $1',
      [eventId, shardId],
    );
    return rowCount === 1;
  }

  async quarantine(eventId: EventId, reason: string | null): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'UPDATE ownership SET quarantined = $2 WHERE event_id = $1',
      [eventId, reason],
    );
    return rowCount === 1;
  }

  async pinned(): Promise<readonly Ownership[]> {
    const rows = await this.#rows<OwnershipRow>(
      'hf-pinned',
      `${selectOwnership} WHERE pinned_to IS NOT NULL ORDER BY event_id`,
      [],
    );
    return rows.map(ownershipOf);
  }

  async tail(eventId: EventId): Promise<Tail | null> {
    const rows = await this.#rows<{
      batch_no: number;
      epoch: number;
      last_seq: number;
      hash: Buffer;
    }>(
      'hf-tail',
      `SELECT batch_no, epoch, last_seq, hash FROM journal
       WHERE event_id = $1 ORDER BY batch_no DESC LIMIT 1`,
      [eventId],
    );
    if (rows.length === 0) return null;
    const [{ batch_no: batchNo, epoch, last_seq: lastSeq, hash }] = rows;
    return { batchNo, epoch, lastSeq, hash };
  }

  async hashAt(eventId: EventId, batchNo: number): Promise<Uint8Array | null> {
    const rows = await this.#rows<{ hash: Buffer }>(
      'hf-hash',
      'SELECT hash FROM journal WHERE event_id = $1 AND batch_no = $2',
      [eventId, batchNo],
    );
    return rows.length === 0 ? null : rows[0].hash;
  }

  /**
   * The next page is fetched while the caller works on this one: at most two are in memory. A page
   * with room left was the end. The first page is short and asked for by a prepared statement;
   * what is longer comes in binary, a third of the work for this process.
   */
  async *read(eventId: EventId, afterBatchNo: number): AsyncIterable<StoredBatch> {
    let batchesMax: number = limits.journalFirstPageBatches;
    let coming: Promise<readonly StoredBatch[]> | null = this.#firstPage(eventId, afterBatchNo);
    while (coming !== null) {
      const page: readonly StoredBatch[] = await coming;
      coming = isFull(page, batchesMax) ? this.#page(eventId, page[page.length - 1].batchNo) : null;
      batchesMax = limits.journalPageBatches;
      // Whoever stops reading early must not leave an unheard error behind.
      coming?.catch(() => undefined);
      yield* page;
    }
  }

  async *snapshots(eventId: EventId): AsyncIterable<StoredSnapshot> {
    let before = 2 ** 31 - 1;
    for (;;) {
      const assembly = new SnapshotAssembly(eventId);
      const sql = snapshotPieces(pg.escapeLiteral(eventId), before);
      await binaryRows(this.#pool, sql, (row) => assembly.add(row));
      const snapshot = assembly.take();
      if (snapshot === null) return;
      before = snapshot.batchNo;
      yield snapshot;
    }
  }

  async saveSnapshot(snapshot: StoredSnapshot): Promise<boolean> {
    const { eventId, batchNo, epoch, seq, hash, digest, state } = snapshot;
    const saved = await this.#pool.query(saveSnapshot, [
      eventId,
      batchNo,
      epoch,
      seq,
      bufferOf(hash),
      digest,
      bufferOf(state),
    ]);
    if (saved.rowCount !== 1) return false;
    await this.#pool.query(dropOldSnapshots, [eventId, limits.snapshotsKept]);
    return true;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #firstPage(eventId: EventId, afterBatchNo: number): Promise<readonly StoredBatch[]> {
    const rows = await this.#rows<BatchRow>('hf-read', readPage, [
      eventId,
      afterBatchNo,
      limits.journalFirstPageBatches,
      limits.journalPageBytes,
    ]);
    return rows.map(batchOf);
  }

  async #page(eventId: EventId, afterBatchNo: number): Promise<readonly StoredBatch[]> {
    const { journalPageBatches, journalPageBytes } = limits;
    const event = pg.escapeLiteral(eventId);
    const sql = readPageOf(event, afterBatchNo, journalPageBatches, journalPageBytes);
    const page: StoredBatch[] = [];
    await binaryRows(this.#pool, sql, (row) => page.push(batchOfBinary(eventId, row)));
    return page;
  }

  async #rows<Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<readonly Row[]> {
    return (await this.#pool.query<Row>({ name, text, values })).rows;
  }
}

/** As sql.ts cuts them: by number, or behind the batch that reached the bytes. */
function isFull(page: readonly StoredBatch[], batchesMax: number): boolean {
  const bytes = page.reduce((sum, { facts }) => sum + facts.byteLength, 0);
  return page.length >= batchesMax || bytes >= limits.journalPageBytes;
}

/** Postgres cuts names at 63 bytes; cut here, so that comparisons hold. */
const writerName = (incarnation: string): string => `hf-writer ${incarnation}`.trim().slice(0, 63);

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
