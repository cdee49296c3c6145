import { spread, type Spread } from '../summary.js';

/** One run of a load generator against the bare server. */
export interface ComparedRun {
  readonly by: 'ours' | 'wrk';
  readonly method: 'GET' | 'POST';
  readonly connections: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** CPU of the server per request, which should not depend on who asks. null: not known. */
  readonly serverUs: number | null;
  /** Of a core; null: not told. */
  readonly generatorBusy: number | null;
}

export interface ComparedLine {
  readonly method: ComparedRun['method'];
  readonly connections: number;
  readonly rounds: number;
  readonly ours: Figures;
  readonly wrk: Figures;
  /** Requests a second of ours to those of wrk, round by round. */
  readonly ratio: Spread;
}

interface Figures {
  readonly perSecond: Spread;
  readonly errors: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly serverUs: number | null;
  readonly generatorBusy: number | null;
}

/** One line for each method and number of connections. */
export function comparedLines(runs: readonly ComparedRun[]): ComparedLine[] {
  const keys = [...new Set(runs.map(({ method, connections }) => `${method} ${connections}`))];
  return keys.map((key) => {
    const here = runs.filter(({ method, connections }) => `${method} ${connections}` === key);
    const [ours, wrk] = (['ours', 'wrk'] as const).map((by) => here.filter((run) => run.by === by));
    const ratios = ours.map(({ perSecond }, round) => perSecond / wrk[round].perSecond);
    const [{ method, connections }] = here;
    return {
      ...{ method, connections, rounds: ours.length },
      ...{ ours: figuresOf(ours), wrk: figuresOf(wrk), ratio: spread(ratios) },
    };
  });
}

function figuresOf(runs: readonly ComparedRun[]): Figures {
  const median = (of: (run: ComparedRun) => number): number => spread(runs.map(of)).median;
  const known = (of: (run: ComparedRun) => number | null): number | null => {
    const values = runs.flatMap((run) => of(run) ?? []);
    return values.length === 0 ? null : spread(values).median;
  };
  return {
    perSecond: spread(runs.map(({ perSecond }) => perSecond)),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
    p50Us: median(({ p50Us }) => p50Us),
    p99Us: median(({ p99Us }) => p99Us),
    serverUs: known(({ serverUs }) => serverUs),
    generatorBusy: known(({ generatorBusy }) => generatorBusy),
  };
}

export const comparedText = (lines: readonly ComparedLine[]): string[] =>
  lines.flatMap(({ method, connections, rounds, ours, wrk, ratio }) => [
    `${method}, ${connections} connections, ${rounds} rounds: ours to wrk ` +
      `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`,
    ...Object.entries({ ours, wrk }).map(([name, figures]) => `  ${figuresText(name, figures)}`),
  ]);

function figuresText(name: string, figures: Figures): string {
  const { perSecond, errors, p50Us, p99Us, serverUs, generatorBusy } = figures;
  const of = (value: number | null, shown: (known: number) => string): string =>
    value === null ? '' : shown(value);
  return [
    `${name.padEnd(4)} ${Math.round(perSecond.median).toLocaleString('en')}/s`,
    `p50 ${Math.round(p50Us)} us, p99 ${Math.round(p99Us)} us`,
    of(serverUs, (us) => `server ${us.toFixed(1)} us of CPU a request`),
    of(generatorBusy, (busy) => `itself ${Math.round(busy * 100)} % of a core`),
    errors === 0 ? '' : `${errors} ERRORS`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
