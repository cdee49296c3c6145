import type { CpuUse } from '../cpu-use.js';
import type { Latency } from '../load/plan.js';
import { spread, type Spread } from '../summary.js';
import type { Competitor } from './competitor.js';
import type { ContestRun } from './contest.js';

/** A competitor's rounds of one workload at one number of connections. */
export interface ContestLine {
  readonly competitor: string;
  readonly title: string;
  readonly durability: string;
  readonly job: string;
  readonly setting: string;
  readonly workload: string;
  readonly connections: number;
  /** Open loop: what was due each second; null: a closed loop. */
  readonly duePerSecond: number | null;
  readonly rounds: number;
  /** The only number that is work done. */
  readonly acceptedPerSecond: Spread;
  /** Of all rounds' windows, each by itself. */
  readonly refused: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Open loop: due and never sent. */
  readonly dropped: number;
  /** Of accepted holds, in microseconds: the middle of the rounds. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  /** All processes but the generator; null: not told, or nothing was accepted. */
  readonly cpuSecondsPerThousand: Spread | null;
  /** By process, in microseconds a hold; the generator with it. */
  readonly cpuUsPerHold: CpuUse | null;
  /** Holdfast's rate in the same round, divided by this one's; null for Holdfast itself. */
  readonly holdfastRatio: Spread | null;
  /** The most of a core that the generator took in a round. */
  readonly generatorBusy: number;
  readonly wrong: readonly string[];
}

/** From here on the generator may be what is measured. */
export const generatorBusyMax = 0.9;

const perSecond = ({ result }: ContestRun): number =>
  (result.window.accepted / result.measuredMs) * 1_000;

/** In the order of the competitors, by workload and connections. */
export function contestLines(
  runs: readonly ContestRun[],
  competitors: readonly Competitor[],
): ContestLine[] {
  const groups = new Map<string, ContestRun[]>();
  for (const run of runs) {
    const key = groupKey(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group) => {
    const ours = group.filter(({ competitor }) => competitor === 'holdfast');
    return competitors.flatMap((competitor) => {
      const own = group.filter((run) => run.competitor === competitor.name);
      return own.length === 0 ? [] : [lineOf(competitor, own, ours)];
    });
  });
}

const groupKey = ({ workload, connections, arrivals }: ContestRun): string =>
  `${workload} ${connections} ${arrivals.kind}`;

function lineOf(
  { name, title, durability, job, setting }: Competitor,
  runs: readonly ContestRun[],
  ours: readonly ContestRun[],
): ContestLine {
  const sum = (of: (run: ContestRun) => number) => runs.reduce((all, run) => all + of(run), 0);
  const middle = (of: (latency: Latency) => number) =>
    spread(runs.map((run) => of(run.result.latencyUs))).median;
  const [{ workload, connections, arrivals }] = runs;
  return {
    ...{ competitor: name, title, durability, job, setting, workload, connections },
    duePerSecond: arrivals.kind === 'open' ? arrivals.perSecond : null,
    rounds: runs.length,
    acceptedPerSecond: spread(runs.map(perSecond)),
    refused: sum(({ result }) => result.window.refused),
    errors: sum(({ result }) => result.window.errors),
    timeouts: sum(({ result }) => result.window.timeouts),
    dropped: sum(({ result }) => result.dropped),
    p50Us: middle(({ p50 }) => p50),
    p99Us: middle(({ p99 }) => p99),
    p999Us: middle(({ p999 }) => p999),
    ...cpuOf(runs),
    holdfastRatio: name === 'holdfast' ? null : ratioOf(ours, runs),
    generatorBusy: Math.max(...runs.map(({ result }) => result.busy)),
    wrong: runs.flatMap((run) => run.wrong),
  };
}

/** Round by round: what the machine did to one it did to the other. */
function ratioOf(ours: readonly ContestRun[], theirs: readonly ContestRun[]): Spread | null {
  const ratios = theirs
    .map((run, round) => (round < ours.length ? perSecond(ours[round]) / perSecond(run) : NaN))
    .filter((ratio) => Number.isFinite(ratio));
  return ratios.length === 0 ? null : spread(ratios);
}

/** Of all that was accepted, in the window or beside it, as the CPU is. */
function cpuOf(
  runs: readonly ContestRun[],
): Pick<ContestLine, 'cpuSecondsPerThousand' | 'cpuUsPerHold'> {
  const told = runs.flatMap(({ cpu, result }) =>
    cpu === null || result.total.accepted === 0 ? [] : [{ cpu, result }],
  );
  if (told.length === 0) return { cpuSecondsPerThousand: null, cpuUsPerHold: null };
  const holds = told.reduce((all, { result }) => all + result.total.accepted, 0);
  const totals: Record<string, number> = {};
  for (const { cpu, result } of told) {
    const all = { ...cpu, 'load generator': result.cpuUs };
    for (const [name, us] of Object.entries(all)) totals[name] = (totals[name] ?? 0) + us / holds;
  }
  return {
    cpuUsPerHold: totals,
    cpuSecondsPerThousand: spread(
      told.map(({ cpu, result }) => {
        const us = Object.values(cpu).reduce((all, one) => all + one, 0);
        return us / result.total.accepted / 1_000;
      }),
    ),
  };
}
