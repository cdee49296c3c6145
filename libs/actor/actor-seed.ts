import type { EventId, InventoryState } from '#libs/inventory/inventory.js';

/** What an actor starts from. */
export interface ActorSeed {
  readonly eventId: EventId;
  readonly epoch: number;
  /** As of batch `batchNo`. The actor is its only writer from now on. */
  readonly state: InventoryState;
  readonly batchNo: number;
  readonly hash: Uint8Array;
  /** What the ownership row says. */
  readonly wakeAtMs: number | null;
  readonly factsSinceSnapshot: number;
  readonly batchesSinceSnapshot: number;
}

/** The end of what an actor knows to be in the journal: a batch and its hash. */
export interface DurablePoint {
  readonly batchNo: number;
  readonly hash: Uint8Array;
}
