import type { LoggedRecovery } from './shard-logs.js';
import type { MoveTrial, Strike } from './trials.js';
import { verdictLines, type OracleVerdict } from './verdict.js';

export interface MovesReport {
  readonly machine: string;
  readonly holdsPerSecond: number;
  readonly moves: readonly MoveTrial[];
  /** Answers that were no success while events were moved. */
  readonly errorsInMoves: Readonly<Record<string, number>>;
  readonly kills: readonly Strike[];
  readonly stops: readonly Strike[];
  readonly errorsInStrikes: Readonly<Record<string, number>>;
  readonly oracle: OracleVerdict;
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
  report.moves.every(({ outcome }) => outcome === 'moved') &&
  report.stops.every(({ stale }) => stale === 0);

export function movesLines(report: MovesReport): string[] {
  const { moves, kills, stops, oracle } = report;
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
    ...strikeLines('kill -9', kills),
    ...strikeLines('SIGSTOP', stops),
    ...(stops.length === 0 ? [] : [zombieLine(stops)]),
    `answers other than success meanwhile: ${counted(report.errorsInStrikes)}`,
    '',
    ...verdictLines(oracle),
  ];
}

const phases = ['owner is gone', 'epoch, announce', 'snapshot, journal', 'the rest after it'];

/** The time to the next hold, and how much of it the new owner spent on what. */
function strikeLines(name: string, strikes: readonly Strike[]): string[] {
  if (strikes.length === 0) return [];
  const known = strikes.flatMap(({ recovery }) => recovery ?? []);
  return [
    line(`${name} to next hold (${strikes.length})`, quantiles(strikes.map(({ ms }) => ms))),
    ...phaseLines(known),
    line('  batches behind snapshot', quantiles(known.map(({ batches }) => batches))),
  ];
}

export const phaseLines = (recoveries: readonly LoggedRecovery[]): string[] =>
  phases.map((phase, i) =>
    line(`  ${phase}`, quantiles(recoveries.map(({ phasesMs }) => phasesMs[i]))),
  );

function zombieLine(stops: readonly Strike[]): string {
  const sum = (of: (strike: Strike) => number): number => stops.reduce((all, s) => all + of(s), 0);
  return (
    `after SIGCONT: asked ${sum(({ asked }) => asked)} times, ` +
    `${sum(({ stale }) => stale)} stale answers; gave the event up in ` +
    `${stops.filter(({ gaveUp }) => gaveUp).length} of ${stops.length}`
  );
}

export function line(name: string, { p50, p90, p99, max }: Quantiles): string {
  const cells = [p50, p90, p99, max].map((value) => value.toFixed(1).padStart(8));
  return `${name.padEnd(29)}${cells.join('')}`;
}

export function counted(errors: Readonly<Record<string, number>>): string {
  const entries = Object.entries(errors);
  return entries.length === 0
    ? '0'
    : entries.map(([status, count]) => `${count} x ${status}`).join(', ');
}
