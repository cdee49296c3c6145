import { spread, type Spread } from '../summary.js';
import type { TurnTaken } from './turn.js';

/** One turn of each build, one right after the other. */
export interface Round {
  readonly connections: number;
  readonly base: TurnTaken;
  readonly ours: TurnTaken;
}

/** The rounds of two systems that ran side by side. */
export type Pair = readonly Round[];

export interface Comparison {
  readonly connections: number;
  readonly pairs: number;
  /** Refused, errors and time-outs of both builds: of a fair comparison there are none. */
  readonly bad: number;
  /** Microseconds of all processes but the load generator, per accepted hold; by pair. */
  readonly baseCpuUs: Spread;
  readonly thisCpuUs: Spread;
  /** This build over the base: the median of a pair's rounds, by pair. */
  readonly cpuRatio: Spread;
  /** Accepted holds per second, this build over the base, likewise. */
  readonly rateRatio: Spread;
  /** The same by process, for those that both have: the median over the pairs. */
  readonly byProcess: readonly (readonly [name: string, baseUs: number, thisUs: number])[];
}

/**
 * Two systems of one build differ by some 5 % of their own accord, so pairs of fresh ones are
 * compared; within a pair the machine is the same for both, so what counts is the ratio of turns
 * that stand side by side.
 */
export function compareBuilds(pairs: readonly Pair[]): readonly Comparison[] {
  const counts = [...new Set(pairs[0].map(({ connections }) => connections))];
  return counts.map((connections) => {
    const of = (value: (round: Round) => number): Spread =>
      spread(
        pairs.map((pair) => median(pair.filter((r) => r.connections === connections).map(value))),
      );
    return {
      connections,
      pairs: pairs.length,
      bad: badOf(pairs.flat().filter((round) => round.connections === connections)),
      baseCpuUs: of(({ base }) => cpuPerHold(base)),
      thisCpuUs: of(({ ours }) => cpuPerHold(ours)),
      cpuRatio: of(({ base, ours }) => cpuPerHold(ours) / cpuPerHold(base)),
      rateRatio: of(({ base, ours }) => ours.perSecond / base.perSecond),
      byProcess: processNames(pairs).map((name) => [
        name,
        of(({ base }) => usOf(base, name) / base.accepted).median,
        of(({ ours }) => usOf(ours, name) / ours.accepted).median,
      ]),
    };
  });
}

export function comparisonLines(comparisons: readonly Comparison[]): string[] {
  return [
    'CPU us per accepted durable hold, load generator left out; median of pairs [min-max]',
    ...comparisons.flatMap(
      ({ connections, pairs, bad, baseCpuUs, thisCpuUs, cpuRatio, rateRatio, byProcess }) => [
        `${String(connections).padStart(4)} connections  base ${figures(baseCpuUs, 1)}` +
          `  this ${figures(thisCpuUs, 1)}  ratio ${figures(cpuRatio, 3)}` +
          `  holds/s ratio ${figures(rateRatio, 3)}  (${pairs} pairs, ${bad} not accepted)`,
        ...byProcess.map(processLine),
      ],
    ),
  ];
}

const processLine = ([name, baseUs, thisUs]: Comparison['byProcess'][number]): string =>
  `       ${name.padEnd(16)} ${baseUs.toFixed(1).padStart(6)} ${thisUs.toFixed(1).padStart(6)}`;

const badOf = (rounds: readonly Round[]): number =>
  rounds.reduce((sum, { base, ours }) => sum + base.bad + ours.bad, 0);

const generator = 'load generator';

function cpuPerHold({ cpuUs, accepted }: TurnTaken): number {
  if (cpuUs === null) throw new Error('CPU per process cannot be told on this machine');
  const all = Object.entries(cpuUs).filter(([name]) => name !== generator);
  return all.reduce((sum, [, us]) => sum + us, 0) / accepted;
}

const usOf = ({ cpuUs }: TurnTaken, name: string): number => cpuUs?.[name] ?? 0;

function processNames(pairs: readonly Pair[]): readonly string[] {
  const [{ base, ours }] = pairs[0];
  const inBoth = Object.keys(ours.cpuUs ?? {}).filter((name) => name in (base.cpuUs ?? {}));
  return inBoth.filter((name) => name !== generator);
}

const median = (values: readonly number[]): number => spread(values).median;

const figures = ({ median: middle, min, max }: Spread, digits: number): string =>
  `${middle.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`;
