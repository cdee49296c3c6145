import pg from 'pg';
import type { EventId } from '#libs/inventory/ids.js';
import { plainValues, singleValues } from '#libs/journal/append-values.js';
import { batchAfter } from '#libs/journal/testing/journal.fixtures.js';
import type { Batch, Tail, TakeOver } from '#libs/journal/journal.js';
import { batchOf, type BatchRow } from '#libs/journal/rows.js';
import { announce, appendPlain, appendSingle, compareAndSetOwner } from '#libs/journal/sql.js';

/**
 * Owners that fight over a few events with real statements on real connections. Each believes what
 * it last heard, sends up to three groups before the first is answered, and takes events from the
 * others all the time. What is acknowledged and who served when is written down; findViolations()
 * compares it with the journal afterwards.
 *
 * The statements are parameters, so that a test can take a guard away and see that it was needed.
 */
export interface Statements {
  readonly appendGroup: string;
  readonly appendSingle: string;
  readonly announce: string;
  readonly compareAndSet: string;
}

export const productionStatements: Statements = {
  appendGroup: appendPlain,
  appendSingle,
  announce,
  compareAndSet: compareAndSetOwner,
};

/** Where an owner begins to serve: everything up to this batch is folded into its state. */
export interface Term {
  readonly eventId: EventId;
  readonly epoch: number;
  readonly tail: Tail;
}

/** Null: the take-over was lost. */
export type Taker = (request: TakeOver) => Promise<Term | null>;

export interface Evidence {
  readonly terms: Term[];
  /** Batches that an owner was told are in the journal. */
  readonly acknowledged: Batch[];
  /** Appends that were refused for one event. */
  fenced: number;
  /** Appends that failed as a whole. */
  readonly failures: string[];
}

export interface TortureOptions {
  readonly url: string;
  readonly events: readonly EventId[];
  readonly owners: number;
  readonly statements: Statements;
  readonly taker: Taker;
  readonly evidence: Evidence;
  /** Asked before each burst. */
  readonly goesOn: () => boolean;
}

export const newEvidence = (): Evidence => ({
  terms: [],
  acknowledged: [],
  fenced: 0,
  failures: [],
});

export async function torture(options: TortureOptions): Promise<void> {
  const owners = Array.from({ length: options.owners }, (_, index) => runOwner(index, options));
  await Promise.all(owners);
}

async function runOwner(index: number, options: TortureOptions): Promise<void> {
  const { evidence, events } = options;
  const client = new pg.Client({
    connectionString: options.url,
    pipeline: true,
    // The plans of a shard's writer.
    options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
  });
  await client.connect();
  const tails = new Map<EventId, Tail>();
  for (let burst = index; options.goesOn(); burst++) {
    const eventId = events[Math.floor(Math.random() * events.length)];
    if (!tails.has(eventId)) {
      const fromEpoch = await epochOf(client, eventId);
      const term = await options.taker({ eventId, incarnation: `shard-${index}`, fromEpoch });
      if (term === null) continue;
      evidence.terms.push(term);
      tails.set(eventId, term.tail);
    }
    await sendBurst(client, options, tails, 1 + (burst % 3));
  }
  await client.end();
}

async function epochOf(client: pg.Client, eventId: EventId): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(
    'SELECT epoch FROM ownership WHERE event_id = $1',
    [eventId],
  );
  return rows[0].epoch;
}

/** Groups that build on one another, all sent before the first answer. */
async function sendBurst(
  client: pg.Client,
  { statements, evidence }: TortureOptions,
  tails: Map<EventId, Tail>,
  depth: number,
): Promise<void> {
  const lost = new Set<EventId>();
  const send = async (group: readonly Batch[]) => {
    try {
      const { rows } = await client.query<{ event_id: EventId }>(appendOf(statements, group));
      const inserted = new Set(rows.map((row) => row.event_id));
      for (const batch of group) {
        if (inserted.has(batch.eventId)) evidence.acknowledged.push(batch);
        else lost.add(batch.eventId);
      }
    } catch (error) {
      evidence.failures.push((error as Error).message);
      for (const { eventId } of group) lost.add(eventId);
    }
  };
  const answers = Array.from({ length: depth }, async () => {
    const group = [...tails].map(([eventId, tail]) => batchAfter(tail, eventId));
    for (const batch of group) tails.set(batch.eventId, batch);
    // Bursts of two go event by event, so that both statements are at work.
    await Promise.all(depth === 2 ? group.map((batch) => send([batch])) : [send(group)]);
  });
  await Promise.all(answers);
  evidence.fenced += lost.size;
  for (const eventId of lost) tails.delete(eventId);
}

/** Through the driver, which alone can have several on their way. */
function appendOf(statements: Statements, group: readonly Batch[]): pg.QueryConfig {
  const [batch] = group;
  return group.length === 1
    ? { name: 'single', text: statements.appendSingle, values: [...singleValues(batch)] }
    : { name: 'group', text: statements.appendGroup, values: plainValues(group) };
}

/**
 * The steps of a take-over and nothing else: no second looks in between, so that only the
 * statements stand between the owners. `wins` gets a line for each epoch won.
 */
export function plainTaker(pool: pg.Pool, statements: Statements, wins: string[]): Taker {
  return async ({ eventId, incarnation, fromEpoch }) => {
    const epoch = fromEpoch + 1;
    const set = await pool.query(statements.compareAndSet, [eventId, incarnation, fromEpoch]);
    if (set.rowCount !== 1) return null;
    wins.push(`${eventId} ${epoch}`);
    const { rows } = await pool.query<BatchRow>(statements.announce, [eventId, epoch, 20]);
    return rows.length === 0 ? null : { eventId, epoch, tail: batchOf(rows[0]) };
  };
}

/** Serves right after the compare-and-set, from whatever it reads. */
export function tooEagerTaker(pool: pg.Pool): Taker {
  return async ({ eventId, incarnation, fromEpoch }) => {
    const epoch = fromEpoch + 1;
    const set = await pool.query(compareAndSetOwner, [eventId, incarnation, fromEpoch]);
    const tail = await tailOf(pool, eventId);
    if (set.rowCount !== 1 || tail === null) return null;
    return { eventId, epoch, tail: { ...tail, epoch } };
  };
}

async function tailOf(pool: pg.Pool, eventId: EventId): Promise<Tail | null> {
  const { rows } = await pool.query<Tail>(
    `SELECT batch_no AS "batchNo", epoch, last_seq AS "lastSeq", hash FROM journal
     WHERE event_id = $1 ORDER BY batch_no DESC LIMIT 1`,
    [eventId],
  );
  return rows[0] ?? null;
}
