import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { until } from '#libs/testing/until.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { followChanges, type ChangeFeed } from './change-feed.js';
import { createPostgresCatalogue } from './postgres-catalogue.js';
import { fillCatalogue } from './testing/many-events.js';

let postgres: TestPostgres;
let pool: Pool;
let clock: VirtualClock;
let told: (EventId | null)[];
let failures: number;
let answers = 0;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'feed-spec', max: 4, answerWithinMs: 10_000 });
  await fillCatalogue(pool, 10);
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

beforeEach(() => {
  clock = new VirtualClock();
  told = [];
  failures = 0;
  answers = 0;
});

/** A change that the search does not depend on: it is not derived again, which is a change too. */
const describeAs = (id: string, text: string) =>
  pool.query('UPDATE event SET description = $2 WHERE event_id = $1', [id, text]);

const rename = (id: string, name: string) =>
  pool.query('UPDATE event SET name = $2 WHERE event_id = $1', [id, name]);

async function following(run: (feed: ChangeFeed) => Promise<void>, from = pool): Promise<void> {
  const feed = followChanges({
    ...{ pool: from, clock },
    changed: (eventId) => void told.push(eventId),
    answered: () => void (answers += 1),
    failed: () => void (failures += 1),
  });
  await until(() => told.length + failures > 0, 'a first look');
  told = [];
  try {
    await run(feed);
  } finally {
    feed.close();
  }
}

/** Until a look has told what is wanted; real answers come between the steps of the clock. */
const seen = (...wanted: (string | null)[]) =>
  until(async () => {
    await clock.advance(limits.catalogueLookMs);
    return wanted.every((id) => told.includes(id as EventId));
  }, `changes of ${wanted.join()}`);

describe('changes of the catalogue', () => {
  it('are told once each, whoever made them', () =>
    following(async () => {
      await describeAs('evt_1', 'One');
      await seen('evt_1');
      await describeAs('evt_2', 'Two');
      await seen('evt_2');
      expect(told).toEqual(['evt_1', 'evt_2']);
    }));

  it('are looked for in vain as well, and each look says that the database answers', () =>
    following(async () => {
      const before = answers;
      await until(async () => {
        await clock.advance(limits.catalogueLookMs);
        return answers > before;
      }, 'an answer');
    }));

  it('of a venue are told for all its events', () =>
    following(async () => {
      await pool.query('UPDATE event SET venue_id = 5 WHERE event_id = $1', ['evt_7']);
      await seen('evt_7');
      told = [];
      await pool.query("UPDATE venue SET name = 'Elsewhere' WHERE venue_id = 5");
      await seen('evt_4', 'evt_7');
      expect(told).toHaveLength(2);
    }));

  it('that are committed late are told late, and not lost', () =>
    following(async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query("UPDATE event SET description = 'Late' WHERE event_id = 'evt_3'");
      await describeAs('evt_1', 'Before');
      await seen('evt_1');
      await client.query('COMMIT');
      client.release();
      await seen('evt_3');
      expect(told).toEqual(['evt_1', 'evt_3']);
    }));

  it('may have been missed by who could not look for long, who is told so', () => {
    let down = false;
    const query = (...asked: Parameters<Pool['query']>) =>
      down ? Promise.reject(new Error('down')) : pool.query(...asked);
    return following(
      async () => {
        down = true;
        await clock.advance(limits.catalogueChangesKeptMs);
        expect([told, failures > 1]).toEqual([[], true]);
        down = false;
        await seen(null);
        expect(told).toEqual([null]);
      },
      { query } as unknown as Pool,
    );
  });

  it('of names reach the search without an import', () =>
    following(async () => {
      await rename('evt_5', 'Xylophonia');
      await seen('evt_5');
      const stale = 'SELECT FROM event WHERE search_version = 0';
      await until(async () => (await pool.query(stale)).rows.length === 0, 'new terms');
      const { rows } = await pool.query<{ found: boolean }>(
        "SELECT search @@ 'xylophonia' AS found FROM event WHERE event_id = 'evt_5'",
      );
      expect(rows[0].found).toBe(true);
    }));

  it('have their terms derived once more when that failed, though nothing else changes', () => {
    let broken = false;
    const connect = () => (broken ? Promise.reject(new Error('no connection')) : pool.connect());
    return following(
      async () => {
        broken = true;
        await rename('evt_8', 'Quetzalcoatl');
        await seen('evt_8');
        await until(() => failures > 0, 'a derivation that failed');
        broken = false;
        await until(async () => {
          await clock.advance(limits.catalogueLookMs);
          const { rows } = await pool.query<{ found: boolean }>(
            "SELECT search @@ 'quetzalcoatl' AS found FROM event WHERE event_id = 'evt_8'",
          );
          return rows[0].found;
        }, 'new terms');
      },
      { query: pool.query.bind(pool), connect } as unknown as Pool,
    );
  });

  it('make the catalogue read an event again', async () => {
    const catalogue = createPostgresCatalogue(pool);
    const id = 'evt_6' as EventId;
    await catalogue.eventOf(id);
    await rename(id, 'Fresh');
    const under = catalogue.eventOf(id);
    catalogue.forget(id);
    expect((await under)?.name).not.toBe('Fresh');
    expect((await catalogue.eventOf(id))?.name).toBe('Fresh');
  });
});
