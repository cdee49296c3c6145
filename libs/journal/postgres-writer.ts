import { Socket } from 'node:net';
import pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { clientOfPrimary } from '#libs/database/primary.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import { bytesOf, fullValues, isPlain, plainValues, singleValues } from './append-values.js';
import { CommitUnknown, type AppendVerdict, type Batch, type JournalWriter } from './journal.js';
import { PreparedCall, type TextRow } from './prepared-call.js';
import { appendFull, appendPlain, appendSingle, settleLook, terminateBackend } from './sql.js';

/**
 * The append connection of one shard.
 *
 * W1  One client of its own, one statement in flight: no pool, no idle transaction, nothing that a
 *     stopped process could leave open.
 * W2  An answer that does not come in time ends the connection. The statement is never cancelled: a
 *     cancelled one may have committed, and waiting for a standby would end as if it had succeeded.
 * W3  After any doubt the writer refuses appends until reopen() (J5). settle() is the only judge.
 * W4  A batch that breaks a rule of the store is found by trying its group one by one (J3).
 */
export interface PostgresWriterOptions {
  readonly url: string;
  /** Name in pg_stat_activity; starts with `hf-writer`. At most 63 bytes. */
  readonly applicationName: string;
  readonly clock: Clock;
  readonly appendTimeoutMs: number;
}

export async function openPostgresWriter(options: PostgresWriterOptions): Promise<JournalWriter> {
  const writer = new PostgresWriter(options);
  await writer.reopen();
  return writer;
}

interface Connection {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly backend: Backend;
}

/** Enough to recognise a backend for certain. */
interface Backend {
  readonly pid: number;
  readonly startedAt: string;
}

/** Plans are made once; none of them may read a table from end to end. */
const sessionSettings = [
  'synchronous_commit = on',
  'plan_cache_mode = force_generic_plan',
  'enable_seqscan = off',
  'jit = off',
  'statement_timeout = 0',
  'lock_timeout = 0',
  `idle_in_transaction_session_timeout = ${limits.appendTimeoutMs}`,
];
const preparedAppend = 'hf_append_single';
const describeBackend =
  'SELECT pid, backend_start::text AS started FROM pg_stat_activity WHERE pid = pg_backend_pid()';

class PostgresWriter implements JournalWriter {
  #connection: Connection | null = null;
  /** Backends of lost connections that may still be at work. */
  readonly #leftBehind: Backend[] = [];
  #busy = false;
  #closed = false;
  /** Set by the server's warnings: what it then calls success is not. */
  #warning: string | null = null;
  readonly #options: PostgresWriterOptions;

  constructor(options: PostgresWriterOptions) {
    this.#options = options;
  }

  async append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    const parts = partsOf(batches);
    return this.#alone(async () => {
      const verdicts: AppendVerdict[] = [];
      for (const part of parts) verdicts.push(...(await this.#appendPart(part)));
      return verdicts;
    });
  }

  settle(batch: Batch): Promise<AppendVerdict> {
    return this.#alone(async () => {
      const verdict = await this.#appendOne(batch);
      if (verdict !== 'fenced') return verdict;
      const rows = await this.#query<[number, Buffer]>('hf-settle', settleLook, [
        batch.eventId,
        batch.batchNo,
      ]);
      if (rows.length === 0) return 'fenced';
      const [epoch, hash] = rows[0];
      return epoch === batch.epoch && hash.equals(batch.hash) ? 'appended' : 'fenced';
    });
  }

  async reopen(): Promise<void> {
    assert(!this.#busy, 'one append in flight');
    assert(!this.#closed, 'the writer is closed');
    this.#drop();
    const connection = await connect(this.#options);
    const { client } = connection;
    try {
      for (const backend of [...this.#leftBehind]) {
        const { pid, startedAt } = backend;
        const { applicationName } = this.#options;
        const which = [pid, applicationName, startedAt, limits.terminateWaitMs];
        await this.#inTime(connection, () => client.query(terminateBackend, which));
        this.#leftBehind.shift();
      }
      // Behind that: it waits for a table lock, which one of them may have or be waiting for.
      const prepare = `PREPARE ${preparedAppend} AS ${appendSingle}`;
      await this.#inTime(connection, () => client.query(prepare));
      assert(!this.#closed, 'the writer is closed');
    } catch (error) {
      connection.socket.destroy();
      this.#leftBehind.push(connection.backend);
      throw error;
    }
    const lost = () => {
      if (this.#connection === connection) this.#drop();
    };
    client.on('error', lost);
    client.on('end', lost);
    // Class 01: above all, that waiting for the synchronous standby was given up (G2).
    client.on('notice', (notice) => {
      if (notice.code?.startsWith('01') === true) this.#warning = notice.message ?? 'warning';
    });
    this.#connection = connection;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#connection?.client;
    this.#connection = null;
    await client?.end().catch(() => undefined);
  }

  /** Runs one operation; whatever goes wrong in it is a commit unknown and ends the connection. */
  async #alone<T>(operation: () => Promise<T>): Promise<T> {
    assert(!this.#busy, 'one append in flight');
    this.#busy = true;
    this.#warning = null;
    try {
      const result = await operation();
      if (this.#warning !== null) throw new Error(this.#warning);
      return result;
    } catch (error) {
      this.#drop();
      throw new CommitUnknown((error as Error).message, { cause: error });
    } finally {
      this.#busy = false;
    }
  }

  async #appendPart(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    try {
      const inserted = await this.#insert(batches);
      return batches.map(({ eventId }) => (inserted.has(eventId) ? 'appended' : 'fenced'));
    } catch (error) {
      if (!breaksARule(error)) throw error;
      const verdicts: AppendVerdict[] = [];
      for (const batch of batches) verdicts.push(await this.#appendOne(batch));
      return verdicts;
    }
  }

  async #appendOne(batch: Batch): Promise<AppendVerdict> {
    try {
      const inserted = await this.#insert([batch]);
      return inserted.has(batch.eventId) ? 'appended' : 'fenced';
    } catch (error) {
      if (breaksARule(error)) return 'rejected';
      throw error;
    }
  }

  async #insert(batches: readonly Batch[]): Promise<ReadonlySet<string | null>> {
    const inserted = await this.#inserted(batches);
    return new Set(inserted.map(([eventId]) => eventId));
  }

  #inserted(batches: readonly Batch[]): Promise<readonly TextRow[]> {
    if (!batches.every(isPlain)) {
      return this.#query<[string]>('hf-append-full', appendFull, fullValues(batches));
    }
    if (batches.length > 1) {
      return this.#query<[string]>('hf-append', appendPlain, plainValues(batches));
    }
    const call = new PreparedCall(preparedAppend, singleValues(batches[0]));
    return this.#inTime(this.#connected(), ({ client }) => client.query(call).rows);
  }

  async #query<Row extends unknown[]>(
    name: string,
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    const query = { name, text, values, rowMode: 'array' } as const;
    const connection = this.#connected();
    const { rows } = await this.#inTime(connection, ({ client }) => client.query<Row>(query));
    return rows;
  }

  #connected(): Connection {
    if (this.#connection === null) throw new Error('the connection to the journal is lost');
    return this.#connection;
  }

  /** W2. */
  async #inTime<T>(
    connection: Connection,
    operation: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const { clock, appendTimeoutMs } = this.#options;
    const cancelWatchdog = clock.after(appendTimeoutMs, () => {
      connection.socket.destroy(new Error(`no answer within ${appendTimeoutMs} ms`));
    });
    try {
      return await operation(connection);
    } finally {
      cancelWatchdog();
    }
  }

  #drop(): void {
    if (this.#connection === null) return;
    this.#connection.socket.destroy();
    this.#leftBehind.push(this.#connection.backend);
    this.#connection = null;
  }
}

async function connect(options: PostgresWriterOptions): Promise<Connection> {
  const { url, applicationName, clock, appendTimeoutMs } = options;
  const socket = new Socket();
  const client = new (clientOfPrimary(url))({
    connectionString: url,
    application_name: applicationName,
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    connectionTimeoutMillis: appendTimeoutMs,
  });
  // As W2: a line that dies between two of these is told by nothing else.
  const cancelWatchdog = clock.after(2 * appendTimeoutMs, () => {
    socket.destroy(new Error(`no connection within ${2 * appendTimeoutMs} ms`));
  });
  // Until the writer listens: a connection that breaks here is told by the failing query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    socket.setNoDelay(true);
    await client.query(sessionSettings.map((setting) => `SET ${setting}`).join(';'));
    const { rows } = await client.query<{ pid: number; started: string }>(describeBackend);
    return { client, socket, backend: { pid: rows[0].pid, startedAt: rows[0].started } };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    cancelWatchdog();
  }
}

/** Consecutive parts of bounded size; nearly always one. At most one batch of an event (J3). */
function partsOf(batches: readonly Batch[]): Batch[][] {
  const parts: Batch[][] = [];
  let bytes = Infinity;
  for (const batch of batches) {
    if (bytes + bytesOf(batch) > limits.appendBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts[parts.length - 1].push(batch);
    bytes += bytesOf(batch);
  }
  assert(
    batches.length < 2 || new Set(batches.map(({ eventId }) => eventId)).size === batches.length,
    'one batch of an event in a group',
  );
  return parts;
}

/**
 * Classes 22 (data) and 23 (integrity): the statement was rolled back, and the same batch would be
 * refused again. Every other error leaves the outcome open.
 */
function breaksARule(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}
