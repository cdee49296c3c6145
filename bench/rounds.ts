import { shuffledSeatIds, type BenchEvents } from './bench-events.js';
import { BareServer, type OneCore } from './bare.js';
import { cpuSpent, cpuUse, type CpuUse, type NamedProcess } from './cpu-use.js';
import { Generator } from './load/generator.js';
import type { Arrivals, LoadPlan, LoadResult } from './load/plan.js';
import type { Schedule } from './schedule.js';

/** One run of the load generator against one server. */
export interface Run {
  readonly server: 'bare' | 'holdfast';
  readonly connections: number;
  readonly arrivals: Arrivals;
  readonly result: LoadResult;
  /** By process, over the whole run. */
  readonly cpu: CpuUse | null;
  /** Holdfast only: the event that was sold. */
  readonly eventId: string | null;
}

export interface Bench {
  readonly gatewayUrl: URL;
  readonly events: BenchEvents;
  readonly users: readonly (readonly string[])[];
  readonly generator: Generator;
  /** Empty: whose CPU cannot be told. */
  readonly processes: readonly NamedProcess[];
  /** The gateway's own; null: the system is not pinned. */
  readonly core: OneCore | null;
  readonly onRun: (run: Run) => void;
  /** What the list of seats is called in a hold; absent: as it is today. */
  readonly seatsField?: string;
}

const timeoutMs = 5_000;
const activationMs = 300;
const closed: Arrivals = { kind: 'closed' };

/** Bare, Holdfast, bare, Holdfast, ...: whatever else the machine does hits both alike. */
export async function interleavedRounds(bench: Bench, schedule: Schedule): Promise<Run[]> {
  const runs: Run[] = [];
  const keep = (run: Run) => {
    runs.push(run);
    bench.onRun(run);
  };
  const answer = await sampleAnswer(bench);
  const bare = await BareServer.start(answer, bench.core);
  try {
    await warmUp(bench, bare, schedule);
    for (let repetition = 0; repetition < schedule.repetitions; repetition++) {
      for (const connections of schedule.connections) {
        const times = { connections, warmUpMs: schedule.warmUpMs, arrivals: closed };
        keep(await runBare(bench, bare, { ...times, measureMs: schedule.bareMs }));
        keep(await runHoldfast(bench, { ...times, measureMs: schedule.holdfastMs }));
      }
    }
  } finally {
    await bare.stop();
  }
  return runs;
}

/** Compilers and heaps of both sides reach their working state; nothing of it is counted. */
async function warmUp(bench: Bench, bare: BareServer, schedule: Schedule): Promise<void> {
  const connections = Math.max(...schedule.connections);
  const times = { connections, warmUpMs: 0, measureMs: schedule.startUpMs, arrivals: closed };
  await runBare(bench, bare, { ...times, measureMs: schedule.startUpMs / 4 });
  await runHoldfast(bench, times);
}

/** One connection, then half of the peak in an open loop. */
export async function latencyRounds(
  bench: Bench,
  schedule: Schedule,
  peakPerSecond: number,
): Promise<Run[]> {
  if (schedule.latencyMs === null) return [];
  const times = { warmUpMs: schedule.warmUpMs, measureMs: schedule.latencyMs };
  const half: Arrivals = { kind: 'open', perSecond: Math.round(peakPerSecond / 2) };
  const alone = await runHoldfast(bench, { ...times, connections: 1, arrivals: closed });
  bench.onRun(alone);
  const open = await runHoldfast(bench, { ...times, connections: 256, arrivals: half });
  bench.onRun(open);
  return [alone, open];
}

export type Times = Pick<LoadPlan, 'connections' | 'warmUpMs' | 'measureMs' | 'arrivals'>;

const seatsFieldOf = ({ seatsField = 'seat_ids' }: Pick<Bench, 'seatsField'>): string => seatsField;

function planOf(
  bench: Bench,
  target: { host: string; port: number },
  eventId: string,
  times: Times,
): LoadPlan {
  return {
    ...target,
    ...times,
    timeoutMs,
    requests: {
      method: 'POST',
      path: '/v1/reservations',
      users: bench.users,
      bodyBefore: `{"event_id":"${eventId}","${seatsFieldOf(bench)}":["`,
      bodyAfter: '"]}',
      values: shuffledSeatIds(),
    },
  };
}

async function runBare(bench: Bench, bare: BareServer, times: Times): Promise<Run> {
  // The id of an event that was sold before: the same bytes, but for the seat.
  const eventId = bench.events.ids[0];
  const target = { host: '127.0.0.1', port: bare.port };
  const plan = planOf(bench, target, eventId, times);
  // Seats may repeat here, the server does not look: values enough for its higher rate.
  const values = [...plan.requests.values, ...plan.requests.values, ...plan.requests.values];
  const endless = { ...plan, requests: { ...plan.requests, values: [...values, ...values] } };
  const result = await bench.generator.run(endless);
  const { connections, arrivals } = times;
  return { server: 'bare', connections, arrivals, result, cpu: null, eventId: null };
}

/** On an event of its own, which its owner has loaded before. */
export async function runHoldfast(bench: Bench, times: Times): Promise<Run> {
  const eventId = await bench.events.add();
  const { hostname, port } = bench.gatewayUrl;
  const plan = planOf(bench, { host: hostname, port: Number(port) }, eventId, times);
  await activate(bench, eventId);
  const before = cpuUse(bench.processes);
  const result = await bench.generator.run(plan);
  const cpu = cpuSpent(before, cpuUse(bench.processes));
  const { connections, arrivals } = times;
  return { server: 'holdfast', connections, arrivals, result, cpu, eventId };
}

/** The event is loaded by its owner before anything is timed: activation is another figure. */
export async function activate(bench: Pick<Bench, 'gatewayUrl'>, eventId: string): Promise<void> {
  const giveUpAtMs = performance.now() + 20_000;
  while (performance.now() < giveUpAtMs) {
    const response = await fetch(new URL(`/v1/events/${eventId}`, bench.gatewayUrl));
    const event = (await response.json()) as { availability?: object | null };
    if (response.ok && event.availability !== null) return;
    await new Promise((resolve) => setTimeout(resolve, activationMs));
  }
  throw new Error(`the owner of ${eventId} did not come up`);
}

/** One hold on an event of its own: the bare server answers with as many bytes. */
export async function sampleAnswer(
  bench: Pick<Bench, 'gatewayUrl' | 'events' | 'users' | 'seatsField'>,
): Promise<string> {
  const eventId = await bench.events.add();
  await activate(bench, eventId);
  const [authorization] = bench.users[0];
  const [, token] = authorization.split(': ');
  const response = await fetch(new URL('/v1/reservations', bench.gatewayUrl), {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: JSON.stringify({ event_id: eventId, [seatsFieldOf(bench)]: [shuffledSeatIds()[0]] }),
  });
  const body = await response.text();
  if (response.status !== 201)
    throw new Error(`the first hold was answered ${response.status}: ${body}`);
  return body;
}
