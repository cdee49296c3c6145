import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { factLevelNewest, type EventId } from '#libs/inventory/inventory.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { createPostgresFactFormat } from './fact-format.js';
import { openPostgresJournal } from './postgres-journal.js';
import { describeFactFormat } from './testing/fact-format.features.js';
import { own } from './testing/journal.fixtures.js';

const migrations = new URL('../database/migrations/', import.meta.url);
const thatMakesIt = '0010_fact_format.sql';

let postgres: TestPostgres;
let pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.end();
});
afterAll(() => postgres?.stop());

function poolOf(url: string): pg.Pool {
  const pool = openPool(url, { applicationName: 'test', max: 4, answerWithinMs: 10_000 });
  pools = [...pools, pool];
  return pool;
}

describeFactFormat('the format of facts in Postgres', async (level) => {
  const url = await postgres.createDatabase();
  await migrate(url);
  const pool = poolOf(url);
  await pool.query('UPDATE fact_format SET level = $1', [level]);
  return createPostgresFactFormat(pool);
});

describe('a database', () => {
  /** As a release before this one left it. */
  async function migratedBefore(url: string): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-before-'));
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(migrations)) {
      if (name < thatMakesIt) await cp(new URL(name, migrations), path.join(folder, name));
    }
    await migrate(url, { folder: pathToFileURL(`${folder}/`) });
    await rm(folder, { recursive: true });
  }

  it('that is made by this release has the newest level', async () => {
    const url = await postgres.createDatabase();
    await migrate(url);
    expect(await createPostgresFactFormat(poolOf(url)).level()).toBe(factLevelNewest);
  });

  it('that was in use before stays at level 1 until somebody raises it', async () => {
    const url = await postgres.createDatabase();
    await migratedBefore(url);
    const pool = poolOf(url);
    await pool.query("INSERT INTO ownership (event_id) VALUES ('evt_before')");
    const journal = openPostgresJournal({ url });
    await own(journal, 'evt_before' as EventId, 'shard-before');
    await journal.close();
    await migrate(url);
    const format = createPostgresFactFormat(pool);
    expect(await format.level()).toBe(1);
    expect(await format.raise(factLevelNewest)).toBe(factLevelNewest);
    expect(await migrate(url)).toEqual([]);
    expect(await format.level()).toBe(factLevelNewest);
  });
});
