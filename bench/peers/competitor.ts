import type { TestPostgres } from '#libs/testing/postgres.js';
import type { FoundSystem } from '#ops/system/own-system.js';
import type { OneCore } from '../bare.js';
import type { BenchEvents } from '../bench-events.js';
import type { NamedProcess } from '../cpu-use.js';

/**
 * A system that sells the bench's seats over HTTP, from outside: what the rounds drive, measure and
 * ask. Holdfast is one, each peer is one, and the bare server is one that keeps nothing.
 */
export interface Competitor {
  readonly name: string;
  readonly title: string;
  /** What is safe when a hold is answered, and what a hold has. */
  readonly durability: string;
  readonly job: string;
  /** In words: how it is tuned. */
  readonly setting: string;
  readonly claimsSafety: boolean;
  readonly port: number;
  /** Header lines of its own buyers; absent: those of the run, whom it knows. */
  readonly users?: readonly (readonly string[])[];
  /** Whose CPU is a hold's; empty: not told. */
  readonly processes: readonly NamedProcess[];
  /** An event of `benchSeats` free seats, ready to be sold. */
  addEvent(): Promise<string>;
  /** Seats of the event that its own store says are held; null: it keeps nothing. */
  held(eventId: string): Promise<number | null>;
  /** What else its own evidence says is wrong with the event; empty: nothing. */
  wrongIn(eventId: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** What cannot run here, and why: it is in the report as `not run`. */
export interface NotRun {
  readonly name: string;
  readonly title: string;
  readonly reason: string;
}

/** What all competitors of one run share. */
export interface Place {
  readonly holdfast: FoundSystem;
  readonly events: BenchEvents;
  /** A Postgres for the peers alone, with the settings of Holdfast's. */
  readonly postgres: Pick<TestPostgres, 'url' | 'pid'>;
  /** A folder on the disk that has the database. */
  readonly folder: string;
  /** The gateway's core, and each front's in its turn; null: nothing is pinned. */
  readonly core: OneCore | null;
  /** Body of an accepted hold. */
  readonly answer: string;
}
