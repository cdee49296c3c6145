import { afterAll, beforeAll } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { eventually } from '../testing/audit.js';
import { attemptStoreFeatures, type LedgerSum } from './attempt-store.features.js';
import { PostgresAttemptStore } from './postgres-attempt-store.js';

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

attemptStoreFeatures({
  open: (worker, leaseMs) => new PostgresAttemptStore(pool, worker, leaseMs),
  entries: async (attemptId) => {
    const result = await pool.query<LedgerSum>(
      `SELECT step, sum(amount_minor), count(*)::int FROM payment_ledger
       WHERE attempt_id = $1 GROUP BY step ORDER BY step`,
      [attemptId],
    );
    return result.rows;
  },
  eventually,
});
