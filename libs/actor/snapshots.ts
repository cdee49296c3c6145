import { LRUCache } from 'lru-cache';
import { limits } from '#libs/contracts/limits.js';
import {
  encodeState,
  factLevelNewest,
  snapshotFormatAt,
  type EventId,
} from '#libs/inventory/inventory.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Log } from '#libs/platform/log.js';
import { recover, recoverOn, type Recovered, type RecoveryRequest } from './recovery.js';
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

/**
 * Folds that go on where they ended, so that the next snapshot of a hot event costs neither its own
 * reading nor its decoding. A fold that broke, or that the journal does not know, is not kept.
 */
export interface Folds {
  take(eventId: EventId): Recovered | undefined;
  keep(eventId: EventId, fold: Recovered): void;
}

const noFolds: Folds = { take: () => undefined, keep: () => undefined };

/** Keeps the last few: each is as large as the event in its owner's memory. */
export function keptFolds(): Folds {
  const kept = new LRUCache<EventId, Recovered>({
    max: limits.snapshotFoldsMax,
    ttl: limits.snapshotFoldKeptMs,
    ttlAutopurge: true,
  });
  return {
    take(eventId) {
      const fold = kept.get(eventId);
      kept.delete(eventId);
      return fold;
    },
    keep: (eventId, fold) => void kept.set(eventId, fold),
  };
}

export interface SnapshotOptions {
  /** None by default: each is read anew. */
  readonly folds?: Folds;
  /** Of facts, as they are written now: snapshots are written for the same readers. */
  readonly factLevel?: number;
}

/** True when a snapshot was stored. */
export async function takeSnapshot(
  journal: Journal,
  inventoryOf: InventorySource,
  eventId: EventId,
  log: Log,
  { folds = noFolds, factLevel = factLevelNewest }: SnapshotOptions = {},
): Promise<boolean> {
  const inventory = await inventoryOf(eventId);
  if (inventory === null) return false;
  const { layout, rules } = inventory;
  const before = folds.take(eventId);
  const recovered =
    before === undefined
      ? await recover(journal, { eventId, layout, rules }, log)
      : await recoverOn(journal, eventId, before);
  if (recovered.factsSinceSnapshot === 0) return false;
  const { batchNo, epoch, hash, state } = recovered;
  const bytes = encodeState(state, snapshotFormatAt(factLevel));
  const digest = snapshotDigest(bytes);
  const seq = state.version;
  const snapshot = { eventId, batchNo, epoch, seq, hash, digest, state: bytes };
  const stored = await journal.saveSnapshot(snapshot);
  if (stored) {
    folds.keep(eventId, { ...recovered, factsSinceSnapshot: 0, batchesSinceSnapshot: 0 });
  }
  return stored;
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
