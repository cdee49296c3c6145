import type pg from 'pg';
import { readLedger } from '#apps/payments/testing/simulator-control.js';
import { checkDisputes, type DisputeCheck } from './disputed.js';

const nothingDisputed: DisputeCheck = { disputes: 0, wrong: [] };

/** What Stripe took against what was sold, order by order (G5). */
export interface MoneyCheck {
  readonly bookings: number;
  readonly capturedMinor: number;
  /** Payments that banks took back or asked about; 0 where nobody disputes. */
  readonly disputes: number;
  /** Attempts that are not at their end. */
  readonly unsettled: number;
  /** One line per order whose money is not what was booked. */
  readonly wrong: readonly string[];
}

export async function checkMoney(
  pool: pg.Pool,
  stripeUrl: string,
  dispute: boolean,
): Promise<MoneyCheck> {
  const ledger = await readLedger(stripeUrl);
  const booked = await pool.query<{ attemptId: string; total: string }>(
    `SELECT attempt_id AS "attemptId", total_minor AS total FROM booking
     WHERE cancelled_at IS NULL`,
  );
  const open = await pool.query<{ count: string }>(
    `SELECT count(*) FROM payment_attempt
     WHERE state NOT IN ('CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED')`,
  );
  const due = new Map(booked.rows.map((row) => [row.attemptId, Number(row.total)]));
  const taken = new Map<string, number>();
  const wrong: string[] = [];
  for (const line of ledger.intents) {
    const attempt = line.metadata.attempt_id ?? line.id;
    taken.set(attempt, (taken.get(attempt) ?? 0) + line.captured - line.refunded);
    const blocked = line.authorised - line.voided - line.captured;
    if (blocked > 0 && line.captured === 0) wrong.push(`${attempt}: ${blocked} still authorised`);
  }
  for (const attempt of new Set([...due.keys(), ...taken.keys()])) {
    const booking = due.get(attempt) ?? 0;
    const captured = taken.get(attempt) ?? 0;
    if (booking !== captured) wrong.push(`${attempt}: booked ${booking}, captured ${captured}`);
  }
  const disputed = dispute ? await checkDisputes(pool, stripeUrl) : nothingDisputed;
  wrong.push(...disputed.wrong);
  return {
    bookings: due.size,
    disputes: disputed.disputes,
    capturedMinor: ledger.captured - ledger.refunded,
    unsettled: Number(open.rows[0].count),
    wrong,
  };
}
