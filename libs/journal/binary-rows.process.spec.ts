import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import type pg from 'pg';
import { binaryRows, type BinaryRow } from './binary-rows.js';

let server: TestPostgres;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startTestPostgres();
  pool = openPool(server.url, { applicationName: 'test', max: 1, answerWithinMs: 2_000 });
});
afterAll(async () => {
  await pool.end();
  await server.stop();
});

/** All rows, in memory of their own. */
async function rowsOf(sql: string): Promise<BinaryRow[]> {
  const rows: BinaryRow[] = [];
  await binaryRows(pool, sql, (row) => {
    rows.push(row.map((column) => (column === null ? null : Buffer.from(column))));
  });
  return rows;
}

describe('rows in binary', () => {
  it('have every byte as it is stored, however long, and null for NULL', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const hex = bytes.toString('hex');
    const sql = `SELECT n, repeat('x', n), NULL::bytea, decode(repeat('${hex}', n), 'hex')
      FROM unnest(ARRAY[0, 1, 20000]) AS n ORDER BY n`;
    const rows = await rowsOf(sql);
    const found = rows.map(([n, text, nothing, data]) => ({
      n: n?.readInt32BE(),
      text: text?.toString(),
      nothing,
      isSame: data?.equals(Buffer.concat(Array<Buffer>(n?.readInt32BE() ?? 0).fill(bytes))),
    }));
    expect(found).toEqual(
      [0, 1, 20_000].map((n) => {
        return { n, text: 'x'.repeat(n), nothing: null, isSame: true };
      }),
    );
  });

  it('may be none', async () => {
    expect(await rowsOf('SELECT 1 WHERE false')).toEqual([]);
  });

  it('are refused with the cause, and the only connection of the pool is replaced', async () => {
    await expect(rowsOf('SELECT 1 / 0')).rejects.toThrow('division by zero');
    await expect(rowsOf('SELECT 1 FROM pg_sleep(60)')).rejects.toThrow('timeout');
    expect(await rowsOf('SELECT 7')).toEqual([[Buffer.from([0, 0, 0, 7])]]);
  });

  it('that their reader does not want are its own error, and the connection is whole', async () => {
    const refuse = (): void => {
      throw new Error('not wanted');
    };
    const reading = binaryRows(pool, 'SELECT n FROM generate_series(1, 9) n', refuse);
    await expect(reading).rejects.toThrow('not wanted');
    expect(await rowsOf('SELECT 7')).toEqual([[Buffer.from([0, 0, 0, 7])]]);
  });
});
