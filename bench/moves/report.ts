import type { MoveTrial } from './trials.js';

export interface MovesReport {
  readonly machine: string;
  readonly holdsPerSecond: number;
  readonly moves: readonly MoveTrial[];
  /** Answers that were no success while events were moved. */
  readonly errorsInMoves: Readonly<Record<string, number>>;
  readonly killsMs: readonly number[];
  readonly stopsMs: readonly number[];
  readonly errorsInStrikes: Readonly<Record<string, number>>;
  readonly oracle: { readonly events: number; readonly wrong: readonly string[] };
}

export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest rank: the p99 of twenty is the largest. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

export const passed = (report: MovesReport): boolean =>
  report.oracle.wrong.length === 0 &&
  Object.keys(report.errorsInMoves).length === 0 &&
  report.moves.every(({ outcome }) => outcome === 'moved');

export function movesLines(report: MovesReport): string[] {
  const { moves, killsMs, stopsMs, oracle } = report;
  const pauses = moves.flatMap(({ pauseMs }) => pauseMs ?? []);
  const outcomes = [...new Set(moves.map(({ outcome }) => outcome))].map(
    (outcome) => `${moves.filter((move) => move.outcome === outcome).length} ${outcome}`,
  );
  return [
    report.machine,
    `${Math.round(report.holdsPerSecond)} holds and releases a second on all events`,
    '',
    `moves of the hot event: ${outcomes.join(', ')}`,
    `                                 p50     p90     p99     max   (ms)`,
    line('pause at the source', quantiles(pauses)),
    line('gap between acknowledgements', quantiles(moves.map(({ gapMs }) => gapMs))),
    `errors to buyers while moving: ${counted(report.errorsInMoves)}`,
    '',
    line(`kill -9 to next hold (${killsMs.length})`, quantiles(killsMs)),
    line(`SIGSTOP to next hold (${stopsMs.length})`, quantiles(stopsMs)),
    `answers other than success meanwhile: ${counted(report.errorsInStrikes)}`,
    '',
    `oracle: ${oracle.events} events, ${oracle.wrong.length === 0 ? 'clean' : 'NOT CLEAN'}`,
    ...oracle.wrong.slice(0, 10).map((problem) => `  ${problem}`),
  ];
}

function line(name: string, { p50, p90, p99, max }: Quantiles): string {
  const cells = [p50, p90, p99, max].map((value) => value.toFixed(1).padStart(8));
  return `${name.padEnd(29)}${cells.join('')}`;
}

function counted(errors: Readonly<Record<string, number>>): string {
  const entries = Object.entries(errors);
  return entries.length === 0
    ? '0'
    : entries.map(([status, count]) => `${count} x ${status}`).join(', ');
}
