import type { EventId } from '#libs/inventory/ids.js';
import type { Batch, Journal, JournalWriter, StoredBatch } from './journal.js';

/** What the feature suite needs of an implementation, beside the port. */
export interface JournalHarness {
  readonly journal: Journal;
  register(eventId: EventId, wakeAtMs: number | null): Promise<void>;
  /** Live sales, `seat booking`, ordered. */
  bookedSeats(eventId: EventId): Promise<readonly string[]>;
  /** `booking seats total live|cancelled`, in order of booking id. */
  bookings(eventId: EventId): Promise<readonly string[]>;
  /** `topic key payload`, in order of id. */
  outbox(eventId: EventId): Promise<readonly string[]>;
  /** The connection is lost before the next append is carried out, or before it is answered. */
  loseNext(when: 'before' | 'after'): void;
  close(): Promise<void>;
}

/** Where a feature is tried: a new event and an open writer. */
export interface Place {
  readonly harness: JournalHarness;
  readonly journal: Journal;
  readonly writer: JournalWriter;
  readonly eventId: EventId;
  readonly newEvent: (wakeAtMs?: number) => Promise<EventId>;
  /** Appends as one group and expects all of it to go in. */
  readonly appendOk: (...batches: Batch[]) => Promise<void>;
  readonly batchesOf: (eventId: EventId) => Promise<StoredBatch[]>;
}

/** A test, with its place. */
export type Feature = (title: string, body: (at: Place) => Promise<void>) => void;
