import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import type { AttemptId, UserId } from '#libs/inventory/ids.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { eventually } from '../testing/audit.js';
import { ledgerSums } from '../testing/ledger-sums.js';
import { attemptStoreFeatures } from './attempt-store.features.js';
import { PostgresAttemptStore } from './postgres-attempt-store.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  pool = openPool(postgres.url, { applicationName: 'hf-test', max: 8, answerWithinMs: 10_000 });
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

attemptStoreFeatures({
  open: (worker, leaseMs) => new PostgresAttemptStore(pool, worker, leaseMs),
  entries: (attemptId) => ledgerSums(pool, attemptId),
  eventually,
});

it('says of an attempt from before that its decimals are not known', async () => {
  await pool.query(
    `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
       idempotency_key, fingerprint, payment_token, currency, state, amount_minor)
     VALUES ('att_old', 'bkg_old', 'usr_old', 'rsv_old', 'evt_old', 'old', 'f', 'pm_card_visa',
       'HUF', 'CAPTURED', 12000)`,
  );
  const store = new PostgresAttemptStore(pool, 'worker', 60_000);
  const old = await store.byKey('usr_old' as UserId, 'old');
  expect(old).toMatchObject({ amountMinor: 12_000, currencyDigits: null });
});

it('hears the same of two processes, and hints at an attempt once for each event', async () => {
  const stores = ['one', 'two'].map((name) => new PostgresAttemptStore(pool, name, 60_000));
  const attempts = ['att_w', 'att_x', 'att_y', 'att_z'] as AttemptId[];
  await pool.query(
    `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
       idempotency_key, fingerprint, payment_token, currency, state, amount_minor)
     SELECT id, 'bkg' || id, 'usr' || id, 'rsv' || id, 'evt_heard', id, 'f', 'pm_card_visa', 'EUR',
       'AUTHORISING', 100 FROM unnest($1::text[]) AS id`,
    [attempts],
  );
  const events = [1, 2, 3, 4, 5].flatMap((number) =>
    attempts.map((attemptId) => ({
      eventId: `evt_${number}${attemptId}`,
      type: 'payment_intent.succeeded',
      ...{ attemptId, refundId: null, disputeId: null, createdAtMs: 1_800_000_000_000 },
    })),
  );
  const heard = await Promise.all([
    ...events.map((event) => stores[0].hear(event)),
    ...events.toReversed().map((event) => stores[1].hear(event)),
  ]);
  expect(heard.filter(({ isNew }) => isNew)).toHaveLength(events.length);
  const hints = await Promise.all(attempts.map((id) => stores[0].byId(id)));
  expect(hints.map((attempt) => attempt?.hints)).toEqual([5, 5, 5, 5]);
});
