import { limits } from '#libs/contracts/limits.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import type { Batch } from '#libs/journal/journal.js';
import type { ActorSeed } from './actor-seed.js';
import type { OpenBatch } from './open-batch.js';

/**
 * Where an actor stands in its journal: the last durable batch and what follows from it. Makes the
 * next batch; moves on only when told that it is durable.
 */
export class JournalCursor {
  batchNo: number;
  hash: Uint8Array;
  factsSinceSnapshot: number;
  private batchesSinceSnapshot: number;
  private recordedWakeAtMs: number | null;

  constructor(private readonly seed: ActorSeed) {
    this.batchNo = seed.batchNo;
    this.hash = seed.hash;
    this.recordedWakeAtMs = seed.wakeAtMs;
    this.factsSinceSnapshot = seed.factsSinceSnapshot;
    this.batchesSinceSnapshot = seed.batchesSinceSnapshot;
  }

  /** `facts`: those of `content`, encoded. `wakeAtMs`: of the state with them folded in. */
  batchOf(content: OpenBatch, facts: Uint8Array, wakeAtMs: number | null, nowMs: number): Batch {
    const draft = {
      eventId: this.seed.eventId,
      batchNo: this.batchNo + 1,
      epoch: this.seed.epoch,
      firstSeq: content.firstSeq,
      lastSeq: content.firstSeq + content.facts.length - 1,
      prevHash: this.hash,
      facts,
      projection: content.projection(),
      wakeAtMs: this.changedWakeAt(wakeAtMs, nowMs),
    };
    // The spread comes last: V8 11 gives each object that grows behind a spread a shape of its own,
    // and whoever reads one later looks its fields up the slow way.
    return { hash: batchHash(this.hash, draft), ...draft };
  }

  durable(batch: Batch): void {
    this.batchNo = batch.batchNo;
    this.hash = batch.hash;
    if (batch.wakeAtMs !== undefined) this.recordedWakeAtMs = batch.wakeAtMs;
    this.factsSinceSnapshot += batch.lastSeq - batch.firstSeq + 1;
    this.batchesSinceSnapshot += 1;
  }

  /** True once each time the tail has grown too long to be replayed quickly. */
  takeSnapshotDue(): boolean {
    const due =
      this.factsSinceSnapshot >= limits.snapshotEveryFacts ||
      this.batchesSinceSnapshot >= limits.snapshotEveryBatches;
    if (due) this.factsSinceSnapshot = this.batchesSinceSnapshot = 0;
    return due;
  }

  get hasLongTail(): boolean {
    return (
      this.factsSinceSnapshot > limits.tailAtRestFacts ||
      this.batchesSinceSnapshot > limits.tailAtRestBatches
    );
  }

  /** The recorded wake time only has to be early enough; it is not moved for every hold. */
  private changedWakeAt(next: number | null, nowMs: number): number | null | undefined {
    const recorded = this.recordedWakeAtMs;
    if (recorded !== null && recorded <= nowMs) return next;
    if (next !== null && (recorded === null || next < recorded)) return next;
    return undefined;
  }
}
