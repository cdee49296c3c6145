import { Worker } from 'node:worker_threads';
import type { Snapshotter } from '#libs/actor/snapshots.js';
import type { EventId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { Log } from '#libs/platform/log.js';

export interface SnapshotThreadOptions {
  readonly databaseUrl: string;
  readonly name: string;
  readonly log: Log;
}

/** What the thread tells: one event is done. */
export interface SnapshotDone {
  readonly eventId: EventId;
  readonly stored: boolean;
  readonly error: string | null;
}

/**
 * Snapshots in a thread of their own, one at a time, with their own database connections. A thread
 * that dies is started again at the next request: snapshots only make recovery faster.
 */
export function startSnapshotThread(options: SnapshotThreadOptions): Snapshotter {
  const { log } = options;
  const waiting = new Set<EventId>();
  let worker: Worker | null = null;
  let storedSoFar = 0;

  const start = (): Worker => {
    const { databaseUrl, name } = options;
    const workerData = { databaseUrl, name };
    const started = new Worker(new URL('./snapshot-worker.js', import.meta.url), { workerData });
    started.unref();
    started.on('message', ({ eventId, stored, error }: SnapshotDone) => {
      waiting.delete(eventId);
      if (stored) storedSoFar += 1;
      if (error !== null) log.warn({ event: eventId, error }, 'snapshot not taken');
    });
    started.on('error', (error) => log.error({ err: error }, 'snapshot thread died'));
    started.on('exit', () => {
      waiting.clear();
      if (worker === started) worker = null;
    });
    return started;
  };

  return {
    get stored() {
      return storedSoFar;
    },
    request(eventId) {
      if (waiting.has(eventId) || waiting.size >= limits.snapshotsWaitingMax) return;
      waiting.add(eventId);
      worker ??= start();
      worker.postMessage(eventId);
    },
    async close() {
      await worker?.terminate();
    },
  };
}
