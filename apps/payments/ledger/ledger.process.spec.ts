import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { noParts } from '#libs/contracts/money/price-parts.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import { captureEntries, refundEntries, type LedgerEntry } from './accounts.js';
import { enter, enterAll, type Movement } from './enter.js';
import { enterMissed } from './enter-missed.js';

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

const movement = (causeId: string, entries: readonly LedgerEntry[]): Movement => ({
  cause: 'refund',
  causeId,
  kind: 'refund',
  attemptId: 'att_1',
  eventId: 'evt_1',
  currency: 'EUR',
  currencyDigits: 2,
  entries,
  atMs: null,
});

const balanceOf = async (attemptId: string): Promise<Record<string, number>> => {
  const { rows } = await pool.query<{ account: string; sum: string }>(
    `SELECT account, sum(amount_minor) FROM ledger_transaction JOIN ledger_entry
     USING (transaction_id) WHERE attempt_id = $1 GROUP BY account`,
    [attemptId],
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, Number(sum)]));
};

const count = async (): Promise<number> =>
  (await pool.query('SELECT FROM ledger_transaction')).rowCount ?? 0;

describe('the ledger', () => {
  it('takes nothing that does not add up, and nothing without entries', async () => {
    const [debit, credit] = captureEntries(700, noParts);
    const lame = [debit, { ...credit, amountMinor: -699 }];
    await expect(enter(pool, movement('lame', lame))).rejects.toThrow(/does not balance/);
    await expect(
      pool.query(`INSERT INTO ledger_transaction (cause, cause_id, kind)
                  VALUES ('fee', 'bare', 'fee')`),
    ).rejects.toThrow(/does not balance/);
    expect(await enter(pool, movement('zero', []))).toBe(false);
    expect(await count()).toBe(0);
  });

  it('adds up for each currency by itself', async () => {
    const add = (currency: string): string => `
      INSERT INTO ledger_entry SELECT transaction_id, 'bank', '${currency}', -700
      FROM ledger_transaction WHERE cause_id = 'mixed'`;
    const mixed = async (currency: string): Promise<void> => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query(`
          WITH entered AS (INSERT INTO ledger_transaction (cause, cause_id, kind)
            VALUES ('payout', 'mixed', 'payout') RETURNING transaction_id)
          INSERT INTO ledger_entry SELECT transaction_id, 'provider_receivable', 'EUR', 700
          FROM entered`);
        await client.query(add(currency));
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    };
    await expect(mixed('GBP')).rejects.toThrow(/does not balance/);
    await mixed('EUR');
    await expect(pool.query(add('GBP'))).rejects.toThrow(/does not balance/);
  });

  it('is only added to', async () => {
    await enter(pool, movement('kept', refundEntries(300, noParts)));
    for (const statement of [
      'UPDATE ledger_entry SET amount_minor = 1',
      'DELETE FROM ledger_entry',
      'TRUNCATE ledger_entry',
      `UPDATE ledger_transaction SET kind = 'other'`,
      'DELETE FROM ledger_transaction',
      'TRUNCATE ledger_transaction CASCADE',
    ]) {
      await expect(pool.query(statement)).rejects.toThrow(/the ledger only grows/);
    }
  });

  it('has one transaction of a kind for a cause, however often it is entered', async () => {
    const twice = { ...movement('twice', refundEntries(200, noParts)), attemptId: 'att_twice' };
    const entered = await Promise.all(Array.from({ length: 6 }, () => enter(pool, twice)));
    expect(entered.filter(Boolean)).toHaveLength(1);
    expect(await enter(pool, { ...twice, entries: refundEntries(900, noParts) })).toBe(false);
    expect(await balanceOf('att_twice')).toEqual({ provider_receivable: -200, ticket_sales: 200 });
    const more = { ...twice, causeId: 'more' };
    expect(await enterAll(pool, [twice, more, more])).toBe(1);
    expect(await balanceOf('att_twice')).toEqual({ provider_receivable: -400, ticket_sales: 400 });
  });

  it('is told once what a process of the release before captured', async () => {
    const old = (id: string, state: string, amount: number, intent: string | null) =>
      pool.query(
        `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
           idempotency_key, fingerprint, currency, state, amount_minor, payment_intent_id,
           updated_at)
         VALUES ($1, $1, $1, $1, 'evt_1', $1, 'f', 'EUR', $2, $3, $4, '2026-03-01')`,
        [id, state, amount, intent],
      );
    await old('att_old', 'CAPTURED', 1_200, 'pi_1');
    await old('att_free', 'CAPTURED', 0, null);
    await old('att_lost', 'EXPIRED', 1_200, 'pi_2');
    await old('att_fee', 'CAPTURED', 6_600, 'pi_3');
    await pool.query(`UPDATE payment_attempt SET fee_minor = 600, tax_minor = 1100,
      fee_tax_minor = 100 WHERE attempt_id = 'att_fee'`);
    const entered = await Promise.all([enterMissed(pool), enterMissed(pool)]);
    expect(entered[0] + entered[1]).toBe(2);
    expect(await enterMissed(pool)).toBe(0);
    expect(await balanceOf('att_old')).toEqual({
      provider_receivable: 1_200,
      ticket_sales: -1_200,
    });
    expect(await balanceOf('att_fee')).toEqual({
      ...{ provider_receivable: 6_600, ticket_sales: -5_000 },
      ...{ booking_fees: -500, tax_payable: -1_100 },
    });
    // In the month in which the money came.
    const { rows } = await pool.query<{ at: Date }>(
      `SELECT at FROM ledger_transaction WHERE cause_id = 'att_old'`,
    );
    expect(rows[0].at.getTime()).toBe(Date.parse('2026-03-01T00:00:00Z'));
  });
});
