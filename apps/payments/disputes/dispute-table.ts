import type { Pool } from 'pg';

import { limits } from '#libs/contracts/limits.js';
import type { DisputeStanding } from '#libs/contracts/payments.js';
import type { AttemptId } from '#libs/inventory/ids.js';

import { enteredFrom } from '../ledger/enter.js';
import type { DisputeSeen } from '../provider/provider.js';
import { overStatuses, standingOf, turnOf, type Dispute } from './dispute.js';

interface DisputeRow {
  readonly dispute_id: string;
  readonly attempt_id: AttemptId | null;
  readonly status: string | null;
  readonly withdrawn_minor: string;
  readonly lost_minor: string;
  readonly turn: number;
  readonly hints: number;
  readonly tries: number;
  readonly lease_no: number;
}

/** Disputes in Postgres: heard of by whoever, moved under a lease each. */
export class DisputeTable {
  constructor(
    private readonly pool: Pool,
    /** Names this process and this start of it. */
    private readonly worker: string,
    private readonly leaseMs: number,
  ) {}

  /** Those that nobody spoke of are new; the others are known, and asked for at their time. */
  async find(disputeIds: readonly string[]): Promise<number> {
    const { rowCount } = await this.pool.query(
      `INSERT INTO dispute (dispute_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`,
      [disputeIds],
    );
    return rowCount ?? 0;
  }

  async claimDue(limit: number): Promise<readonly Dispute[]> {
    const { rows } = await this.pool.query<DisputeRow>(
      `UPDATE dispute SET lease_owner = $1, lease_no = lease_no + 1,
         lease_until = clock_timestamp() + $2 * interval '1 ms'
       WHERE dispute_id IN (
         SELECT dispute_id FROM dispute
         WHERE next_try_at <= clock_timestamp() AND lease_until < clock_timestamp()
           AND (hints <> hints_seen OR (attempt_id IS NOT NULL AND (status <> ALL ($4)
             OR (status = 'lost' AND updated_at > clock_timestamp() - $5 * interval '1 ms'))))
         ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING *`,
      [this.worker, this.leaseMs, limit, overStatuses, limits.disputeLostForMs],
    );
    return rows.map(disputeOf);
  }

  /** Keeps what was seen, with what it does to the ledger (DI2). False: the lease was lost. */
  async see(dispute: Dispute, seen: DisputeSeen, nextLookMs: number): Promise<boolean> {
    const { rows: paid } = await this.pool.query<PaidRow>(
      `SELECT attempt_id, event_id, currency, currency_digits FROM payment_attempt
       WHERE attempt_id = $1`,
      [seen.attemptId],
    );
    const attempt = paid.at(0);
    // Of no payment of ours: its money is in none of our accounts.
    const turn =
      attempt === undefined
        ? { status: seen.status, amountMinor: 0, withdrawnMinor: 0, lostMinor: 0, entries: [] }
        : turnOf(dispute, seen, {
            currency: attempt.currency,
            currencyDigits: attempt.currency_digits,
          });
    const { rowCount } = await this.pool.query(seenStatement, [
      dispute.disputeId,
      dispute.leaseNo,
      attempt?.attempt_id ?? null,
      turn.status,
      seen.reason,
      turn.amountMinor,
      seen.dueAtMs === null ? null : new Date(seen.dueAtMs),
      turn.withdrawnMinor,
      turn.lostMinor,
      dispute.hints,
      nextLookMs,
      turn.entries.map(({ account }) => account),
      turn.entries.map(({ amountMinor }) => amountMinor),
      attempt?.event_id ?? null,
      attempt?.currency ?? null,
      attempt?.currency_digits ?? null,
    ]);
    return rowCount === 1;
  }

  /** `isOver`: there is no such dispute; else it is asked for again. */
  async miss(dispute: Dispute, error: string, isOver: boolean, nextTryMs: number): Promise<void> {
    await this.pool.query(
      `UPDATE dispute SET error = $3, tries = tries + 1, lease_owner = NULL,
         lease_until = '-infinity', hints_seen = CASE WHEN $4 THEN $5 ELSE hints_seen END,
         next_try_at = clock_timestamp() + $6 * interval '1 ms'
       WHERE dispute_id = $1 AND lease_no = $2`,
      [dispute.disputeId, dispute.leaseNo, error, isOver, dispute.hints, nextTryMs],
    );
  }

  /** Those that are not over, by how they stand. */
  async census(): Promise<ReadonlyMap<DisputeStanding, number>> {
    const { rows } = await this.pool.query<{ status: string; count: number }>(
      `SELECT status, count(*)::int AS count FROM dispute
       WHERE attempt_id IS NOT NULL AND status <> ALL ($1) GROUP BY status`,
      [overStatuses],
    );
    const counts = new Map<DisputeStanding, number>();
    for (const { status, count } of rows) {
      const standing = standingOf(status);
      counts.set(standing, (counts.get(standing) ?? 0) + count);
    }
    return counts;
  }
}

interface PaidRow {
  readonly attempt_id: AttemptId;
  readonly event_id: string;
  readonly currency: string;
  readonly currency_digits: number | null;
}

const disputeOf = (row: DisputeRow): Dispute => ({
  disputeId: row.dispute_id,
  attemptId: row.attempt_id,
  status: row.status,
  withdrawnMinor: Number(row.withdrawn_minor),
  lostMinor: Number(row.lost_minor),
  turn: row.turn,
  hints: row.hints,
  tries: row.tries,
  leaseNo: row.lease_no,
});

const seenStatement = `
  WITH moved AS (
    UPDATE dispute SET attempt_id = $3, status = $4, reason = $5, amount_minor = $6, due_at = $7,
      withdrawn_minor = $8, lost_minor = $9, hints_seen = $10, tries = 0, error = NULL,
      turn = turn + CASE WHEN cardinality($12::text[]) > 0 THEN 1 ELSE 0 END,
      -- What was said meanwhile is looked at at once.
      next_try_at = clock_timestamp() + CASE WHEN hints = $10 THEN $11 ELSE 0 END * interval '1 ms',
      lease_owner = NULL, lease_until = '-infinity',
      updated_at = CASE WHEN status = $4 THEN updated_at ELSE clock_timestamp() END
    WHERE dispute_id = $1 AND lease_no = $2
    RETURNING *
  ), movement AS (
    SELECT 'dispute' AS cause, dispute_id || '.' || turn AS cause_id, $4::text AS kind,
      attempt_id, $14::text AS event_id, $15::text AS currency, $16::smallint AS currency_digits,
      clock_timestamp() AS at, $12::text[] AS accounts, $13::bigint[] AS amounts
    FROM moved
  ), ${enteredFrom('movement')}
  SELECT FROM moved`;
