import pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { limits } from '#libs/contracts/limits.js';
import { openPool } from '#libs/database/pool.js';
import type { TestPostgres } from '#libs/testing/postgres.js';
import { startTcpProxy, type TcpProxy } from '#libs/testing/tcp-proxy.js';
import type { JournalHarness } from '../journal-place.js';
import { openPostgresJournal, type PostgresJournalOptions } from '../postgres-journal.js';

/** A journal in a database of its own, behind a proxy that can cut it; `pool` goes around it. */
export interface PostgresHarness extends JournalHarness {
  readonly pool: pg.Pool;
  readonly proxy: TcpProxy;
  /** Around the proxy. */
  readonly url: string;
}

export async function openPostgresHarness(
  server: TestPostgres,
  options: Partial<PostgresJournalOptions> = {},
): Promise<PostgresHarness> {
  const url = await server.createDatabase();
  await migrate(url);
  const proxy = await startTcpProxy(server.port);
  const pool = openPool(url, {
    applicationName: 'test',
    max: 4,
    answerWithinMs: limits.operatorAnswerMs,
  });
  const proxied = url.replace(`:${server.port}/`, `:${proxy.port}/`);
  const journal = openPostgresJournal({ url: proxied, ...options });
  const lines = async (sql: string, values: unknown[]): Promise<string[]> => {
    const { rows } = await pool.query<{ line: string }>(sql, values);
    return rows.map((row) => row.line);
  };
  return {
    journal,
    pool,
    proxy,
    url,
    async register(eventId, wakeAtMs) {
      await pool.query(
        'INSERT INTO ownership (event_id, wake_at) VALUES ($1, to_timestamp($2::float8 / 1000))',
        [eventId, wakeAtMs],
      );
    },
    bookedSeats: (eventId) =>
      lines(
        `SELECT seat || ' ' || booking_id AS line FROM booked_seat
         WHERE event_id = $1 AND cancelled_batch IS NULL ORDER BY seat`,
        [eventId],
      ),
    bookings: (eventId) =>
      lines(
        `SELECT concat_ws(' ', booking_id, array_to_string(seats, ','), total_minor,
           CASE WHEN cancelled_at IS NULL THEN 'live' ELSE 'cancelled' END) AS line
         FROM booking WHERE event_id = $1 ORDER BY booking_id`,
        [eventId],
      ),
    outbox: (eventId) =>
      lines(
        `SELECT topic || ' ' || key || ' ' || replace(payload::text, ' ', '') AS line
         FROM outbox WHERE event_id = $1 ORDER BY id`,
        [eventId],
      ),
    loseNext: (when) =>
      when === 'before' ? proxy.cutBeforeNextRequest() : proxy.cutBeforeNextAnswer(),
    async close() {
      await journal.close();
      await pool.end();
      await proxy.close();
    },
  };
}
