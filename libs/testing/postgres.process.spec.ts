import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestPostgres, type TestPostgres } from './postgres.js';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

describe('the Postgres of the tests', () => {
  it('gives every test a database of its own', async () => {
    const [first, second] = [await server.createDatabase(), await server.createDatabase()];
    await query(first, 'CREATE TABLE mine (id integer)');
    expect(await query(second, `SELECT to_regclass('mine')::text`)).toEqual([null]);
  });

  it('has its data and its port back after kill -9', async () => {
    const url = await server.createDatabase();
    await query(url, 'CREATE TABLE kept AS SELECT 7 AS id');
    await server.kill('SIGKILL');
    await expect(query(url, 'SELECT 1')).rejects.toThrow();
    await server.restart();
    expect(await query(url, 'SELECT id FROM kept')).toEqual([7]);
  });

  it('knows letters beyond ASCII, wherever it runs', async () => {
    expect(await query(server.url, `SELECT lower('ÉÄŒ')`)).toEqual(['éäœ']);
  });

  it('has the trigram extension that the search needs', async () => {
    const url = await server.createDatabase();
    await query(url, 'CREATE EXTENSION pg_trgm');
    expect(await query(url, `SELECT similarity('arena', 'arema') > 0.3`)).toEqual([true]);
  });
});
