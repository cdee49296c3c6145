import { faultNames, type FaultName } from './fault-names.js';

/** What became of one kind of fault over a run, as --json prints it. */
export interface KindOfFault {
  /** How often it was done. */
  readonly times: number;
  /** How often it was begun and could not be done, because something else was broken too. */
  readonly not_done: number;
  /**
   * Mean time from its end until every event on sale had an acknowledged hold again; null when it
   * was never done alone. One that is over at once (a kill) ends when it begins.
   */
  readonly recovers_ms: number | null;
  readonly recovers_ms_max: number | null;
  /** Why this machine does not allow it. */
  readonly unavailable?: string;
}

interface Entry {
  times: number;
  notDone: number;
  readonly recoveriesMs: number[];
}

/** Counts strikes and recoveries by kind. */
export class StrikeLog {
  /** What this machine does not allow, and why. */
  readonly unavailable = new Map<FaultName, string>();
  readonly #entries = new Map<FaultName, Entry>();

  constructor(private readonly names: readonly FaultName[]) {}

  get strikes(): number {
    return [...this.#entries.values()].reduce((sum, { times }) => sum + times, 0);
  }

  /** Kinds that could have been done and were not: the time was too short for them. */
  get undrawn(): FaultName[] {
    const was = (name: FaultName) => this.#of(name).times > 0 || this.unavailable.has(name);
    return this.names.filter((name) => !was(name));
  }

  done(name: FaultName): void {
    this.#of(name).times++;
  }

  notDone(name: FaultName): void {
    this.#of(name).notDone++;
  }

  recovered(name: FaultName, afterMs: number): void {
    this.#of(name).recoveriesMs.push(afterMs);
  }

  kinds(): Partial<Record<FaultName, KindOfFault>> {
    const all = faultNames.filter((name) => this.names.includes(name));
    return Object.fromEntries(all.map((name) => [name, this.#kindOf(name)]));
  }

  #kindOf(name: FaultName): KindOfFault {
    const { times, notDone, recoveriesMs } = this.#of(name);
    const reason = this.unavailable.get(name);
    const sum = recoveriesMs.reduce((total, ms) => total + ms, 0);
    const none = recoveriesMs.length === 0;
    return {
      times,
      not_done: notDone,
      recovers_ms: none ? null : Math.round(sum / recoveriesMs.length),
      recovers_ms_max: none ? null : Math.round(Math.max(...recoveriesMs)),
      ...(reason === undefined ? {} : { unavailable: reason }),
    };
  }

  #of(name: FaultName): Entry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { times: 0, notDone: 0, recoveriesMs: [] };
      this.#entries.set(name, entry);
    }
    return entry;
  }
}
