import type { PoolClient } from 'pg';

import { limits } from '#libs/contracts/limits.js';

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
    SELECT cause, "causeId" AS cause_id, kind, "attemptId" AS attempt_id, "eventId" AS event_id,
      currency, "currencyDigits" AS currency_digits,
      coalesce(to_timestamp("atMs" / 1000), statement_timestamp()) AS at,
      ARRAY(SELECT entry->>'account' FROM jsonb_array_elements(entries)
        WITH ORDINALITY AS of (entry, place) ORDER BY place) AS accounts,
      ARRAY(SELECT (entry->>'amountMinor')::bigint FROM jsonb_array_elements(entries)
        WITH ORDINALITY AS of (entry, place) ORDER BY place) AS amounts
    FROM jsonb_to_recordset($1::jsonb) AS given (cause text, "causeId" text, kind text,
      "attemptId" text, "eventId" text, currency text, "currencyDigits" smallint, "atMs" float8,
      entries jsonb)
  ), ${enteredFrom('movement')}
  SELECT FROM entered`;

/** Within the caller's transaction. False: there was nothing to enter, or it was entered before. */
export const enter = async (
  client: Pick<PoolClient, 'query'>,
  movement: Movement,
): Promise<boolean> => (await enterAll(client, [movement])) === 1;

/** The same for several, limits.ledgerPageMax in a statement; how many were entered. */
export async function enterAll(
  client: Pick<PoolClient, 'query'>,
  movements: readonly Movement[],
): Promise<number> {
  const keyOf = ({ cause, causeId, kind }: Movement): string => `${cause} ${kind} ${causeId}`;
  const once = [...new Map(movements.map((one) => [keyOf(one), one])).values()];
  let entered = 0;
  for (let from = 0; from < once.length; from += limits.ledgerPageMax) {
    const page = once.slice(from, from + limits.ledgerPageMax);
    const { rowCount } = await client.query(enterStatement, [JSON.stringify(page)]);
    entered += rowCount ?? 0;
  }
  return entered;
}
