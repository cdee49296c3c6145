import { describe, expect, it } from '@jest/globals';
import type { Counts, LoadPlan, LoadResult } from '../load/plan.js';
import { suiteLines } from '../suite/suite-text.js';
import { sampleReport } from '../suite/testing/sample-report.js';
import type { Competitor } from './competitor.js';
import { contest, runOnce } from './contest.js';
import { contestLines } from './contest-lines.js';
import { zipf, type Workload } from './workloads.js';

/** Competitors without a process: what they accept a second is their port. */
function fake(name: string, port: number, more: Partial<Competitor> = {}): Competitor {
  return {
    ...{ name, title: name, durability: 'none', job: 'seat', setting: '', claimsSafety: true },
    port,
    processes: [],
    addEvent: () => Promise.resolve('evt_1'),
    held: () => Promise.resolve(null),
    wrongIn: () => Promise.resolve([]),
    stop: () => Promise.resolve(),
    ...more,
  };
}

function resultOf(plan: LoadPlan, more: Partial<LoadResult> = {}): LoadResult {
  const counts: Counts = { accepted: plan.port, refused: 2, errors: 3, timeouts: 4 };
  return {
    ...{ connections: plan.connections, measuredMs: 1_000, window: counts, total: counts },
    statuses: {},
    latencyUs: { p50: 1_000, p90: 2_000, p99: 3_000, p999: 4_000, max: 5_000, mean: 1_100 },
    ...{ dropped: 0, exhausted: false, sampleBody: '', cpuUs: 1_000, busy: 0.5 },
    acceptedTwice: 0,
    ...more,
  };
}

const workload: Workload = { name: 'spread', title: 'spread', what: '', seatIds: () => ['s1'] };
const users = [['Authorization: Bearer a']];

describe('A contest', () => {
  it('gives each competitor its turn in every round, and divides round by round', async () => {
    const order: string[] = [];
    const competitors = [fake('holdfast', 300), fake('slow', 100), fake('fast', 600)];
    const loader = {
      run(plan: LoadPlan) {
        order.push(`${plan.port} ${plan.connections}`);
        return Promise.resolve(resultOf(plan));
      },
    };
    const times = { rounds: 2, warmUpMs: 0, measureMs: 1_000 };
    const runs = await contest(competitors, workload, [64, 256], times, (competitor, round) =>
      runOnce(loader, users, competitor, round),
    );
    const oneRound = [64, 256].flatMap((connections) =>
      [300, 100, 600].map((port) => `${port} ${connections}`),
    );
    expect(order).toEqual([...oneRound, ...oneRound]);
    const lines = contestLines(runs, competitors).filter(({ connections }) => connections === 64);
    expect(lines.map(({ holdfastRatio }) => holdfastRatio?.median ?? null)).toEqual([null, 3, 0.5]);
  });

  it('never adds refusals, errors and time-outs to holds, nor to each other', async () => {
    const competitors = [fake('holdfast', 300)];
    const loader = { run: (plan: LoadPlan) => Promise.resolve(resultOf(plan)) };
    const times = { rounds: 3, warmUpMs: 0, measureMs: 1_000 };
    const runs = await contest(competitors, workload, [64], times, (competitor, round) =>
      runOnce(loader, users, competitor, round),
    );
    const [line] = contestLines(runs, competitors);
    expect(line).toMatchObject({ refused: 6, errors: 9, timeouts: 12 });
    expect(line.acceptedPerSecond).toEqual({ median: 300, min: 300, max: 300 });
    expect(line).toMatchObject({ p50Us: 1_000, p99Us: 3_000, p999Us: 4_000 });
  });

  it('asks the store what it kept, and says what is wrong with it', async () => {
    const forgetful = fake('forgetful', 300, { held: () => Promise.resolve(290) });
    const loader = {
      run: (plan: LoadPlan) => Promise.resolve(resultOf(plan, { acceptedTwice: 1 })),
    };
    const times = { workload, connections: 64, warmUpMs: 0, measureMs: 1_000 };
    const run = await runOnce(loader, users, forgetful, { ...times, arrivals: { kind: 'closed' } });
    expect(run.wrong).toEqual([
      '1 seats were sold to two buyers',
      '300 acknowledged, only 290 kept',
    ]);
  });
});

describe('What everyone wants', () => {
  it('falls with the rank of the seat, and stays among those that are wanted', () => {
    const counts = new Map<string, number>();
    for (const seat of zipf(20_000, 100)) counts.set(seat, (counts.get(seat) ?? 0) + 1);
    expect(counts.size).toBeLessThanOrEqual(100);
    expect(counts.get('s000000')).toBeGreaterThan(4 * (counts.get('s000050') ?? 0));
  });
});

describe('The text of the suite', () => {
  const text = suiteLines(sampleReport).join('\n');

  it('has a column for each of refused, errors and time-outs', () => {
    expect(text).toMatch(/refused\s+errors\s+time-outs/);
    expect(text).toMatch(/Holdfast, fsync\s+30,000\s+29,000-31,000\s+7\s+5\s+3\s/);
  });

  it('says where Holdfast loses, what did not run, and when the generator is the limit', () => {
    expect(text).toContain('Holdfast accepts less than Redis Lua, all of a tick');
    expect(text).toContain('SQLite, batched                  not run: this Node has none');
    expect(text).toMatch(/bare server.*\(the generator is the limit\)/);
  });

  it('says what the oracle found', () => {
    expect(text).toContain('looks, then takes: 3 seats were sold to two buyers');
  });
});
