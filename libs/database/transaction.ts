import type { Pool, PoolClient } from 'pg';

/** Runs `work` between BEGIN and COMMIT on a connection of its own; what it throws rolls back. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be in any state: it is thrown away, which also rolls back.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}
