import type { PoolClient } from 'pg';

import type { LedgerEntry } from './accounts.js';

/**
 * What a movement of money writes into the ledger, in the transaction that moves it.
 *
 * LE1  A transaction balances per currency, or nothing of it is committed (a constraint).
 * LE2  A cause has one transaction of a kind, however often it is entered: the first one counts.
 * LE3  What was entered is never changed: a mistake is put right by another transaction.
 */
export interface Movement {
  readonly cause: 'attempt' | 'refund' | 'dispute' | 'fee' | 'payout';
  /** At most 200 characters. */
  readonly causeId: string;
  /** What happened to the cause, `[a-z_]`. */
  readonly kind: string;
  readonly attemptId: string | null;
  readonly eventId: string | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly currencyDigits: number | null;
  readonly entries: readonly LedgerEntry[];
  /** null: now. */
  readonly atMs: number | null;
}

/**
 * Two parts of a WITH: the transaction of each row of `from`, which has the columns of
 * ledger_transaction and `currency`, `accounts` and `amounts`; a row without accounts enters none.
 * The second part is called `entered_entries`.
 */
export const enteredFrom = (from: string): string => `
  entered AS (
    INSERT INTO ledger_transaction
      (cause, cause_id, kind, attempt_id, event_id, currency_digits, at)
    SELECT cause, cause_id, kind, attempt_id, event_id, currency_digits, at FROM ${from}
    WHERE cardinality(accounts) > 0
    ON CONFLICT DO NOTHING RETURNING transaction_id, cause, cause_id, kind
  ), entered_entries AS (
    INSERT INTO ledger_entry (transaction_id, account, currency, amount_minor)
    SELECT entered.transaction_id, entry.account, movement.currency, entry.amount
    FROM entered JOIN ${from} AS movement USING (cause, cause_id, kind),
      unnest(movement.accounts, movement.amounts) AS entry (account, amount)
  )`;

const enterStatement = `
  WITH movement AS (
    SELECT $1::text AS cause, $2::text AS cause_id, $3::text AS kind, $4::text AS attempt_id,
      $5::text AS event_id, $6::text AS currency, $7::smallint AS currency_digits,
      coalesce(to_timestamp($8::float8 / 1000), statement_timestamp()) AS at,
      $9::text[] AS accounts, $10::bigint[] AS amounts
  ), ${enteredFrom('movement')}
  SELECT FROM entered`;

/** Within the caller's transaction. False: there was nothing to enter, or it was entered before. */
export async function enter(
  client: Pick<PoolClient, 'query'>,
  movement: Movement,
): Promise<boolean> {
  const { entries } = movement;
  const result = await client.query(enterStatement, [
    movement.cause,
    movement.causeId,
    movement.kind,
    movement.attemptId,
    movement.eventId,
    movement.currency,
    movement.currencyDigits,
    movement.atMs,
    entries.map(({ account }) => account),
    entries.map(({ amountMinor }) => amountMinor),
  ]);
  return result.rowCount === 1;
}
