import type { CpuUse } from '../cpu-use.js';

/** What the two sides of a comparison are asked, and what they say. */
export interface TurnAsked {
  readonly connections: number;
  readonly measureMs: number;
}

export interface TurnTaken {
  /** Holds over the whole turn, for which the CPU time is. */
  readonly accepted: number;
  readonly perSecond: number;
  /** Refused, errors and time-outs: of a fair turn there are none. */
  readonly bad: number;
  /** By process; null: it cannot be told on this machine. */
  readonly cpuUs: CpuUse | null;
}
