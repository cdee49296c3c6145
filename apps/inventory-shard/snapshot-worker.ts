import { parentPort, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { keptFolds, takeSnapshot } from '#libs/actor/snapshots.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { openPostgresJournal } from '#libs/journal/postgres-journal.js';
import { assert } from '#libs/platform/assert.js';
import { createLog } from '#libs/platform/log.js';
import type { SnapshotDone } from './snapshot-thread.js';

/** The thread of snapshot-thread.ts: folds the journal of one event after the other. */
const { databaseUrl, name } = workerData as { databaseUrl: string; name: string };
const port = parentPort;
assert(port !== null, 'runs as a worker thread');

const log = createLog({ name: `${name}-snapshots`, level: 'silent' });
const pool = openPool(databaseUrl, { applicationName: `${name}-snapshots`, max: 1 });
const journal = openPostgresJournal({ url: databaseUrl, poolMax: 1 });
const catalogue = createPostgresCatalogue(pool);

const folds = keptFolds();
/** A large event asks often: its snapshots take at most a fifth of the thread's time. */
const restUntilMs = new LRUCache<EventId, number>({ max: limits.snapshotsWaitingMax });

let previous: Promise<void> = Promise.resolve();
port.on('message', (eventId: EventId) => {
  previous = previous.then(async () => port.postMessage(await attempt(eventId)));
});

async function attempt(eventId: EventId): Promise<SnapshotDone> {
  const startedMs = performance.now();
  if (startedMs < (restUntilMs.get(eventId) ?? 0)) return { eventId, stored: false, error: null };
  try {
    const source = (id: EventId) => catalogue.inventoryOf(id);
    const stored = await takeSnapshot(journal, source, eventId, log, folds);
    const endedMs = performance.now();
    restUntilMs.set(eventId, endedMs + limits.snapshotRestTimes * (endedMs - startedMs));
    return { eventId, stored, error: null };
  } catch (error) {
    return { eventId, stored: false, error: String(error) };
  }
}
