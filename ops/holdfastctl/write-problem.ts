import type { Pool } from 'pg';

const acknowledgedMs = 2_000;

/**
 * Null when the database acknowledges a write as it acknowledges a journal's: durable here and at
 * its synchronous standbys. Writes a message into the write-ahead log and changes no table.
 */
export async function writeProblem(pool: Pool): Promise<string | null> {
  const client = await pool.connect();
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    timer = setTimeout(() => {
      late = true;
      // It would wait for its standby for ever, and hold its connection: now it ends.
      pool.query('SELECT pg_cancel_backend($1)', [rows[0].pid]).catch(() => undefined);
    }, acknowledgedMs);
    await client.query("SELECT pg_logical_emit_message(true, 'holdfast', 'status')");
    return late ? unacknowledged : null;
  } catch (error) {
    return late ? unacknowledged : `nothing can be written: ${(error as Error).message}`;
  } finally {
    clearTimeout(timer);
    client.release(late);
  }
}

const unacknowledged =
  `a write is not acknowledged within ${acknowledgedMs / 1_000} s: ` +
  'is a synchronous standby there?';
