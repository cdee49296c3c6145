import type { NotRun } from '../peers/competitor.js';
import type { ContestLine } from '../peers/contest-lines.js';
import type { Machine } from '../machine.js';
import type { Spread } from '../summary.js';

/** Everything that one run of the suite found out; the HTML page and the tables are made of it. */
export interface SuiteReport {
  readonly command: string;
  readonly at: string;
  readonly machine: Machine;
  /** Of what took part beside Node and Postgres. */
  readonly versions: Readonly<Record<string, string>>;
  /** How the rounds were held, in sentences. */
  readonly method: readonly string[];
  readonly contests: readonly ContestLine[];
  readonly sweeps: readonly SweepLine[];
  readonly figures: readonly Figure[];
  readonly notRun: readonly NotRun[];
  readonly notMeasured: readonly string[];
}

/** One setting of a peer, tried before the rounds. */
export interface SweepLine {
  readonly competitor: string;
  readonly setting: string;
  readonly acceptedPerSecond: number;
  readonly best: boolean;
}

/** A number that is no contest, with what it should be. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: Spread;
  readonly target: Target | null;
}

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Of the middle; that its band reaches over the line is not enough. */
export function isMet(value: Spread, { atLeast = -Infinity, atMost = Infinity }: Target): boolean {
  return value.median >= atLeast && value.median <= atMost;
}

/** Holdfast in another form: nobody's competitor. */
export const isOwn = (competitor: string): boolean => competitor.startsWith('holdfast');

/** Where Holdfast loses: what keeps something, and accepted more in the same rounds. */
export function losses({ contests }: Pick<SuiteReport, 'contests'>): ContestLine[] {
  return contests.filter(
    ({ competitor, holdfastRatio, duePerSecond, durability }) =>
      !isOwn(competitor) &&
      durability !== 'none' &&
      holdfastRatio !== null &&
      duePerSecond === null &&
      holdfastRatio.median < 1,
  );
}

export const notMeasured: readonly string[] = [
  'A power cut: fsync is asked for and counted, the disk of a virtual machine may still lie.',
  'Machines apart: everything shares these cores, the load generator too.',
  'A standby of Postgres or a replica of Redis: each store is one process.',
  'Other rules than the ones a row names; who the buyer is is checked by Holdfast alone.',
  'Cloudflare Durable Objects on workerd, and Restate: no row of theirs is in this suite.',
];
