import type { ContestLine } from '../../peers/contest-lines.js';
import type { SuiteReport } from '../suite-report.js';

const flat = (median: number, by: number) => ({ median, min: median - by, max: median + by });

const ours: ContestLine = {
  ...{ competitor: 'holdfast', title: 'Holdfast', workload: 'spread', setting: '' },
  durability: 'Postgres journal, fsync before the answer',
  job: 'seat, deadline, buyer limit, idempotency, order row, diffs',
  ...{ connections: 256, duePerSecond: null, rounds: 3 },
  acceptedPerSecond: flat(30_000, 1_000),
  ...{ refused: 7, errors: 5, timeouts: 3, dropped: 0 },
  ...{ p50Us: 7_800, p99Us: 12_400, p999Us: 19_000 },
  cpuSecondsPerThousand: flat(0.03, 0.001),
  cpuUsPerHold: { gateway: 14, shard: 9, postgres: 5, 'nats-server': 2, 'load generator': 11 },
  ...{ holdfastRatio: null, generatorBusy: 0.4, wrong: [] },
};

const peer = (competitor: string, title: string, more: Partial<ContestLine>): ContestLine => ({
  ...ours,
  ...{ competitor, title, refused: 0, errors: 0, timeouts: 0, job: 'seat' },
  ...more,
});

/** A report of invented figures, with everything in it that a report can have. */
export const sampleReport: SuiteReport = {
  command: 'npm run bench -- peers',
  at: '2026-11-30T12:00:00.000Z',
  machine: {
    ...{ cpu: 'An <invented> processor', cores: 2, memoryGiB: 24, kernel: '6.1', fsyncUs: 190 },
    ...{ node: 'v20.20.2', postgres: '18.4', durability: 'synchronous_commit=on fsync=on' },
  },
  versions: { Redis: '7.0.15' },
  method: ['3 interleaved rounds of 2 s each.'],
  contests: [
    ours,
    peer('redis-lua-batched-always', 'Redis Lua, all of a tick', {
      durability: 'Redis, fsync before the answer',
      setting: '2 batches in flight',
      acceptedPerSecond: flat(40_000, 2_000),
      cpuUsPerHold: { front: 12, redis: 6, 'load generator': 11 },
      cpuSecondsPerThousand: flat(0.018, 0.001),
      holdfastRatio: flat(0.75, 0.05),
    }),
    peer('sells-twice', 'looks, then takes', {
      durability: 'none',
      holdfastRatio: flat(0.6, 0.1),
      wrong: ['3 seats were sold to two buyers'],
    }),
    peer('bare', 'bare server', {
      durability: 'none',
      acceptedPerSecond: flat(80_000, 3_000),
      cpuUsPerHold: { front: 10, 'load generator': 11 },
      holdfastRatio: flat(0.38, 0.02),
      generatorBusy: 0.97,
    }),
  ],
  sweeps: [
    {
      competitor: 'redis-lua-batched-always',
      setting: '2 batches in flight',
      acceptedPerSecond: 40_000,
      best: true,
    },
  ],
  figures: [
    { name: 'search, to bare', unit: 'x', value: flat(0.7, 0.05), target: { atLeast: 0.6 } },
    { name: 'bytes an idle socket', unit: 'KB', value: flat(9, 1), target: { atMost: 8 } },
  ],
  notRun: [{ name: 'sqlite-batched', title: 'SQLite, batched', reason: 'this Node has none' }],
  notMeasured: ['A power cut.'],
};
