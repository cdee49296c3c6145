import type pg from 'pg';
import { overStatuses } from '#apps/payments/disputes/dispute.js';
import { everyDispute, type DisputeAtProvider } from '#apps/payments/testing/simulator-control.js';

/** Disputes as the provider has them against what our rows and our ledger say. */
export interface DisputeCheck {
  readonly disputes: number;
  /** One line for each that is not the same here. */
  readonly wrong: readonly string[];
}

/** As our row and our ledger have it. */
export interface KnownDispute {
  readonly id: string;
  readonly status: string | null;
  /** By the ledger: out of the provider's account, not decided, and lost for good. */
  readonly away: number;
  readonly open: number;
  readonly lost: number;
}

const knownStatement = `
  SELECT dispute_id AS id, status, coalesce(away, 0)::float8 AS away,
    coalesce(open, 0)::float8 AS open, coalesce(away - open, 0)::float8 AS lost
  FROM dispute LEFT JOIN LATERAL (
    SELECT -sum(amount_minor) FILTER (WHERE account = 'provider_receivable') AS away,
      coalesce(sum(amount_minor) FILTER (WHERE account = 'disputed_funds'), 0) AS open
    FROM ledger_transaction JOIN ledger_entry USING (transaction_id)
    WHERE cause = 'dispute' AND cause_id LIKE dispute_id || '.%'
  ) entered ON true`;

export async function checkDisputes(pool: pg.Pool, stripeUrl: string): Promise<DisputeCheck> {
  const atProvider = await everyDispute(stripeUrl);
  const { rows } = await pool.query<KnownDispute>(knownStatement);
  const known = new Map(rows.map((row) => [row.id, row]));
  const wrong = atProvider.flatMap((dispute) => differsIn(dispute, known.get(dispute.id)) ?? []);
  return { disputes: atProvider.length, wrong };
}

/** In words; null: it is the same here. */
export function differsIn(
  dispute: DisputeAtProvider,
  here: KnownDispute | undefined,
): string | null {
  const { id, status, balance_transactions: moved } = dispute;
  if (here === undefined) return `${id}: ${status}, and nobody here knows of it`;
  if (here.status !== status) return `${id}: ${status}, and here ${here.status}`;
  const away = moved.reduce((sum, { amount }) => sum - amount, 0);
  const isOver = overStatuses.includes(status);
  const said = [away, isOver ? 0 : away, isOver ? away : 0];
  const entered = [here.away, here.open, here.lost];
  if (said.join() === entered.join()) return null;
  return `${id}, ${status}: away, open, lost ${said.join()}, and in the ledger ${entered.join()}`;
}
