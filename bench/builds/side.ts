import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { openPool } from '#libs/database/pool.js';
import type { startOwn } from '#ops/system/own-system.js';
import type { BenchEvents } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import { Generator } from '../load/generator.js';
import { coreOfGateway, processesOf } from '../measured-system.js';
import { runHoldfast, sampleAnswer, type Bench } from '../rounds.js';
import type { TurnAsked, TurnTaken } from './turn.js';

/**
 * One of two builds that are measured side by side: a process of its own that starts a system of
 * the checkout it is given and takes a turn whenever it is asked. The system and its events are
 * that build's; the load generator and the clocks are this one's, the same for both.
 */
const checkout = path.resolve(process.argv[2]);

/** Where a build has what is needed of it, newest first. */
const ownSystem = ['ops/system/own-system.js', 'tools/demo/own-system.js'];
const users = 4_096;

async function part<Module>(...places: readonly string[]): Promise<Module> {
  const found = places.map((place) => path.join(checkout, 'dist', place)).find(existsSync);
  if (found === undefined) throw new Error(`${checkout} is not built, or has no ${places[0]}`);
  return (await import(pathToFileURL(found).href)) as Module;
}

interface Theirs {
  readonly systems: { readonly startOwn: typeof startOwn };
  readonly pools: { readonly openPool: typeof openPool };
  readonly events: { readonly BenchEvents: typeof BenchEvents };
}

async function theirs(): Promise<Theirs> {
  return {
    systems: await part(...ownSystem),
    pools: await part('libs/database/pool.js'),
    events: await part('bench/bench-events.js'),
  };
}

async function main(): Promise<void> {
  const { systems, pools, events } = await theirs();
  const core = coreOfGateway();
  const pin = core === null ? [] : ['--pin'];
  const found = await systems.startOwn({ args: ['--shards', '1', '--gateways', '1', ...pin] });
  const { databaseUrl, gatewayUrls } = found.system;
  const pool = pools.openPool(databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: 60_000,
  });
  const generator = new Generator();
  try {
    const gatewayUrl = new URL(gatewayUrls[0]);
    const bench = await inItsWords({
      gatewayUrl,
      events: events.BenchEvents.prepare(pool),
      users: await openSessions(gatewayUrl.href, users),
      generator,
      processes: processesOf(found),
      core,
      onRun: () => undefined,
    });
    process.on('message', (asked: TurnAsked) => void answer(bench, asked));
    process.send?.('ready');
    // The other end is gone, or wants no more.
    await once(process, 'disconnect');
  } finally {
    await generator.stop();
    await pool.end();
    await found.release();
  }
}

/** What a build calls the list of seats: the first name under which it holds one. */
async function inItsWords(bench: Bench): Promise<Bench> {
  const fails: unknown[] = [];
  for (const seatsField of ['seat_ids', 'seats']) {
    const spoken = { ...bench, seatsField };
    try {
      await sampleAnswer(spoken);
      return spoken;
    } catch (error) {
      fails.push(error);
    }
  }
  throw fails[0];
}

async function answer(bench: Bench, { connections, measureMs }: TurnAsked): Promise<void> {
  const times = { connections, warmUpMs: 300, measureMs, arrivals: { kind: 'closed' } as const };
  const { result, cpu } = await runHoldfast(bench, times);
  const { accepted, refused, errors, timeouts } = result.window;
  const taken: TurnTaken = {
    accepted: result.total.accepted,
    perSecond: (accepted * 1_000) / result.measuredMs,
    bad: refused + errors + timeouts,
    cpuUs: cpu,
  };
  process.send?.(taken);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
