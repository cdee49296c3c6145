import type { CpuUse } from './cpu-use.js';
import type { Latency } from './load/plan.js';
import type { Run } from './rounds.js';

/** The median of several rounds, with the worst and the best beside it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Line {
  readonly connections: number;
  readonly server: Run['server'];
  readonly rounds: number;
  readonly acceptedPerSecond: Spread;
  readonly refused: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Of the bare server's rate in the round before: the median of the rounds. */
  readonly ratio: Spread | null;
  /** CPU per accepted hold, by process; the load generator with it. */
  readonly cpuUsPerHold: CpuUse | null;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

export const perSecond = ({ result }: Run): number =>
  (result.window.accepted / result.measuredMs) * 1_000;

/** Two lines for each number of connections: bare and Holdfast. */
export function linesOf(runs: readonly Run[]): Line[] {
  const connections = [...new Set(runs.map((run) => run.connections))];
  return connections.flatMap((count) => {
    const bare = runs.filter((run) => run.server === 'bare' && run.connections === count);
    const holdfast = runs.filter((run) => run.server === 'holdfast' && run.connections === count);
    const ratios = holdfast.map((run, round) => perSecond(run) / perSecond(bare[round]));
    return [lineOf(bare, null), lineOf(holdfast, spread(ratios))];
  });
}

export function lineOf(runs: readonly Run[], ratio: Spread | null): Line {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0);
  const median = (of: (latency: Latency) => number) =>
    spread(runs.map((run) => of(run.result.latencyUs))).median;
  return {
    connections: runs[0].connections,
    server: runs[0].server,
    rounds: runs.length,
    acceptedPerSecond: spread(runs.map(perSecond)),
    refused: sum((run) => run.result.window.refused),
    errors: sum((run) => run.result.window.errors),
    timeouts: sum((run) => run.result.window.timeouts),
    p50Us: median((latency) => latency.p50),
    p99Us: median((latency) => latency.p99),
    ratio,
    cpuUsPerHold: cpuPerHold(runs),
  };
}

function cpuPerHold(runs: readonly Run[]): CpuUse | null {
  const totals: Record<string, number> = {};
  let holds = 0;
  for (const { cpu, result } of runs) {
    if (cpu === null) return null;
    holds += result.total.accepted;
    const all = { ...cpu, 'load generator': result.cpuUs };
    for (const [name, us] of Object.entries(all)) totals[name] = (totals[name] ?? 0) + us;
  }
  if (holds === 0) return null;
  return Object.fromEntries(Object.entries(totals).map(([name, us]) => [name, us / holds]));
}
