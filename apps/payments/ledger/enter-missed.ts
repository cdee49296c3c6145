import type { Pool } from 'pg';

import { limits } from '#libs/contracts/limits.js';

import { enteredFrom } from './enter.js';

/**
 * Enters what a process of the release before captured: it knows nothing of this ledger. Once for
 * each attempt, by the ledger's own key (LE2), whoever does it how often. How many were entered.
 */
export async function enterMissed(pool: Pool): Promise<number> {
  let entered = 0;
  let after = '';
  for (;;) {
    const { rows } = await pool.query<{ last: string | null; entered: number }>(missedStatement, [
      after,
      limits.ledgerPageMax,
    ]);
    const { last, entered: some } = rows[0];
    entered += some;
    if (last === null) return entered;
    after = last;
  }
}

const missedStatement = `
  WITH page AS (
    SELECT attempt_id, event_id, state, amount_minor, payment_intent_id, currency,
      currency_digits, updated_at, coalesce(tax_minor, 0) AS tax,
      coalesce(fee_minor - fee_tax_minor, 0) AS fee
    FROM payment_attempt WHERE attempt_id > $1 ORDER BY attempt_id LIMIT $2
  ), missed AS (
    SELECT 'attempt' AS cause, attempt_id AS cause_id, 'capture' AS kind, attempt_id, event_id,
      currency, currency_digits, updated_at AS at,
      accounts, amounts
    FROM page, LATERAL (
      SELECT array_agg(account) AS accounts, array_agg(amount) AS amounts
      FROM (VALUES ('provider_receivable', amount_minor),
        ('ticket_sales', fee + tax - amount_minor), ('booking_fees', -fee),
        ('tax_payable', -tax)) AS entry (account, amount)
      WHERE amount <> 0) AS entries
    WHERE state = 'CAPTURED' AND amount_minor > 0 AND payment_intent_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM ledger_transaction AS known WHERE known.cause = 'attempt'
        AND known.cause_id = page.attempt_id AND known.kind = 'capture')
  ), ${enteredFrom('missed')}
  SELECT (SELECT max(attempt_id) FROM page) AS last,
    (SELECT count(*)::int FROM entered) AS entered`;
