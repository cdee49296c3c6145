import type { EventId } from '#libs/inventory/inventory.js';
import type { Reply, SeatDiff } from '#libs/contracts/wire.js';
import type { AppendVerdict } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Mail } from './mail.js';

/** What an actor asks of its host. All calls are synchronous and return at once. */
export interface ActorPorts<Actor> {
  readonly incarnation: string;
  readonly clock: Clock;
  /** At which facts are written; may rise between two batches. */
  readonly factLevel: { readonly written: number };
  wantCommit(actor: Actor): void;
  /** A timer is due; the host runs a turn when its lease allows. */
  wake(actor: Actor): void;
  publishDiff(diff: SeatDiff): void;
  /** The tail has grown long: somebody should fold it, off the hot path. */
  wantSnapshot(eventId: EventId): void;
  /** `undurable`: commands that were decided in vain. */
  lost(actor: Actor, verdict: Exclude<AppendVerdict, 'appended'>, undurable: readonly Mail[]): void;
  /** The command that broke a turn, before the turn throws. */
  broke(mail: Mail): void;
  /** Dropped undecided, past its deadline. */
  tooLate(mail: Mail): void;
  /** They arrived longer ago than limits.slowCommandMs, and are answered only now. */
  slow(eventId: EventId, mails: readonly Mail[], oldestMs: number): void;
  /** One that is traced has its answer, and what it waited for last. */
  traced(mail: Mail, reply: Reply, commit: TracedCommit | null): void;
  /** A command whose id was answered before: nothing was done again (G4). */
  countReplayed(): void;
  /** How long after its time something fell due in a turn, milliseconds (G3). */
  observeLateness(ms: number): void;
}

/** The append behind which an answer waited. */
export interface TracedCommit {
  readonly batchNo: number;
  /** Monotonic milliseconds; when the batch was closed for it. */
  readonly sealedAtMs: number;
}
