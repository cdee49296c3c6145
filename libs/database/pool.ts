import pg from 'pg';

export interface PoolOptions {
  /** Shown in pg_stat_activity: who holds the connection. */
  readonly applicationName: string;
  readonly max: number;
  /** Server settings of every connection, e.g. `{ lock_timeout: '2000' }`. No spaces in values. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * A statement without an answer for this long fails, and its connection is closed: a line that
   * died in silence must not hold a caller for minutes. Its effect is then unknown, so this is for
   * look-ups and for what may be repeated, never for a journal's writer. Absent: no bound.
   */
  readonly answerWithinMs?: number;
  /** Connections that break while idle are replaced; this is where the reason goes. */
  readonly onIdleError?: (error: Error) => void;
}

/** A connection that cannot be made within this time is an error, not a wait (G8). */
const connectTimeoutMs = 5_000;
const idleTimeoutMs = 30_000;
const idleInTransactionMs = 5_000;

/**
 * A pool with every default that matters spelled out. A transaction that its process has forgotten
 * (or that was stopped in the middle) is ended by the server, so that it holds no lock for ever.
 */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const settings = {
    synchronous_commit: 'on',
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    ...options.settings,
  };
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    ...(options.answerWithinMs === undefined ? {} : { query_timeout: options.answerWithinMs }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 1_000,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // Without a listener an idle connection's error would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}
