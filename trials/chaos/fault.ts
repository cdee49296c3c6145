import type { ChaosSystem } from './system.js';
import type { FaultName } from './fault-names.js';
import type { Seeded } from './seeded.js';

/** Something that breaks, for a while. */
export interface Fault {
  /** For people: `SIGSTOP shard-2`. */
  readonly what: string;
  /** How long it lasts; 0: it is over at once. */
  readonly lastsMs: number;
  begin(): Promise<void>;
  /** Undoes it; safe to call whatever begin() did. */
  end(): Promise<void>;
  /** What people still have to do while the sale goes on. */
  afterwards?(): Promise<void>;
}

export interface FaultContext {
  readonly system: ChaosSystem;
  readonly random: Seeded;
  /** Events that are on sale now. */
  readonly events: () => readonly string[];
}

/** A string: this machine does not allow it, and why. */
export type MakeFault = (context: FaultContext) => Fault | string | Promise<Fault>;

export type FaultTable = Readonly<Record<FaultName, MakeFault>>;
/** Those of one file. */
export type Faults<Names extends FaultName> = Readonly<Record<Names, MakeFault>>;

export const nothing = (): Promise<void> => Promise.resolve();

/** A fault that needs no undoing. */
export const blow = (what: string, begin: () => Promise<void> | void): Fault => ({
  what,
  lastsMs: 0,
  begin: async () => void (await begin()),
  end: nothing,
});
