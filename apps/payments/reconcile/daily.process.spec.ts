import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { feeEntries } from '../ledger/accounts.js';
import { DailyReconciliation, lastReconciled } from './daily.js';
import type { AtProvider } from './differences.js';
import type { ProviderBooks } from './provider-books.js';
import { moneyStatement, reconcile } from './reconcile.js';

const dayMs = 86_400_000;
let postgres: TestPostgres;
let pool: Pool;
let asked = 0;
let since: number[] = [];
let failing = false;
let attempts = new Map<string, AtProvider>();

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  pool = openPool(postgres.url, { applicationName: 'hf-test', max: 8, answerWithinMs: 10_000 });
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

beforeEach(async () => {
  await pool.query('DELETE FROM reconciliation');
  asked = 0;
  since = [];
  failing = false;
  attempts = new Map();
});

const books = (sinceMs: number): Promise<ProviderBooks> => {
  asked += 1;
  since.push(sinceMs);
  if (failing) return Promise.reject(new Error('the provider is away'));
  const fee = {
    cause: 'fee',
    causeId: 'txn_1',
    kind: 'fee',
    attemptId: null,
    eventId: null,
    currency: 'EUR',
    currencyDigits: null,
    entries: feeEntries(40),
    atMs: 1_800_000_000_000,
  } as const;
  return Promise.resolve({ attempts, movements: [fee] });
};

const daily = (): DailyReconciliation =>
  new DailyReconciliation({ pool, books, clock: systemClock, log: silentLog() });

const lastFound = async () => (await lastReconciled(pool))?.found ?? null;

it('is done once a day, by one process', async () => {
  await Promise.all([daily().run(), daily().run(), daily().run()]);
  await daily().run();
  expect(asked).toBe(1);
  expect(await lastFound()).toBe(0);
});

it('counts and keeps what does not add up', async () => {
  attempts.set('att_gone', {
    currency: 'EUR',
    captured: 700,
    authorised: 0,
    settled: 700,
    disputed: 0,
  });
  await daily().run();
  expect(await lastFound()).toBe(1);
  const { rows } = await pool.query('SELECT found, differences FROM reconciliation');
  expect(rows).toMatchObject([{ found: 1, differences: [{ what: 'unknown_attempt' }] }]);
});

it('enters the fees of the provider once, whenever it is told of them', async () => {
  await daily().run();
  await pool.query('DELETE FROM reconciliation');
  await daily().run();
  const { rows } = await pool.query<{ sum: string }>(
    `SELECT sum(amount_minor) FROM ledger_entry WHERE account = 'provider_fees'`,
  );
  expect(rows[0].sum).toBe('40');
});

it('is taken over when who had it did not finish in its time, and not before', async () => {
  failing = true;
  await daily().run();
  failing = false;
  await daily().run();
  expect([asked, await lastFound()]).toEqual([1, null]);
  await pool.query(`UPDATE reconciliation SET begun_at = begun_at - interval '2 hours'`);
  await daily().run();
  expect([asked, await lastFound()]).toEqual([2, 0]);
});

it('looks at two days, and at all since the last run that ended', async () => {
  await daily().run();
  expect(since[0]).toBeGreaterThan(Date.now() - 2 * dayMs - 60_000);
  await pool.query(`UPDATE reconciliation SET day = day - 9,
    begun_at = begun_at - interval '9 days', ended_at = ended_at - interval '9 days'`);
  await pool.query(`INSERT INTO reconciliation (day, begun_at)
    VALUES (current_date - 5, now() - interval '5 days')`);
  await daily().run();
  expect(since[1]).toBeLessThanOrEqual(Date.now() - 9 * dayMs);
});

it('says when it was done last, and nothing before it was', async () => {
  expect(await lastReconciled(pool)).toBeNull();
  await daily().run();
  await pool.query(`UPDATE reconciliation SET ended_at = ended_at - interval '1 hour'`);
  const { ageMs = 0 } = (await lastReconciled(pool)) ?? {};
  expect(Math.floor(ageMs / 3_600_000)).toBe(1);
});

describe('seats that are booked and not paid', () => {
  const request = { sinceMs: 0, eventId: null, books: null };
  /** An attempt whose last try has failed just now. */
  const bookedAgo = async (bookedAgo: string): Promise<void> => {
    await pool.query('DELETE FROM booking');
    await pool.query(`DELETE FROM payment_attempt`);
    await pool.query(
      `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
         idempotency_key, fingerprint, state, currency, amount_minor, created_at, deadline_at)
       VALUES ('att_1', 'bkg_1', 'ann', 'rsv_1', 'evt_1', 'k', 'f', 'BOOKED', 'EUR', 700,
         now() - interval '3 hours', now() + interval '3 hours')`,
    );
    await pool.query(
      `INSERT INTO booking (booking_id, event_id, batch_no, hold_id, attempt_id, user_id, seats,
         areas, total_minor, booked_at)
       VALUES ('bkg_1', 'evt_1', 1, 'rsv_1', 'att_1', 'ann', '{1}', '[]', 700,
         now() - $1::interval)`,
      [bookedAgo],
    );
  };

  it('are named a minute after they were sold, however often a capture was tried', async () => {
    await bookedAgo('2 minutes');
    const { differences } = await reconcile(pool, request);
    expect(differences).toMatchObject([{ what: 'booked_not_captured', attempt_id: 'att_1' }]);
    await bookedAgo('1 second');
    expect(await reconcile(pool, request)).toMatchObject({ pending: 1, differences: [] });
  });

  it('are not named when an older process takes the money behind what was entered', async () => {
    await bookedAgo('2 minutes');
    const query = async (text: string, values: unknown[]) => {
      if (text === moneyStatement) {
        await pool.query(`UPDATE payment_attempt SET state = 'CAPTURED', updated_at = now()`);
      }
      return pool.query(text, values);
    };
    const behind = { query } as unknown as Pool;
    expect(await reconcile(behind, request)).toMatchObject({ pending: 1, differences: [] });
  });
});
