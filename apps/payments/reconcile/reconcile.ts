import type { Pool } from 'pg';

import { limits } from '#libs/contracts/limits.js';

import { enterAll } from '../ledger/enter.js';
import { enterMissed } from '../ledger/enter-missed.js';
import { differencesOf, unknownAttempts, type MoneyRow, type Reconciled } from './differences.js';
import type { ProviderBooks } from './provider-books.js';
import { settledStates } from '../saga/attempt.js';

export interface ReconcileRequest {
  /** Attempts made since then. */
  readonly sinceMs: number;
  /** null: of all. */
  readonly eventId: string | null;
  /** null: it is not known which provider the system uses, so it cannot be asked. */
  readonly books: ((sinceMs: number) => Promise<ProviderBooks>) | null;
}

export interface Report extends Reconciled {
  /** Captures of a process of the release before that were entered now. */
  readonly entered: number;
}

/**
 * Compares bookings, the ledger and the provider. Before that the ledger is brought up to date:
 * what an older process captured, and the fees and payouts that only the provider knows of. What
 * changes from then on may be entered too late for this time, and is left to the next.
 */
export async function reconcile(pool: Pool, request: ReconcileRequest): Promise<Report> {
  const { sinceMs, eventId, books } = request;
  const begun = await pool.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  const entered = await enterMissed(pool);
  // Our rows first: an attempt that is settled here stays as it is at the provider.
  const { rows } = await pool.query<MoneyRow>(moneyStatement, [
    new Date(sinceMs),
    eventId,
    begun.rows[0].at,
    settledStates,
    limits.refundLateAfterMs,
  ]);
  const provider = books === null ? null : await books(sinceMs);
  await enterAll(pool, provider?.movements ?? []);
  const result = differencesOf(rows, provider?.attempts ?? null, limits.sagaStuckAfterMs);
  const unknown = provider === null || eventId !== null ? [] : await unknownOf(pool, provider);
  return { entered, ...result, differences: [...result.differences, ...unknown] };
}

/** Asked for by id: an attempt may be older than the days looked at, or younger than the rows. */
async function unknownOf(
  pool: Pool,
  { attempts }: ProviderBooks,
): Promise<Reconciled['differences']> {
  const { rows } = await pool.query<{ attempt_id: string }>(
    'SELECT attempt_id FROM payment_attempt WHERE attempt_id = ANY ($1)',
    [[...attempts.keys()]],
  );
  return unknownAttempts(attempts, new Set(rows.map((row) => row.attempt_id)));
}

/** Attempts made since $1, of the event $2 or all; $3: when the comparison began. */
export const moneyStatement = `
  SELECT a.attempt_id, a.event_id, a.currency, a.currency_digits AS "currencyDigits", a.state,
         extract(epoch FROM $3::timestamptz - CASE
           WHEN a.state = ANY ($4) THEN greatest(a.updated_at, r.updated_at, d.updated_at)
           -- A try that fails is a change too, so changes say nothing of one that is under way.
           ELSE coalesce(b.booked_at, greatest(a.created_at, a.deadline_at))
         END)::float8 * 1000 AS "dueMs",
         CASE WHEN b.cancelled_at IS NULL OR r.updated_at IS NOT NULL
           THEN coalesce(b.total_minor, 0) - coalesce(r.back, 0) ELSE 0 END::float8 AS booked,
         coalesce(l.captured, 0)::float8 AS captured,
         coalesce(l.disputed, 0)::float8 AS disputed,
         coalesce(r.is_going_back, false) AS "isGoingBack",
         coalesce(r.is_late, false) AS "isLate",
         coalesce(r.is_owed, false) AS "isOwed"
  FROM payment_attempt a
  LEFT JOIN booking b ON b.attempt_id = a.attempt_id
  LEFT JOIN LATERAL (
    SELECT max(updated_at) AS updated_at,
      sum(amount_minor) FILTER (WHERE state = 'DONE') AS back,
      bool_or(state IN ('REQUESTED', 'SEATS_FREED', 'SENT')) AS is_going_back,
      bool_or(state IN ('REQUESTED', 'SEATS_FREED', 'SENT')
        AND updated_at < $3::timestamptz - $5 * interval '1 ms') AS is_late,
      bool_or(state = 'FAILED') AS is_owed
    FROM refund WHERE refund.attempt_id = a.attempt_id
  ) r ON true
  LEFT JOIN LATERAL (
    -- What the provider keeps, or a bank took back, is none of what the buyer paid.
    SELECT sum(amount_minor) FILTER (WHERE t.cause IN ('attempt', 'refund')) AS captured,
      -sum(amount_minor) FILTER (WHERE t.cause = 'dispute') AS disputed
    FROM ledger_transaction t JOIN ledger_entry e USING (transaction_id)
    WHERE t.attempt_id = a.attempt_id AND e.account = 'provider_receivable'
  ) l ON true
  LEFT JOIN LATERAL (
    SELECT max(updated_at) AS updated_at FROM dispute WHERE dispute.attempt_id = a.attempt_id
  ) d ON true
  WHERE a.created_at >= $1 AND ($2::text IS NULL OR a.event_id = $2)
  ORDER BY a.created_at`;
