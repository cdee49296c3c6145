import { afterAll, beforeAll } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { PostgresAttemptStore } from '../store/postgres-attempt-store.js';
import { refundStoreFeatures } from './refund-store.features.js';
import { RefundTable } from './refund-table.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  pool = openPool(postgres.url, { applicationName: 'hf-test', max: 8, answerWithinMs: 10_000 });
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

refundStoreFeatures({
  attempts: () => new PostgresAttemptStore(pool, 'worker', 60_000),
  open: (worker, leaseMs) => new RefundTable(pool, worker, leaseMs),
  held: async (attemptId) => {
    const { rows } = await pool.query<{ count: number; sum: number }>(
      `SELECT count(*)::int AS count, sum(amount_minor)::int AS sum
       FROM ledger_transaction JOIN ledger_entry USING (transaction_id)
       WHERE attempt_id = $1 AND account = 'provider_receivable'`,
      [attemptId],
    );
    return rows[0];
  },
});
