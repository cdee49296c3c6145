import pg from 'pg';

import { boundAnswers } from './answer-deadline.js';
import { readDatabaseAddress } from './database-address.js';
import { checkSettings, withoutNames } from './pooler.js';
import { clientOfPrimary } from './primary.js';

export interface PoolOptions {
  /** Shown in pg_stat_activity: who holds the connection. */
  readonly applicationName: string;
  readonly max: number;
  /** Server settings of every connection, e.g. `{ lock_timeout: '2000' }`. No spaces in values. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * A statement without an answer for this long fails as DatabaseTimeout, and its connection is
   * closed: a line that died in silence must not hold a caller for minutes. The server gives the
   * statement up a little earlier, so that it is seldom left at work.
   */
  readonly answerWithinMs: number;
  /** Connections that break while idle are replaced; this is where the reason goes. */
  readonly onIdleError?: (error: Error) => void;
}

/** A connection that cannot be made, or had, within this time is an error, not a wait (G8). */
const connectTimeoutMsMax = 5_000;
const idleTimeoutMs = 30_000;
const idleInTransactionMs = 5_000;
/** Of the time for an answer; the rest is for the way. */
const serverPart = 0.9;

/**
 * A pool with every default that matters spelled out. A transaction that its process has forgotten
 * (or that was stopped in the middle) is ended by the server, so that it holds no lock for ever.
 *
 * DP1  Every call ends: within `answerWithinMs` for a connection, and as long again for each
 *      statement. An error of the first kind means that nothing was asked.
 * DP2  Idle connections are probed by the kernel every second, so that most that died in silence
 *      are gone before anybody asks on them.
 */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const { answerWithinMs } = options;
  const { servers, pooler } = readDatabaseAddress(url);
  // Without these what we promise or find would be another.
  const needed = { synchronous_commit: 'on', ...options.settings };
  const settings = {
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    statement_timeout: String(Math.floor(answerWithinMs * serverPart)),
    ...needed,
  };
  const pool = new pg.Pool({
    connectionString: servers.length === 1 ? servers[0] : url,
    Client: clientOfPrimary(url),
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: Math.min(connectTimeoutMsMax, answerWithinMs),
    idleTimeoutMillis: idleTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    ...(pooler === null ? { options: asOptions(settings) } : checkedBy(needed)),
  });
  pool.on('connect', (client) => {
    boundAnswers(client, answerWithinMs);
    if (pooler === 'transaction') withoutNames(client);
  });
  // Without a listener an idle connection's error would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}

const asOptions = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');

/** As the pool asks each connection that it makes (PGB1). */
const checkedBy = (needed: Readonly<Record<string, string>>) => ({
  verify: (client: pg.PoolClient, done: (error?: Error) => void): void => {
    checkSettings(client, needed).then(() => done(), done);
  },
});
