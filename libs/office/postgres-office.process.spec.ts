import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { fillCatalogue } from '#libs/catalogue/testing/many-events.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { createPostgresOffice } from './postgres-office.js';
import { describeOffice } from './testing/office.features.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterEach(() => pool.end());
afterAll(() => postgres?.stop());

async function openDatabase(): Promise<void> {
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'test', max: 4, answerWithinMs: 10_000 });
}

describeOffice('the office in Postgres', async () => {
  await openDatabase();
  await pool.query("INSERT INTO seating_plan VALUES ('h', 'Plan', 1, '{Stalls}', '[]', '', '')");
  await pool.query(
    `INSERT INTO venue (name, city, name_key, city_key) VALUES ('v', 'c', 'v', 'c')`,
  );
  let bookings = 0;
  return {
    office: createPostgresOffice(pool),
    async addEvent(eventId, organiser) {
      await pool.query(
        `INSERT INTO event (event_id, name, description, venue_id, performers, starts_at, plan_hash,
                            currency, price_min_minor, price_max_minor, rules, search, organiser)
         SELECT $1, 'A show', '', venue_id, '{}', now(), 'h', 'EUR', 1, 1, '{}', '', $2 FROM venue`,
        [eventId, organiser],
      );
    },
    async addBooking(eventId, totalMinor, cancelled) {
      bookings += 1;
      await pool.query(
        `INSERT INTO booking VALUES
           ($1, $2, 1, 'rsv', 'att', 'usr', '{}', '[]', $3, now(), CASE WHEN $4 THEN now() END)`,
        [`bkg_${bookings}`, eventId, totalMinor, cancelled],
      );
    },
    async addOwned({ eventId, owner, epoch, pinnedTo, quarantined }) {
      await pool.query(
        `INSERT INTO ownership (event_id, shard, epoch, pinned_to, quarantined)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (event_id) DO UPDATE SET shard = $2, epoch = $3, pinned_to = $4,
                                              quarantined = $5`,
        [eventId, owner, epoch, pinnedTo, quarantined],
      );
    },
    async addBatch(eventId, { batchNo, firstSeq, facts }) {
      const hash = Buffer.alloc(32);
      await pool.query('INSERT INTO journal VALUES ($1, $2, 1, $3, $3, $4, $4, $5)', [
        eventId,
        batchNo,
        firstSeq,
        hash,
        facts,
      ]);
    },
  };
});

describe('an event that a release before imported', () => {
  it('is nobody’s, and there', async () => {
    await openDatabase();
    await fillCatalogue(pool, 3);
    const office = createPostgresOffice(pool);
    const [first] = await office.events({ organisers: null, after: '', limit: 1 });
    expect(first.organiser).toBeNull();
    const detail = await createPostgresCatalogue(pool).eventOf(first.eventId);
    expect(detail?.organiser).toBeNull();
  });
});

describe('old rows of the audit', () => {
  it('that somebody has in hand are left to the next run, and nobody is waited for', async () => {
    await openDatabase();
    const office = createPostgresOffice(pool);
    const asked = { who: 'a', what: 'token', eventId: null, reason: 'x', trace: '' };
    for (let i = 0; i < 3; i += 1) await office.begin({ ...asked, role: 'sre' });
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM audit ORDER BY audit_id LIMIT 1 FOR UPDATE');
    expect(await office.forgetAudit(0, 10)).toBe(2);
    await client.query('ROLLBACK');
    client.release();
    expect(await office.forgetAudit(0, 10)).toBe(1);
  });
});
