import type { Pool } from 'pg';

/** The transactions of an attempt by kind: what their entries come to, and how many there are. */
export interface LedgerSum {
  readonly kind: string;
  readonly sum: string;
  readonly count: number;
}

export async function ledgerSums(pool: Pool, attemptId: string): Promise<LedgerSum[]> {
  const { rows } = await pool.query<LedgerSum>(
    `SELECT kind, sum(amount_minor), count(*)::int
     FROM ledger_transaction JOIN ledger_entry USING (transaction_id)
     WHERE attempt_id = $1 GROUP BY kind ORDER BY kind`,
    [attemptId],
  );
  return rows;
}
