import type { Pool, PoolClient } from 'pg';
import { onConnection } from './on-connection.js';

/**
 * Runs `work` between BEGIN and COMMIT on a connection of its own; what it throws rolls back, since
 * the connection is thrown away.
 */
export function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return between(pool, 'BEGIN', work);
}

/** All that `work` reads is as it was at one moment: its first statement. It writes nothing. */
export function inSnapshot<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return between(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
}

function between<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return onConnection(pool, async (client) => {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}
