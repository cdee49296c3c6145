import { parentPort, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { keptFolds, takeSnapshot } from '#libs/actor/snapshots.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { assert } from '#libs/platform/assert.js';
import { createLog } from '#libs/platform/log.js';
import type { SnapshotDone } from './snapshot-thread.js';

/** The thread of snapshot-thread.ts: folds the journal of one event after the other. */
const { databaseUrl, name } = workerData as { databaseUrl: string; name: string };
const port = parentPort;
assert(port !== null, 'runs as a worker thread');

const log = createLog({ name: `${name}-snapshots`, level: 'silent' });
const pool = openPool(databaseUrl, {
  applicationName: `${name}-snapshots`,
  max: 1,
  answerWithinMs: limits.lookupTimeoutMs,
});
const journal = openPostgresJournal({ url: databaseUrl, poolMax: 1 });
const catalogue = createPostgresCatalogue(pool);
const factFormat = createPostgresFactFormat(pool);

const folds = keptFolds();
/**
 * A large event asks often: its snapshots take at most a fifth of the thread's time. Who asks while
 * it rests is served when the rest is over, so that the tail behind a snapshot stays short.
 */
const restUntilMs = new LRUCache<EventId, number>({ max: limits.snapshotsWaitingMax });

let previous: Promise<void> = Promise.resolve();
port.on('message', takeInTurn);

function takeInTurn(eventId: EventId): void {
  previous = previous.then(async () => {
    const restMs = (restUntilMs.get(eventId) ?? 0) - performance.now();
    if (restMs > 0) setTimeout(() => takeInTurn(eventId), restMs);
    else port?.postMessage(await attempt(eventId));
  });
}

async function attempt(eventId: EventId): Promise<SnapshotDone> {
  const startedMs = performance.now();
  try {
    const source = (id: EventId) => catalogue.inventoryOf(id);
    const factLevel = await factFormat.level();
    const stored = await takeSnapshot(journal, source, eventId, log, { folds, factLevel });
    restUntilMs.set(eventId, performance.now() + restAfter(eventId, startedMs));
    return { eventId, stored, error: null };
  } catch (error) {
    return { eventId, stored: false, error: String(error) };
  }
}

/** None after the first: it reads the whole event, which says nothing of those that go on. */
function restAfter(eventId: EventId, startedMs: number): number {
  if (!restUntilMs.has(eventId)) return 0;
  return limits.snapshotRestTimes * (performance.now() - startedMs);
}
