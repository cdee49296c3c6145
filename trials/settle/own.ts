import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import { startOwn, type FoundSystem } from '#ops/system/own-system.js';
import { BenchEvents } from '#bench/bench-events.js';
import { openSessions } from '#bench/buyers.js';
import { Api } from '../demo/api.js';
import { activated } from '../loadfaults/site.js';

/** A system as `npm start` makes one, with a large event on sale and buyers who have a session. */
export interface OwnSale {
  readonly found: FoundSystem;
  readonly stripeUrl: string;
  readonly stripeKey: string | null;
  readonly pool: pg.Pool;
  readonly api: Api;
  readonly eventId: string;
  readonly tokens: readonly string[];
}

const buyers = 2_048;

/** Runs `work` over it, and takes it away again. `env`: added to that of its processes. */
export async function withOwnSale<T>(
  env: Readonly<Record<string, string>>,
  work: (sale: OwnSale) => Promise<T>,
): Promise<T> {
  // Our own system must not outlive us.
  let release = (): Promise<void> => Promise.resolve();
  const leave = () => void release().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  const found = await startOwn({ args: ['--shards', '1', '--gateways', '1'], env });
  release = () => found.release();
  const { gatewayUrls, databaseUrl, stripeUrl, simulatorKey: stripeKey } = found.system;
  const pool = openPool(databaseUrl, {
    applicationName: 'hf-settle',
    max: 2,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const api = new Api(gatewayUrls);
  try {
    if (stripeUrl === null) throw new Error('the system has no simulator of its own');
    const eventId = await BenchEvents.prepare(pool).add();
    await activated(new URL(gatewayUrls[0]), eventId);
    const sessions = await openSessions(gatewayUrls[0], buyers);
    const tokens = sessions.map(([header]) => header.slice('Authorization: Bearer '.length));
    return await work({ found, stripeUrl, stripeKey, pool, api, eventId, tokens });
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    api.close();
    await pool.end();
    await found.release();
  }
}
