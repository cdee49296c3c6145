import { limits } from '#libs/contracts/limits.js';
import {
  createState,
  evolve,
  FactReader,
  StateLoader,
  type EventId,
  type InventoryState,
} from '#libs/inventory/inventory.js';
import type { InventoryLayout, SaleRules } from '#libs/inventory/inventory.js';
import type { Journal, StoredBatch, StoredSnapshot } from '#libs/journal/journal.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import { assert } from '#libs/platform/assert.js';
import type { Log } from '#libs/platform/log.js';
import { wholeLoop, type LoopShare } from '#libs/platform/loop-share.js';
import { bytesUnits, digestInTurns } from './snapshot-digest.js';

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
 *
 * A shard has other events to serve meanwhile: what this takes of one turn of its loop is bounded
 * by its `share`, whatever the size of the event.
 */
export async function recover(
  journal: RecoverySource,
  request: RecoveryRequest,
  log: Log,
  share: LoopShare = wholeLoop,
): Promise<Recovered> {
  const start = await newestUsableSnapshot(journal, request, log, share);
  return recoverOn(journal, request.eventId, start, share);
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
  share: LoopShare = wholeLoop,
): Promise<Recovered> {
  const { batchNo, state, factsSinceSnapshot, batchesSinceSnapshot } = start;
  const { version } = state;
  const end = await catchUp(journal, eventId, start, share);
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
  share: LoopShare = wholeLoop,
): Promise<FoldPoint> {
  const { state } = start;
  let { batchNo, hash, epoch } = start;
  for await (const batch of journal.read(eventId, start.batchNo)) {
    if (!share.spend(bytesUnits(batch.facts.length))) await share.turn();
    checkLink(batch, batchNo, hash);
    const facts = new FactReader(batch.facts);
    while (!facts.isAtEnd) {
      const from = facts.position;
      const fact = facts.next();
      if (!share.spend(factUnits(facts.position - from))) await share.turn();
      evolve(state, fact);
    }
    assert(state.version === batch.lastSeq, `${batch.eventId}: batch ${batch.batchNo} miscounts`);
    batchNo = batch.batchNo;
    hash = batch.hash;
    epoch = batch.epoch;
  }
  return { state, batchNo, epoch, hash };
}

/** What it takes to read a fact of so many bytes and fold it: one may block a whole stadium. */
function factUnits(bytes: number): number {
  return Math.max(limits.loopUnitsPerFact, bytes / limits.loopFactBytesPerUnit);
}

async function newestUsableSnapshot(
  journal: RecoverySource,
  { eventId, layout, rules }: RecoveryRequest,
  log: Log,
  share: LoopShare,
): Promise<Recovered> {
  for await (const snapshot of journal.snapshots(eventId)) {
    const state = await tryLoad(snapshot, { layout, rules }, log, share);
    if (state === null) continue;
    const { batchNo, epoch, hash } = snapshot;
    return { state, batchNo, epoch, hash, ...nothingSince };
  }
  const state = createState(layout, rules);
  return { state, batchNo: 0, epoch: 0, hash: new Uint8Array(32), ...nothingSince };
}

const nothingSince = { factsSinceSnapshot: 0, batchesSinceSnapshot: 0 } as const;

async function tryLoad(
  snapshot: StoredSnapshot,
  { layout, rules }: Omit<RecoveryRequest, 'eventId'>,
  log: Log,
  share: LoopShare,
): Promise<InventoryState | null> {
  const { eventId: event, batchNo } = snapshot;
  try {
    if ((await digestInTurns(snapshot.state, share)) === snapshot.digest) {
      return await loadInTurns(snapshot.state, layout, rules, share);
    }
    log.error({ event, batchNo }, 'snapshot digest is wrong, passed over');
  } catch (error) {
    log.error({ event, batchNo, err: error }, 'snapshot is unreadable, passed over');
  }
  return null;
}

async function loadInTurns(
  bytes: Uint8Array,
  layout: InventoryLayout,
  rules: SaleRules,
  share: LoopShare,
): Promise<InventoryState> {
  if (!share.spend(layout.seatCount / limits.loopSeatsPerUnit)) await share.turn();
  const loader = new StateLoader(layout, rules, bytes);
  while (!loader.step(limits.loopEntriesAtOnce)) {
    if (!share.spend(limits.loopEntriesAtOnce)) await share.turn();
  }
  return loader.state;
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
