import type { HoldTimes } from '../seats/buyers.js';
import { spread, type Spread } from '../summary.js';
import type { Kind } from './kinds.js';

/** A stretch of a sale without the neighbour, and one beside him. */
export interface NeighbourRound {
  readonly without: HoldTimes;
  readonly beside: HoldTimes;
  /** The most memory of either stretch. */
  readonly peakBytes: readonly [number, number];
  readonly asked: number;
  /** Of these, what was not refused; what counts is the neighbour's. */
  readonly served: number;
}

export interface KindRounds {
  readonly kind: Kind;
  readonly rounds: readonly NeighbourRound[];
}

/** What one address may cost others, see docs/security.md. */
export const movedMsMax = 50;
export const aboveBytesMax = 64 * 1024 * 1024;

const movedMs = ({ rounds }: KindRounds, of: (times: HoldTimes) => number): number =>
  spread(rounds.map(({ without, beside }) => of(beside) - of(without))).median;

/** What a round left behind stays resident in the next: one baseline, from before the first. */
function aboveBytes({ rounds }: KindRounds): Spread {
  const [before] = rounds[0].peakBytes;
  return spread(rounds.map(({ peakBytes: [, beside] }) => beside - before));
}

/** The kinds that cost others more than one address may. */
export function overBound(all: readonly KindRounds[]): Kind[] {
  const isOver = (of: KindRounds): boolean =>
    movedMs(of, ({ p99Ms }) => p99Ms) >= movedMsMax ||
    aboveBytes(of).max >= aboveBytesMax ||
    of.rounds.some(({ beside }) => beside.failed > 0);
  return all.filter(isOver).map(({ kind }) => kind);
}

/** The kinds that were refused all they asked for in a round: nothing was measured. */
export const unserved = (all: readonly KindRounds[]): Kind[] =>
  all.filter(({ rounds }) => rounds.some(({ served }) => served === 0)).map(({ kind }) => kind);

const columns = [
  'the address asks for',
  'times',
  'served',
  'p50 moved, ms',
  'p99 moved, ms',
  'p99 beside it',
  'MiB above',
  'failed',
];

/** A table in Markdown, one line for each kind. */
export function neighbourLines(all: readonly KindRounds[]): string[] {
  const ms = (value: number): string => value.toFixed(1);
  const lines = all.map((of) => {
    const p99 = spread(of.rounds.map(({ beside }) => beside.p99Ms));
    const above = aboveBytes(of);
    const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
    const cells = [
      of.kind,
      of.rounds.reduce((sum, { asked }) => sum + asked, 0),
      of.rounds.reduce((sum, { served }) => sum + served, 0),
      ms(movedMs(of, ({ p50Ms }) => p50Ms)),
      ms(movedMs(of, ({ p99Ms }) => p99Ms)),
      `${ms(p99.median)} (${ms(p99.min)} to ${ms(p99.max)})`,
      `${mib(above.median)} (${mib(above.min)} to ${mib(above.max)})`,
      of.rounds.reduce((sum, { beside }) => sum + beside.failed, 0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [`| ${columns.join(' | ')} |`, `| ${columns.map(() => '---').join(' | ')} |`, ...lines];
}
