import { spread, type Line, type Spread } from '../summary.js';

/** What one run of `npm run bench -- --json` says; of an older build as well. */
export interface BuildRun {
  readonly lines: readonly Line[];
}

export interface Comparison {
  readonly connections: number;
  readonly rounds: number;
  /** Microseconds of all processes but the load generator, per accepted hold. */
  readonly baseCpuUs: Spread;
  readonly thisCpuUs: Spread;
  /** This build over the base, round by round. */
  readonly cpuRatio: Spread;
  /** Accepted holds per second, this build over the base, round by round. */
  readonly rateRatio: Spread;
}

/** `base[i]` and `ours[i]` ran one after the other, each on a fresh system of its own. */
export function compareBuilds(
  base: readonly BuildRun[],
  ours: readonly BuildRun[],
): readonly Comparison[] {
  const connections = base[0].lines.filter(isHoldfast).map((line) => line.connections);
  return connections.map((count) => {
    const baseLines = base.map((run) => lineAt(run, count));
    const ourLines = ours.map((run) => lineAt(run, count));
    const baseUs = baseLines.map(cpuPerHold);
    const ourUs = ourLines.map(cpuPerHold);
    return {
      connections: count,
      rounds: base.length,
      baseCpuUs: spread(baseUs),
      thisCpuUs: spread(ourUs),
      cpuRatio: spread(ourUs.map((us, round) => us / baseUs[round])),
      rateRatio: spread(ourLines.map((line, round) => rate(line) / rate(baseLines[round]))),
    };
  });
}

export function comparisonLines(comparisons: readonly Comparison[]): string[] {
  return [
    'CPU us per accepted durable hold, load generator left out; median [min-max]',
    ...comparisons.map(
      ({ connections, rounds, baseCpuUs, thisCpuUs, cpuRatio, rateRatio }) =>
        `${String(connections).padStart(4)} connections  base ${figures(baseCpuUs, 1)}` +
        `  this ${figures(thisCpuUs, 1)}  ratio ${figures(cpuRatio, 3)}` +
        `  holds/s ratio ${figures(rateRatio, 3)}  (${rounds} rounds)`,
    ),
  ];
}

const isHoldfast = ({ server }: Line): boolean => server === 'holdfast';
const rate = ({ acceptedPerSecond }: Line): number => acceptedPerSecond.median;

function lineAt({ lines }: BuildRun, connections: number): Line {
  const found = lines.find((line) => isHoldfast(line) && line.connections === connections);
  if (found === undefined) throw new Error(`a run has no figures for ${connections} connections`);
  return found;
}

function cpuPerHold({ cpuUsPerHold }: Line): number {
  if (cpuUsPerHold === null) throw new Error('CPU per process cannot be told on this machine');
  return Object.entries(cpuUsPerHold).reduce(
    (sum, [name, us]) => (name === 'load generator' ? sum : sum + us),
    0,
  );
}

const figures = ({ median, min, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} [${min.toFixed(digits)}-${max.toFixed(digits)}]`;
