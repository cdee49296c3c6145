import { limits } from '#libs/contracts/limits.js';
import { counted, line, phaseLines, quantiles } from './report.js';
import type { LoggedRecovery } from './shard-logs.js';
import { verdictLines, type OracleVerdict } from './verdict.js';

export interface HerdReport {
  readonly machine: string;
  /** Events of the shard when it was killed. */
  readonly owned: number;
  /** Per hot event: from the kill to the first acknowledged hold that was asked for after it. */
  readonly hotBackMs: readonly number[];
  readonly hotRecoveries: readonly LoggedRecovery[];
  /** Per cool event with a hold: how long after its deadline it ended. */
  readonly dueLateMs: readonly number[];
  readonly notEnded: number;
  /** Take-overs after the kill, and most of them under way at one moment, over all shards. */
  readonly recovered: number;
  readonly atOnceMax: number;
  readonly coolBeforeLastHot: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly oracle: OracleVerdict;
}

/** Two shards take over: the other one, and the killed one once it was started again. */
const atOnceBound = 2 * limits.activationsAtOnceMax;
const lateMsMax = 1_000;

export const herdPassed = (report: HerdReport): boolean =>
  report.oracle.wrong.length === 0 &&
  report.notEnded === 0 &&
  Object.keys(report.errors).length === 0 &&
  report.atOnceMax <= atOnceBound &&
  report.dueLateMs.every((ms) => ms >= 0 && ms <= lateMsMax);

export function herdLines(report: HerdReport): string[] {
  const { hotBackMs, dueLateMs } = report;
  return [
    report.machine,
    `kill -9 of a shard with ${report.owned} events`,
    '',
    `                                 p50     p90     p99     max   (ms)`,
    line(`hot events back (${hotBackMs.length})`, quantiles(hotBackMs)),
    ...phaseLines(report.hotRecoveries),
    line(`due holds ended late (${dueLateMs.length})`, quantiles(dueLateMs)),
    `due holds that did not end: ${report.notEnded}`,
    `take-overs: ${report.recovered}, at once at most ${report.atOnceMax} (bound ${atOnceBound})`,
    `cool events that came back before the last hot one: ${report.coolBeforeLastHot}`,
    `errors to buyers: ${counted(report.errors)}`,
    '',
    ...verdictLines(report.oracle),
  ];
}
