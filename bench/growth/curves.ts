import { benchSeats, shuffledSeatIds } from '../bench-events.js';
import { spread, type Spread } from '../summary.js';
import { addAwake, startGrowth, takeStep, type GrowthSystem, type StepRun } from './steps.js';

/** How the cost of a hold grows with one thing, all else as it is. */
export interface Curve {
  readonly name: string;
  readonly what: string;
  /** Every point once, in their order; each is told when it is done. */
  run(measureMs: number, tell: (point: string, run: StepRun) => void): Promise<void>;
}

/** A system that several curves share: one shard, one gateway. */
type Shared = () => Promise<GrowthSystem>;

const warmUpMs = 500;
const usualConnections = 256;
const connectionCounts = [1, 4, 16, 64, 256, 1_024];
const eventCounts = [1, 4, 16];
const heldEach = 50_000;
const heldSteps = 4;
/** Shards and gateways. */
const sizes = [
  [1, 1],
  [2, 1],
  [3, 1],
  [1, 2],
  [2, 2],
] as const;
const eventsOfSizes = 6;

/** Of each of so many events: more than a window takes, in as few requests as may be. */
const seatsFor = (events: number): string[] =>
  shuffledSeatIds().slice(0, Math.ceil(benchSeats / events));

export const curves = (shared: Shared): readonly Curve[] => [
  {
    name: 'connections',
    what: 'buyers at once, one event',
    async run(measureMs, tell) {
      const system = await shared();
      for (const connections of connectionCounts) {
        const eventIds = await addAwake(system, 1);
        const step = { eventIds, seatIds: shuffledSeatIds(), connections, heldBefore: 0 };
        const run = await takeStep(system, { ...step, warmUpMs, measureMs });
        tell(`${connections}`, run);
      }
    },
  },
  {
    name: 'events',
    what: 'hot at the same time, 256 connections',
    async run(measureMs, tell) {
      const system = await shared();
      for (const count of eventCounts) {
        const eventIds = await addAwake(system, count);
        const step = {
          eventIds,
          seatIds: seatsFor(count),
          connections: usualConnections,
          heldBefore: 0,
        };
        tell(`${count}`, await takeStep(system, { ...step, warmUpMs, measureMs }));
      }
    },
  },
  {
    name: 'holds',
    what: 'that the event has already, 256 connections; 50,000 more are made',
    async run(_measureMs, tell) {
      const system = await shared();
      const eventIds = await addAwake(system, 1);
      const all = shuffledSeatIds();
      for (let heldBefore = 0; heldBefore < heldSteps * heldEach; heldBefore += heldEach) {
        const seatIds = all.slice(heldBefore, heldBefore + heldEach);
        // It ends when the seats do.
        const step = { eventIds, seatIds, connections: usualConnections, heldBefore };
        const run = await takeStep(system, { ...step, warmUpMs: 0, measureMs: 60_000 });
        tell(heldBefore.toLocaleString('en-US'), run);
      }
    },
  },
  {
    name: 'processes',
    what: 'shards and gateways, six events, 256 connections',
    async run(measureMs, tell) {
      for (const [shards, gateways] of sizes) {
        const system = await startGrowth(shards, gateways);
        try {
          const times = { connections: usualConnections, warmUpMs, measureMs, heldBefore: 0 };
          const eventIds = await addAwake(system, eventsOfSizes);
          const step = { ...times, eventIds, seatIds: seatsFor(eventsOfSizes) };
          tell(`${shards} + ${gateways}`, await takeStep(system, step));
        } finally {
          await system.stop();
        }
      }
    },
  },
];

/** All rounds of one point. */
export interface GrowthLine {
  readonly curve: string;
  readonly point: string;
  readonly perSecond: Spread;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly cpuUsPerHold: Spread | null;
  readonly rssMiB: Spread;
  /** Rate to that of the curve's first point, round by round. */
  readonly toFirst: Spread;
  readonly wrong: readonly string[];
}

export interface GrowthRun extends StepRun {
  readonly curve: string;
  readonly point: string;
}

export function growthLines(runs: readonly GrowthRun[]): GrowthLine[] {
  const points = new Map<string, GrowthRun[]>();
  for (const run of runs) {
    const key = `${run.curve} ${run.point}`;
    points.set(key, [...(points.get(key) ?? []), run]);
  }
  return [...points.values()].map((own) => {
    const [{ curve, point }] = own;
    const first = runs.find((run) => run.curve === curve)?.point;
    const firsts = runs.filter((run) => run.curve === curve && run.point === first);
    const cpu = own.flatMap(({ cpuUsPerHold }) => (cpuUsPerHold === null ? [] : [cpuUsPerHold]));
    const middle = (of: (run: GrowthRun) => number) => spread(own.map(of));
    return {
      ...{ curve, point },
      perSecond: middle(({ perSecond }) => perSecond),
      p50Us: middle(({ p50Us }) => p50Us).median,
      p99Us: middle(({ p99Us }) => p99Us).median,
      cpuUsPerHold: cpu.length === 0 ? null : spread(cpu),
      rssMiB: middle(({ rssMiB }) => rssMiB),
      toFirst: spread(own.map((run, round) => run.perSecond / firsts[round].perSecond)),
      wrong: own.flatMap(({ wrong }) => wrong),
    };
  });
}

/** For people, at most 80 columns. */
export function growthText(lines: readonly GrowthLine[], named: readonly Curve[]): string[] {
  const cells = (point: string, rest: readonly string[]) =>
    `  ${point.padEnd(12)}` + rest.map((text) => text.padStart(11)).join('');
  const head = ['holds/s', 'to first', 'p50 ms', 'p99 ms', 'CPU us', 'MiB'];
  return named.flatMap(({ name, what }) => {
    const own = lines.filter(({ curve }) => curve === name);
    if (own.length === 0) return [];
    const rows = own.map((line) =>
      cells(line.point, [
        Math.round(line.perSecond.median).toLocaleString('en-US'),
        line.toFirst.median.toFixed(2),
        (line.p50Us / 1_000).toFixed(2),
        (line.p99Us / 1_000).toFixed(2),
        line.cpuUsPerHold === null ? '-' : line.cpuUsPerHold.median.toFixed(1),
        line.rssMiB.median.toFixed(0),
      ]),
    );
    const wrong = own.flatMap((line) => line.wrong.map((text) => `WRONG: ${text}`));
    return [`${name}: ${what}`, cells('', head), ...rows, ...wrong, ''];
  });
}
