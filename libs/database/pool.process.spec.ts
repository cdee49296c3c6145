import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { openPool } from './pool.js';

let server: TestPostgres;

beforeAll(async () => {
  server = await startTestPostgres();
});

afterAll(() => server.stop());

describe('a pool', () => {
  it('gives up a statement without an answer and goes on with a new connection', async () => {
    const pool = openPool(server.url, { applicationName: 'test', max: 1, answerWithinMs: 200 });
    const backend = async () =>
      (await pool.query<{ pid: number }>('SELECT pg_backend_pid() pid')).rows[0].pid;
    const before = await backend();
    await expect(pool.query('SELECT pg_sleep(5)')).rejects.toThrow(/timeout/i);
    expect(await backend()).not.toBe(before);
    await pool.end();
  });
});
