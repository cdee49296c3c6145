import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { migrate } from './migrate.js';
import { openPool } from './pool.js';

let server: TestPostgres;
let url: string;
let directory: string;
let folder: URL;

beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  url = await server.createDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'holdfast-migrations-'));
  folder = pathToFileURL(`${directory}/`);
  await writeFile(new URL('0001_one.sql', folder), 'CREATE TABLE one (id integer);\n');
  await writeFile(new URL('0002_two.sql', folder), 'CREATE TABLE two (id integer);\n');
});
afterEach(() => rm(directory, { recursive: true }));

async function tables(): Promise<string[]> {
  const pool = openPool(url, { applicationName: 'test', max: 1, answerWithinMs: 10_000 });
  try {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = 'public' ORDER BY 1`,
    );
    return rows.map((row) => row.name);
  } finally {
    await pool.end();
  }
}

describe('migrate', () => {
  it('applies all files in order once, and later only the new ones', async () => {
    expect(await migrate(url, { folder })).toEqual(['0001_one.sql', '0002_two.sql']);
    expect(await migrate(url, { folder })).toEqual([]);
    await writeFile(new URL('0003_three.sql', folder), 'CREATE TABLE three (id integer);');
    expect(await migrate(url, { folder })).toEqual(['0003_three.sql']);
    expect(await tables()).toEqual(['one', 'schema_migration', 'three', 'two']);
  });

  it('applies every file once when several processes start together', async () => {
    const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url, { folder })));
    expect(applied.flat().sort()).toEqual(['0001_one.sql', '0002_two.sql']);
  });

  it('refuses a file that was changed after it was applied, by its name', async () => {
    await migrate(url, { folder });
    await writeFile(new URL('0001_one.sql', folder), 'CREATE TABLE one (id bigint);\n');
    await expect(migrate(url, { folder })).rejects.toThrow('0001_one.sql: changed');
  });

  it('does not mistake other line ends for a change', async () => {
    await migrate(url, { folder });
    await writeFile(new URL('0001_one.sql', folder), 'CREATE TABLE one (id integer);\r\n');
    expect(await migrate(url, { folder })).toEqual([]);
  });

  it('refuses a file that comes before an applied one', async () => {
    await rm(new URL('0001_one.sql', folder));
    await migrate(url, { folder });
    await writeFile(new URL('0001_late.sql', folder), 'SELECT 1;');
    await expect(migrate(url, { folder })).rejects.toThrow('0001_late.sql: comes before');
  });

  it('refuses a database that is ahead of the build', async () => {
    await migrate(url, { folder });
    await rm(new URL('0002_two.sql', folder));
    await expect(migrate(url, { folder })).rejects.toThrow('0002_two.sql: applied');
  });

  it('refuses a badly named file and a number used twice', async () => {
    await writeFile(new URL('3-three.sql', folder), 'SELECT 1;');
    await expect(migrate(url, { folder })).rejects.toThrow('3-three.sql');
    await rm(new URL('3-three.sql', folder));
    await writeFile(new URL('0002_again.sql', folder), 'SELECT 1;');
    await expect(migrate(url, { folder })).rejects.toThrow('0002 is used twice');
  });

  it('leaves nothing of a file that fails, and names it', async () => {
    await writeFile(new URL('0003_bad.sql', folder), 'CREATE TABLE bad (id integer); SELECT 1/0;');
    await expect(migrate(url, { folder })).rejects.toThrow('0003_bad.sql: division by zero');
    expect(await tables()).toEqual(['one', 'schema_migration', 'two']);
  });

  it('brings an empty database to the schema of the journal', async () => {
    const own = new URL('./migrations/0001_journal.sql', import.meta.url);
    await rm(directory, { recursive: true });
    await cp(own, new URL('0001_journal.sql', folder));
    expect((await readFile(own, 'utf8')).length).toBeGreaterThan(1_000);
    await migrate(url, { folder });
    expect(await tables()).toEqual(
      expect.arrayContaining(['booked_seat', 'booking', 'journal', 'outbox', 'ownership']),
    );
  });
});
