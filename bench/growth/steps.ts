import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startOwn } from '#ops/system/own-system.js';
import { BenchEvents, shuffledSeatIds } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import { cpuSpent, cpuUse, type NamedProcess } from '../cpu-use.js';
import { residentMiB } from '../resident.js';
import { Generator } from '../load/generator.js';
import type { LoadResult } from '../load/plan.js';
import { processesOf } from '../measured-system.js';
import { activate } from '../rounds.js';
import { wrongIn } from '../sales/sale-run.js';

/** A system of so many processes, ready to be driven. */
export interface GrowthSystem {
  readonly gatewayUrls: readonly URL[];
  readonly pool: pg.Pool;
  readonly events: BenchEvents;
  readonly users: readonly (readonly string[])[];
  readonly processes: readonly NamedProcess[];
  /** One for each gateway. */
  readonly generators: readonly Generator[];
  stop(): Promise<void>;
}

/** One point of a curve, once. */
export interface StepRun {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** All processes but the generators; null: not told. */
  readonly cpuUsPerHold: number | null;
  /** Gateways and shards together, when it was over. */
  readonly rssMiB: number;
  readonly wrong: readonly string[];
}

/** What is asked for at one point. */
export interface Step {
  readonly eventIds: readonly string[];
  /** Of the whole house, shuffled: the part of it that this step takes, in each event. */
  readonly seatIds: readonly string[];
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Holds that the events had before, which the journals have as well. */
  readonly heldBefore: number;
}

const users = 4_096;
const timeoutMs = 5_000;

export async function startGrowth(shards: number, gateways: number): Promise<GrowthSystem> {
  const args = ['--shards', String(shards), '--gateways', String(gateways)];
  const found = await startOwn({ args });
  const gatewayUrls = found.system.gatewayUrls.map((url) => new URL(url));
  const pool = openPool(found.system.databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const generators = gatewayUrls.map(() => new Generator());
  const system: GrowthSystem = {
    ...{ gatewayUrls, pool, generators },
    events: BenchEvents.prepare(pool),
    users: await openSessions(gatewayUrls[0].href, users),
    processes: processesOf(found),
    async stop() {
      await Promise.all(generators.map((generator) => generator.stop()));
      await pool.end();
      await found.release();
    },
  };
  await warmUp(system);
  return system;
}

/** The compilers of new processes are busy for some seconds; nothing of it is counted. */
async function warmUp(system: GrowthSystem): Promise<void> {
  const times = { connections: 256, warmUpMs: 0, measureMs: 4_000, heldBefore: 0 };
  const eventIds = await addAwake(system, 1);
  await takeStep(system, { ...times, eventIds, seatIds: shuffledSeatIds() });
}

export async function addAwake(system: GrowthSystem, count: number): Promise<string[]> {
  const eventIds: string[] = [];
  for (let i = 0; i < count; i++) eventIds.push(await system.events.add());
  const [gatewayUrl] = system.gatewayUrls;
  await Promise.all(eventIds.map((eventId) => activate({ gatewayUrl }, eventId)));
  return eventIds;
}

/** All gateways at once, each with its part of the connections, buyers and seats. */
export async function takeStep(system: GrowthSystem, step: Step): Promise<StepRun> {
  const { gatewayUrls, generators, processes } = system;
  const before = cpuUse(processes);
  const results = await Promise.all(
    generators.map((generator, i) => {
      const part = <Item>(items: readonly Item[]) =>
        items.filter((_, n) => n % generators.length === i);
      return generator.run({
        host: gatewayUrls[i].hostname,
        port: Number(gatewayUrls[i].port),
        connections: Math.ceil(step.connections / generators.length),
        ...{ warmUpMs: step.warmUpMs, measureMs: step.measureMs, timeoutMs },
        arrivals: { kind: 'closed' },
        requests: {
          method: 'POST',
          path: '/v1/reservations',
          users: part(system.users),
          bodyBefore: '{"event_id":"',
          bodyAfter: '"]}',
          values: part(valuesOf(step)),
        },
      });
    }),
  );
  const cpu = cpuSpent(before, cpuUse(processes));
  const total = totalOf(results);
  const cpuUs = Object.values(cpu ?? {}).reduce((all, us) => all + us, 0);
  const counted = { ...total, accepted: total.accepted + step.heldBefore };
  return {
    perSecond: results.reduce((all, result) => all + rateOf(result), 0),
    p50Us: Math.max(...results.map(({ latencyUs }) => latencyUs.p50)),
    p99Us: Math.max(...results.map(({ latencyUs }) => latencyUs.p99)),
    cpuUsPerHold: cpu === null || total.accepted === 0 ? null : cpuUs / total.accepted,
    rssMiB: memoryOf(processes),
    wrong: await wrongIn(system.pool, step.eventIds, { total: counted }),
  };
}

/** Event by event, so that all of them are hot at once: `EVENT","seat_ids":["SEAT`. */
function valuesOf({ eventIds, seatIds }: Step): string[] {
  return seatIds.flatMap((seat) => eventIds.map((event) => `${event}","seat_ids":["${seat}`));
}

const rateOf = ({ window, measuredMs }: LoadResult): number =>
  measuredMs === 0 ? 0 : (window.accepted / measuredMs) * 1_000;

function totalOf(results: readonly LoadResult[]): LoadResult['total'] {
  const sum = (of: (total: LoadResult['total']) => number) =>
    results.reduce((all, { total }) => all + of(total), 0);
  return {
    accepted: sum(({ accepted }) => accepted),
    refused: sum(({ refused }) => refused),
    errors: sum(({ errors }) => errors),
    timeouts: sum(({ timeouts }) => timeouts),
  };
}

const memoryOf = (processes: readonly NamedProcess[]): number =>
  processes
    .filter(({ name }) => /^(gateway|shard)/.test(name))
    .reduce((all, { pid }) => all + residentMiB(pid), 0);
