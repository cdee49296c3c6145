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
  return onConnection(pool, async (client) => {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  });
}
