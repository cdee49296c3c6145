import { encodeState, type EventId } from '#libs/inventory/inventory.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Log } from '#libs/platform/log.js';
import { recover, type RecoveryRequest } from './recovery.js';
import { snapshotDigest } from './snapshot-digest.js';

/**
 * Takes snapshots of hot events while they sell. Encoding a big event takes tens of milliseconds,
 * far too long for a turn, so it is not done from the actor's memory at all: somebody else (a
 * worker thread in production) folds the journal as far as it is durable and stores that. Such a
 * snapshot is of committed state by construction, and it is checked against the journal's hash
 * chain on the way.
 */
export interface Snapshotter {
  /** Best effort: a request while one runs for the same event is dropped. */
  request(eventId: EventId): void;
  /** How many were stored so far. */
  readonly stored: number;
  close(): Promise<void>;
}

/** Where the fold starts: the event's plan and rules, null when the event is unknown. */
export type InventorySource = (
  eventId: EventId,
) => Promise<Omit<RecoveryRequest, 'eventId'> | null>;

/** True when a snapshot was stored. */
export async function takeSnapshot(
  journal: Journal,
  inventoryOf: InventorySource,
  eventId: EventId,
  log: Log,
): Promise<boolean> {
  const inventory = await inventoryOf(eventId);
  if (inventory === null) return false;
  const { layout, rules } = inventory;
  const recovered = await recover(journal, { eventId, layout, rules }, log);
  if (recovered.factsSinceSnapshot === 0) return false;
  const { batchNo, epoch, hash, state } = recovered;
  const bytes = encodeState(state);
  const digest = snapshotDigest(bytes);
  const seq = state.version;
  return journal.saveSnapshot({ eventId, batchNo, epoch, seq, hash, digest, state: bytes });
}

/** In the same thread: for tests, the simulator and small venues. */
export function createInlineSnapshotter(
  journal: Journal,
  inventoryOf: InventorySource,
  log: Log,
): Snapshotter {
  const running = new Map<EventId, Promise<void>>();
  let stored = 0;
  return {
    get stored() {
      return stored;
    },
    request(eventId) {
      if (running.has(eventId)) return;
      const work = takeSnapshot(journal, inventoryOf, eventId, log).then(
        (done) => {
          if (done) stored += 1;
        },
        (error: unknown) => log.warn({ event: eventId, err: error }, 'snapshot not taken'),
      );
      running.set(
        eventId,
        work.finally(() => running.delete(eventId)),
      );
    },
    async close() {
      await Promise.all(running.values());
    },
  };
}
