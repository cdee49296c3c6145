import type { EventId, InventoryState } from '#libs/inventory/inventory.js';
import type { SeatDiff } from '#libs/contracts/wire.js';
import type { AppendVerdict } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { EventActor } from './event-actor.js';

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

/** What an actor asks of its host. All calls are synchronous and return at once. */
export interface ActorPorts {
  readonly incarnation: string;
  readonly clock: Clock;
  wantCommit(actor: EventActor): void;
  /** A timer is due; the host runs a turn when its lease allows. */
  wake(actor: EventActor): void;
  publishDiff(diff: SeatDiff): void;
  /** The tail has grown long: somebody should fold it, off the hot path. */
  wantSnapshot(eventId: EventId): void;
  lost(actor: EventActor, verdict: Exclude<AppendVerdict, 'appended'>): void;
  countTooLate(): void;
  /** A command whose id was answered before: nothing was done again (G4). */
  countReplayed(): void;
  /** How long after its time something fell due in a turn, milliseconds (G3). */
  observeLateness(ms: number): void;
}
