import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';

import { openPool } from '#libs/database/pool.js';
import { migrate } from '#libs/database/migrate.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { readHistory } from './read-history.js';

let server: TestPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startTestPostgres();
  const url = await server.createDatabase();
  await migrate(url);
  pool = openPool(url, {
    applicationName: 'spec',
    max: 1,
    answerWithinMs: 10_000,
    settings: { lock_timeout: '50' },
  });
}, 120_000);

afterAll(async () => {
  await pool?.end();
  await server?.stop();
});

it('reads the next event though the one before could not be read to its end', async () => {
  const other = openPool(pool.options.connectionString ?? '', {
    applicationName: 'spec',
    max: 1,
    answerWithinMs: 10_000,
  });
  const blocker = await other.connect();
  await blocker.query('BEGIN; LOCK TABLE booking');
  await expect(readHistory(pool, 'evt_one')).rejects.toMatchObject({ code: '55P03' });
  await blocker.query('ROLLBACK');
  blocker.release();
  await other.end();
  expect(await readHistory(pool, 'evt_two')).toMatchObject({ eventId: 'evt_two', rows: [] });
});
