import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillCatalogue } from '#libs/catalogue/testing/many-events.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { runtimeFlags } from '#ops/system/runtime-flags.js';
import { startTestPostgres } from '#libs/testing/postgres.js';
import { cpuSpent, cpuUse, type CpuUse } from '../cpu-use.js';
import { machineName } from '../machine.js';
import type { SearchGateway } from './gateway-process.js';
import { isFacets, kinds, pathOf } from './queries.js';

const helpText = `npm run bench:search -- [options]

  --events N        in the catalogue (100000)
  --connections N   that ask all the time (64)
  --warm-up N       seconds of asking before, since a gateway is compiled as it runs (15)
  --seconds N       of asking (20)
  --facets          asks for facets too, in turn with searches

A gateway over a real catalogue. Every answer is made from indexes of Postgres: nothing is cached.
Prints p50 and p99 of all questions, and of each kind, and the CPU time of an answer: on a machine
that does other work it tells more.`;

/** npm run bench:search. Returns the exit code: 0 done, 2 it could not run. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '100000' },
      connections: { type: 'string', default: '64' },
      'warm-up': { type: 'string', default: '15' },
      seconds: { type: 'string', default: '20' },
      facets: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { facets } = values;
  const load: Load = {
    events: Number(values.events),
    connections: Number(values.connections),
    warmUpSeconds: Number(values['warm-up']),
    seconds: Number(values.seconds),
    facets,
  };
  const counts = [load.events, load.connections, load.warmUpSeconds, load.seconds];
  const sound = counts.every((n) => Number.isInteger(n) && n > 0);
  if (values.help || !sound) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const postgres = await startTestPostgres({ settings: { shared_buffers: '256MB' } });
  try {
    const databaseUrl = await postgres.createDatabase();
    await migrate(databaseUrl);
    const pool = openPool(databaseUrl, {
      applicationName: 'bench-fill',
      max: 1,
      answerWithinMs: 120_000,
    });
    await fillCatalogue(pool, load.events);
    await pool.end();
    await measure(databaseUrl, postgres.pid, load);
  } finally {
    await postgres.stop();
  }
  return 0;
}

interface Load {
  readonly events: number;
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly facets: boolean;
}

async function measure(databaseUrl: string, postgresPid: number, load: Load): Promise<void> {
  const file = fileURLToPath(new URL('gateway-process.js', import.meta.url));
  const gateway = fork(file, [databaseUrl], { execArgv: [...runtimeFlags] });
  try {
    const [{ url }] = (await once(gateway, 'message')) as [SearchGateway];
    await ask(url, { ...load, seconds: load.warmUpSeconds });
    // The client is this process, whose children are counted by themselves.
    const processes = [
      { name: 'postgres', pid: postgresPid },
      { name: 'gateway', pid: gateway.pid ?? 0 },
    ];
    const [use, own] = [cpuUse(processes), process.cpuUsage()];
    const times = await ask(url, load);
    const { user, system } = process.cpuUsage(own);
    report(times, load, { ...cpuSpent(use, cpuUse(processes)), client: user + system });
  } finally {
    gateway.disconnect();
    await once(gateway, 'exit');
  }
}

type Times = Map<string, number[]>;

/** All connections at once, each with its next question as soon as it has its answer. */
async function ask(url: string, { connections, seconds, facets }: Load): Promise<Times> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const names = Object.keys(kinds).filter((name) => facets || !isFacets(name));
  const times: Times = new Map(names.map((name) => [name, []]));
  const endMs = performance.now() + seconds * 1_000;
  let next = 0;
  const askAway = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const i = next++;
      const kind = names[i % names.length];
      const startMs = performance.now();
      await get(url + pathOf(kind, Math.floor(i / names.length)), agent);
      times.get(kind)?.push(performance.now() - startMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, askAway));
  agent.destroy();
  return times;
}

function get(url: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}

function report(times: Times, load: Load, spent: CpuUse): void {
  const { events, connections, warmUpSeconds, seconds } = load;
  const all = [...times.values()].flat();
  const others = os.loadavg()[0].toFixed(1);
  console.log(`${machineName()}, Node ${process.versions.node}, load ${others}`);
  const asked = `${connections} connections, ${seconds} s after ${warmUpSeconds} s of warm-up`;
  console.log(`${events} events, ${asked}, nothing cached`);
  const line = (name: string, some: readonly number[]): void => {
    const sorted = [...some].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)].toFixed(0).padStart(5);
    console.log(`${name.padEnd(26)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  (${sorted.length})`);
  };
  for (const [name, some] of times) line(name, some);
  line('all together', all);
  console.log(`${Math.round(all.length / seconds)} answers/s`);
  const each = Object.entries(spent).map(([name, us]): [string, number] => [
    name,
    us / 1_000 / all.length,
  ]);
  const sum = each.reduce((total, [, ms]) => total + ms, 0);
  const parts = each.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ');
  console.log(`${sum.toFixed(2)} ms of CPU an answer: ${parts}`);
}
