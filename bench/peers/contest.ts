import { cpuSpent, cpuUse, type CpuUse } from '../cpu-use.js';
import type { Generator } from '../load/generator.js';
import type { Arrivals, LoadResult } from '../load/plan.js';
import type { Competitor } from './competitor.js';
import { wrongWith } from './oracle.js';
import type { Workload } from './workloads.js';

/** One run of the load generator against one competitor. */
export interface ContestRun {
  readonly competitor: string;
  readonly workload: string;
  readonly connections: number;
  readonly arrivals: Arrivals;
  readonly result: LoadResult;
  readonly cpu: CpuUse | null;
  /** What the oracle found. */
  readonly wrong: readonly string[];
}

export interface ContestTimes {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What the contest needs of the load generator. */
export type Loader = Pick<Generator, 'run'>;

export interface Round {
  readonly workload: Workload;
  readonly connections: number;
  readonly arrivals: Arrivals;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const timeoutMs = 5_000;
const closed: Arrivals = { kind: 'closed' };

/** All competitors in turn, again and again: whatever else the machine does hits all alike. */
export async function contest(
  competitors: readonly Competitor[],
  workload: Workload,
  connectionCounts: readonly number[],
  { rounds, warmUpMs, measureMs }: ContestTimes,
  runOne: (competitor: Competitor, round: Round) => Promise<ContestRun>,
): Promise<ContestRun[]> {
  const runs: ContestRun[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const connections of connectionCounts) {
      for (const competitor of competitors) {
        const times = { workload, connections, arrivals: closed, warmUpMs, measureMs };
        runs.push(await runOne(competitor, times));
      }
    }
  }
  return runs;
}

/** On an event of its own, which is checked when the run is over. */
export async function runOnce(
  loader: Loader,
  users: readonly (readonly string[])[],
  competitor: Competitor,
  { workload, connections, arrivals, warmUpMs, measureMs }: Round,
): Promise<ContestRun> {
  const eventId = await competitor.addEvent();
  const before = cpuUse(competitor.processes);
  const result = await loader.run({
    host: '127.0.0.1',
    port: competitor.port,
    connections,
    warmUpMs,
    measureMs,
    timeoutMs,
    arrivals,
    requests: {
      method: 'POST',
      path: '/v1/reservations',
      users: competitor.users ?? users,
      bodyBefore: `{"event_id":"${eventId}","seat_ids":["`,
      bodyAfter: '"]}',
      values: workload.seatIds(),
    },
  });
  const cpu = competitor.processes.length === 0 ? null : cpuUse(competitor.processes);
  const wrong = wrongWith(result, await competitor.held(eventId));
  return {
    competitor: competitor.name,
    workload: workload.name,
    connections,
    arrivals,
    result,
    cpu: cpuSpent(before, cpu),
    wrong: [...wrong, ...(await competitor.wrongIn(eventId))],
  };
}
