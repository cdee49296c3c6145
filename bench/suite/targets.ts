import type { ContestRun } from '../peers/contest.js';
import { spread, type Spread } from '../summary.js';
import type { Figure, Target } from './suite-report.js';

/**
 * What Holdfast should be beside the others, from the rounds of one run. Each ratio is taken within
 * a round, so that its band says how far one round lay from the next; a ratio that the run did not
 * measure is not there.
 */
export function targetFigures(runs: readonly ContestRun[]): Figure[] {
  return wanted.flatMap(({ name, workload, connections, other, ratio, target }) => {
    const ours = runsOf(runs, 'holdfast', workload, connections);
    const theirs = runsOf(runs, other, workload, connections);
    const ratios = ours
      .slice(0, theirs.length)
      .map((run, round) => ratio(run, theirs[round]))
      .filter((value) => Number.isFinite(value));
    if (ratios.length === 0) return [];
    const value: Spread = spread(ratios);
    return [{ name, unit: 'x', value, target }];
  });
}

interface Wanted {
  readonly name: string;
  readonly workload: string;
  readonly connections: number;
  readonly other: string;
  readonly ratio: (ours: ContestRun, theirs: ContestRun) => number;
  readonly target: Target;
}

const rate = ({ result }: ContestRun): number => result.window.accepted / result.measuredMs;
const cpu = (run: ContestRun): number =>
  Object.values(run.cpu ?? {}).reduce((all, us) => all + us, 0) / run.result.total.accepted;
const rates = (ours: ContestRun, theirs: ContestRun): number => rate(ours) / rate(theirs);

const held = (connections: number, other: string, words: string, atLeast: number): Wanted => ({
  name: `accepted holds, ${connections} connections, to ${words}`,
  ...{ workload: 'spread', connections, other, ratio: rates, target: { atLeast } },
});

const read = (workload: string, atLeast: number): Wanted => ({
  name: `${workload}, to the bare server`,
  ...{ workload, connections: 64, other: 'bare', ratio: rates, target: { atLeast } },
});

const wanted: readonly Wanted[] = [
  {
    name: 'CPU of a hold without the generator, 256 connections, to a bare request',
    ...{ workload: 'spread', connections: 256, other: 'bare' },
    ratio: (ours, theirs) => cpu(ours) / cpu(theirs),
    target: { atMost: 2.2 },
  },
  held(256, 'bare', 'the bare server', 0.54),
  held(64, 'bare', 'the bare server', 0.36),
  held(256, 'redis-lua-batched-always', 'batched Redis Lua with fsync', 2),
  held(64, 'redis-lua-batched-always', 'batched Redis Lua with fsync', 1.6),
  held(256, 'redis-same-job', 'the same job by Redis and Postgres', 3),
  held(256, 'postgres-row-lock', 'Postgres SELECT FOR UPDATE', 10),
  held(256, 'postgres-batched', 'batched Postgres UPDATE', 2),
  {
    name: 'p50 of a hold, 1 connection, to Redis Lua with fsync',
    ...{ workload: 'spread', connections: 1, other: 'redis-lua-always' },
    ratio: (ours, theirs) => ours.result.latencyUs.p50 / theirs.result.latencyUs.p50,
    target: { atMost: 1.5 },
  },
  read('a search, repeated', 0.6),
  read('an event page', 0.6),
  read('a list of seats the client has', 0.7),
];

const runsOf = (
  runs: readonly ContestRun[],
  competitor: string,
  workload: string,
  connections: number,
): ContestRun[] =>
  runs.filter(
    (run) =>
      run.competitor === competitor &&
      run.workload === workload &&
      run.connections === connections &&
      run.arrivals.kind === 'closed',
  );
