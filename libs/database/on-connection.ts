import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` on one connection: its statements wait for one once, not each behind all others that
 * wait. They are no transaction. What it throws closes the connection.
 */
export async function onConnection<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    // It may be in any state.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}
