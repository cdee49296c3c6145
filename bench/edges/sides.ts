import { openPool } from '#libs/database/pool.js';
import type { FoundSystem } from '#ops/system/own-system.js';
import type pg from 'pg';
import type { OneCore } from '../bare.js';
import { BenchEvents } from '../bench-events.js';
import { openSessions } from '../buyers.js';
import type { Generator } from '../load/generator.js';
import { oneGateway, processesOf } from '../measured-system.js';
import type { Bench } from '../rounds.js';

export type EdgeName = 'uws' | 'node';

/** One edge and the system it serves; only one of the two is under load at a time. */
export interface Side {
  readonly edge: EdgeName;
  readonly found: FoundSystem;
  readonly pool: pg.Pool;
  readonly bench: Bench;
}

/** One user may send a bounded number of requests per second; so there are many. */
const users = 4_096;

export async function openSide(
  edge: EdgeName,
  core: OneCore | null,
  generator: Generator,
): Promise<Side> {
  const found = await oneGateway(core, edge);
  const { system } = found;
  const pool = openPool(system.databaseUrl, {
    applicationName: 'hf-bench',
    max: 2,
    answerWithinMs: 60_000,
  });
  const gatewayUrl = new URL(system.gatewayUrls[0]);
  const bench: Bench = {
    gatewayUrl,
    events: BenchEvents.prepare(pool),
    users: await openSessions(gatewayUrl.href, users),
    generator,
    processes: processesOf(found),
    core,
    onRun: () => undefined,
  };
  return { edge, found, pool, bench };
}

export async function closeSide({ found, pool }: Side): Promise<void> {
  await pool.end();
  await found.release();
}
