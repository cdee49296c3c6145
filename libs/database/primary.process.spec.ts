import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { until } from '#libs/testing/until.js';
import { migrate } from './migrate.js';
import { openPool } from './pool.js';

const patienceMs = 20_000;
let old: TestPostgres;
let standby: TestPostgres;
let url: string;

beforeAll(async () => {
  old = await startTestPostgres();
  standby = await startTestPostgres({
    standbyOf: { dataFolder: old.dataFolder, port: old.port, running: old.url },
  });
  const [before, after] = old.url.split(`:${old.port}`);
  // The standby first: who took the first that answers could write nothing.
  url = `${before}:${standby.port},127.0.0.1:${old.port}${after}?target_session_attrs=primary`;
});

afterAll(() => Promise.all([old.stop(), standby.stop()]));

async function promote(): Promise<void> {
  const client = new pg.Client({ connectionString: standby.url });
  await client.connect();
  await client.query('SELECT pg_promote(wait => true)');
  await client.end();
}

describe('a database of a primary and its standby', () => {
  it('is written to on the primary, then on the promoted one (PD1, PD2)', async () => {
    const pool = openPool(url, { applicationName: 'test', max: 2, answerWithinMs: 5_000 });
    const portOf = async () =>
      (await pool.query<{ port: number }>('SELECT inet_server_port() AS port')).rows[0].port;
    try {
      const applied = await migrate(url);
      expect(applied.length).toBeGreaterThan(10);
      expect(await portOf()).toBe(old.port);
      await promote();
      // What is connected stays so, until the operator or the crash ends it: here a restart.
      await old.restart();
      const goesToTheNewOne = async () => (await portOf().catch(() => 0)) === standby.port;
      await until(goesToTheNewOne, 'the pool finds the new primary', patienceMs);
      await pool.query('CREATE TABLE written (a int)');
      expect(old.running).toBe(true);
      // Whoever was left behind is not gone back to, though nobody else is there.
      await standby.kill('SIGQUIT');
      const refusal = () => pool.query('SELECT 1').then(() => '', String);
      const isRefused = async () => (await refusal()).includes('1 left behind');
      await until(isRefused, 'nobody is left to ask', patienceMs);
    } finally {
      await pool.end();
    }
  });
});
