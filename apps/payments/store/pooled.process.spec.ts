import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { PoolerSettings } from '#libs/database/pooler.js';
import { startPgBouncer, type TestPooler } from '#libs/testing/pgbouncer.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { eventually } from '../testing/audit.js';
import { ledgerSums } from '../testing/ledger-sums.js';
import { attemptStoreFeatures } from './attempt-store.features.js';
import { PostgresAttemptStore } from './postgres-attempt-store.js';

/** Fewer than connections to it: who asks next has another session. */
const sessions = 3;
let postgres: TestPostgres;
let pooler: TestPooler | null;
let pool: Pool;

const open = (settings: Readonly<Record<string, string>> = {}): Pool =>
  openPool(pooler?.url ?? postgres.url, {
    ...{ applicationName: 'hf-test', max: 8, answerWithinMs: 10_000, settings },
  });

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  pooler = await startPgBouncer(postgres.url, sessions);
  if (pooler === null) process.stderr.write('SKIPPED: no PgBouncer can be had here\n');
  pool = open();
}, 120_000);

afterAll(async () => {
  await pool?.end();
  await pooler?.stop();
  await postgres?.stop();
});

describe('payments behind a pooler by transaction', () => {
  attemptStoreFeatures({
    open: (worker, leaseMs) => new PostgresAttemptStore(pool, worker, leaseMs),
    entries: (attemptId) => ledgerSums(pool, attemptId),
    eventually,
  });

  it('share sessions, in which a statement with a name would be unknown (PGB2)', async () => {
    if (pooler === null) return;
    const named = (n: number) =>
      pool.query<{ pid: number }>({
        ...{ name: `spec-${n % 4}`, text: `SELECT ${n % 4}, pg_backend_pid() AS pid` },
      });
    const asked = await Promise.all(Array.from({ length: 200 }, (_one, n) => named(n)));
    expect(new Set(asked.map(({ rows }) => rows[0].pid)).size).toBeLessThanOrEqual(sessions);
  });

  it('are not begun where a setting that matters does not hold (PGB1)', async () => {
    if (pooler === null) return;
    const demanding = open({ jit: 'off' });
    await expect(demanding.query('SELECT 1')).rejects.toThrow(PoolerSettings);
    await expect(demanding.query('SELECT 1')).rejects.toThrow(
      "behind the pooler jit is on; ALTER ROLE ... SET jit = 'off'",
    );
    await demanding.end();
  });
});
