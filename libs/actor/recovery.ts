import {
  createState,
  decodeFacts,
  decodeState,
  evolve,
  type EventId,
  type InventoryState,
} from '#libs/inventory/inventory.js';
import type { InventoryLayout, SaleRules } from '#libs/inventory/inventory.js';
import type { Journal, StoredBatch, StoredSnapshot } from '#libs/journal/journal.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import { assert } from '#libs/platform/assert.js';
import type { Log } from '#libs/platform/log.js';
import { snapshotDigest } from './snapshot-digest.js';

/** What recovery needs of a journal. */
export type RecoverySource = Pick<Journal, 'read' | 'snapshots'>;

/** An event as its journal has it, at the end of batch `batchNo`. */
export interface Recovered {
  readonly state: InventoryState;
  readonly batchNo: number;
  readonly epoch: number;
  readonly hash: Uint8Array;
  /** How far behind the newest usable snapshot is. */
  readonly factsSinceSnapshot: number;
  readonly batchesSinceSnapshot: number;
}

export interface RecoveryRequest {
  readonly eventId: EventId;
  readonly layout: InventoryLayout;
  readonly rules: SaleRules;
}

/**
 * Snapshot and tail to a state. A snapshot whose digest is wrong, or which this build cannot
 * read, is passed over for an older one and in the end for the whole journal: slower, never wrong
 * (G9). A broken chain is a bug or tampering and stops the event.
 */
export async function recover(
  journal: RecoverySource,
  request: RecoveryRequest,
  log: Log,
): Promise<Recovered> {
  const start = await newestUsableSnapshot(journal, request, log);
  return recoverOn(journal, request.eventId, start);
}

/**
 * Goes on from what was recovered before. A taker folds the journal while it still announces
 * itself, and then only what came in between: batches that are durable do not change, and the
 * chain of hashes runs on over the seam.
 */
export async function recoverOn(
  journal: RecoverySource,
  eventId: EventId,
  start: Recovered,
): Promise<Recovered> {
  const { batchNo, state, factsSinceSnapshot, batchesSinceSnapshot } = start;
  const { version } = state;
  const end = await catchUp(journal, eventId, start);
  return {
    factsSinceSnapshot: factsSinceSnapshot + end.state.version - version,
    batchesSinceSnapshot: batchesSinceSnapshot + end.batchNo - batchNo,
    ...end,
  };
}

/** Where a fold of the journal has come to. */
export type FoldPoint = Pick<Recovered, 'state' | 'batchNo' | 'epoch' | 'hash'>;

/** Folds what the journal has behind `start` into its state, in place. */
export async function catchUp(
  journal: RecoverySource,
  eventId: EventId,
  start: FoldPoint,
): Promise<FoldPoint> {
  const { state } = start;
  let { batchNo, hash, epoch } = start;
  for await (const batch of journal.read(eventId, start.batchNo)) {
    checkLink(batch, batchNo, hash);
    for (const fact of decodeFacts(batch.facts)) evolve(state, fact);
    assert(state.version === batch.lastSeq, `${batch.eventId}: batch ${batch.batchNo} miscounts`);
    batchNo = batch.batchNo;
    hash = batch.hash;
    epoch = batch.epoch;
  }
  return { state, batchNo, epoch, hash };
}

async function newestUsableSnapshot(
  journal: RecoverySource,
  { eventId, layout, rules }: RecoveryRequest,
  log: Log,
): Promise<Recovered> {
  for await (const snapshot of journal.snapshots(eventId)) {
    const state = tryDecode(snapshot, layout, rules, log);
    if (state === null) continue;
    const { batchNo, epoch, hash } = snapshot;
    return { state, batchNo, epoch, hash, ...nothingSince };
  }
  const state = createState(layout, rules);
  return { state, batchNo: 0, epoch: 0, hash: new Uint8Array(32), ...nothingSince };
}

const nothingSince = { factsSinceSnapshot: 0, batchesSinceSnapshot: 0 } as const;

function tryDecode(
  snapshot: StoredSnapshot,
  layout: InventoryLayout,
  rules: SaleRules,
  log: Log,
): InventoryState | null {
  const { eventId: event, batchNo } = snapshot;
  try {
    if (snapshotDigest(snapshot.state) === snapshot.digest) {
      return decodeState(layout, rules, snapshot.state);
    }
    log.error({ event, batchNo }, 'snapshot digest is wrong, passed over');
  } catch (error) {
    log.error({ event, batchNo, err: error }, 'snapshot is unreadable, passed over');
  }
  return null;
}

function checkLink(batch: StoredBatch, previousNo: number, previousHash: Uint8Array): void {
  const where = `${batch.eventId}: batch ${batch.batchNo}`;
  assert(batch.batchNo === previousNo + 1, `${where} does not follow ${previousNo}`);
  assert(equalBytes(batch.prevHash, previousHash), `${where} breaks the hash chain`);
  assert(equalBytes(batchHash(batch.prevHash, batch), batch.hash), `${where} was altered`);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
