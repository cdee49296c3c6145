import type { Pool } from 'pg';

import { readLedger } from './simulator-control.js';

/** The money of a whole test, from three sources that know nothing of each other. */
export interface Audit {
  /** Per attempt or refund that is not settled: its state. Empty when all is done. */
  readonly unsettled: readonly string[];
  /** Minor units of bookings that live, and of what is kept of others. */
  readonly booked: number;
  /** By the provider's own account, without what was given back. */
  readonly captured: number;
  /** Taken back by banks. */
  readonly disputed: number;
  /** Authorised, neither captured nor given back. */
  readonly stillAuthorised: number;
  /** By our ledger: balance per account. */
  readonly balances: Readonly<Record<string, number>>;
  /** Attempts with more than one capture at the provider. */
  readonly capturedTwice: readonly string[];
}

export async function audit(pool: Pool, stripeUrl: string): Promise<Audit> {
  const provider = await readLedger(stripeUrl);
  const open = await pool.query<{ state: string }>(
    `SELECT state FROM payment_attempt
     WHERE state NOT IN ('CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED')
     UNION ALL SELECT state FROM refund WHERE state IN ('REQUESTED', 'SEATS_FREED', 'SENT')
     UNION ALL SELECT dispute_id FROM dispute WHERE hints <> hints_seen`,
  );
  const booked = await pool.query<{ sum: string | null }>(
    `SELECT sum(total_minor - (SELECT coalesce(sum(amount_minor), 0) FROM refund
       WHERE refund.booking_id = booking.booking_id AND state = 'DONE')) FROM booking
     WHERE cancelled_at IS NULL
       OR EXISTS (SELECT FROM refund WHERE refund.booking_id = booking.booking_id)`,
  );
  const balances = await pool.query<{ account: string; balance: string }>(
    'SELECT account, sum(amount_minor) AS balance FROM ledger_entry GROUP BY account',
  );
  const captures = new Map<string, number>();
  for (const line of provider.intents) {
    if (line.captured === 0) continue;
    const attempt = line.metadata.attempt_id;
    captures.set(attempt, (captures.get(attempt) ?? 0) + 1);
  }
  return {
    unsettled: open.rows.map((row) => row.state),
    booked: Number(booked.rows[0].sum ?? 0),
    captured: provider.captured - provider.refunded,
    disputed: provider.disputed,
    stillAuthorised: provider.authorised - provider.voided - provider.captured,
    balances: Object.fromEntries(balances.rows.map((row) => [row.account, Number(row.balance)])),
    capturedTwice: [...captures].filter(([, count]) => count > 1).map(([attempt]) => attempt),
  };
}

/** Asks until the answer is wanted; the last answer when the deadline passes. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  deadlineMs = 15_000,
): Promise<T> {
  const giveUpAtMs = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer) || Date.now() > giveUpAtMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
