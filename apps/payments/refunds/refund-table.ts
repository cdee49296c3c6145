import type { Pool, PoolClient } from 'pg';

import { noParts } from '#libs/contracts/money/price-parts.js';
import type { BookingId, UserId } from '#libs/inventory/ids.js';
import { inTransaction } from '#libs/database/transaction.js';

import { standingOf } from '../disputes/dispute.js';
import { enteredFrom } from '../ledger/enter.js';
import type { Attempt } from '../saga/attempt.js';
import { attemptColumns, attemptOf, type AttemptRow } from '../store/attempt-row.js';
import { cancellingRule } from './cancelling.js';
import type { RefundTransition } from './decide-refund.js';
import { again, firstState, judgeRefund, refusal, type KnownOfPayment } from './judge-refund.js';
import { shareOfParts } from './parts-back.js';
import {
  keyOfRefund,
  movementOf,
  openRefundStates,
  type Refund,
  type RefundState,
} from './refund.js';
import type { RefundAsk, RefundStore, Requested } from './refund-ask.js';
import { refundOf, type RefundRow } from './refund-row.js';
import type { Gone } from './what-goes-back.js';

const open = `(state IN (${openRefundStates.map((state) => `'${state}'`).join(', ')})
  OR hints <> hints_seen)`;

/** Refunds in Postgres: made under a lock of their attempt (MR2), moved under a lease each. */
export class RefundTable implements RefundStore {
  constructor(
    private readonly pool: Pool,
    /** Names this process and this start of it. */
    private readonly worker: string,
    readonly leaseMs: number,
  ) {}

  /** `also`: what is done in the transaction that makes a new one, such as a line on record. */
  request(
    ask: RefundAsk,
    also?: (client: PoolClient, made: Refund) => Promise<void>,
  ): Promise<Requested> {
    return inTransaction(this.pool, async (client) => {
      const attempt = await lockedAttempt(client, ask);
      if (attempt === null) return { kind: 'refused', reason: 'booking_not_found' };
      const known = await byKey(client, ask);
      if (known !== null) return again(known, ask);
      const back = judgeRefund(ask, await knownOf(client, attempt, ask));
      if ('refused' in back) return refusal(back);
      const { rows } = await client.query<RefundRow>(insertStatement, [
        ask.refundId,
        attempt.attemptId,
        attempt.bookingId,
        attempt.eventId,
        attempt.userId,
        ask.asker,
        ask.requestKey,
        ask.fingerprint,
        ask.role,
        ask.reason,
        firstState(back),
        back.seats,
        JSON.stringify(back.areas),
        ask.offSale,
        back.amountMinor,
        back.keptMinor,
        attempt.currency,
        attempt.currencyDigits,
        attempt.intentId,
        ask.trace,
        back.parts.feeMinor,
        back.parts.taxMinor,
        back.parts.feeTaxMinor,
      ]);
      // Made meanwhile with this key, for another booking: this one's are made one by one.
      if (rows.length === 0) return { kind: 'key_reused' };
      const made = refundOf(rows[0]);
      await also?.(client, made);
      return { kind: 'refund', refund: made, isNew: true };
    });
  }

  async claimDue(limit: number): Promise<readonly Refund[]> {
    const { rows } = await this.pool.query<RefundRow>(
      `UPDATE refund SET lease_owner = $1, lease_no = lease_no + 1,
         lease_until = clock_timestamp() + $2 * interval '1 ms'
       WHERE refund_id IN (
         SELECT refund_id FROM refund
         WHERE ${open} AND next_try_at <= clock_timestamp() AND lease_until < clock_timestamp()
         ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING *`,
      [this.worker, this.leaseMs, limit],
    );
    return rows.map(refundOf);
  }

  async renew({ refundId, leaseNo, state }: Refund): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE refund SET lease_until = clock_timestamp() + $4 * interval '1 ms'
       WHERE refund_id = $1 AND lease_no = $2 AND state = $3 AND lease_until > clock_timestamp()`,
      [refundId, leaseNo, state, this.leaseMs],
    );
    return rowCount === 1;
  }

  /** Those that are not over, and those that failed, by state. */
  async census(): Promise<ReadonlyMap<RefundState, number>> {
    const { rows } = await this.pool.query<{ state: RefundState; count: number }>(
      `SELECT state, count(*)::int AS count FROM refund
       WHERE state IN ('REQUESTED', 'SEATS_FREED', 'SENT') OR state = 'FAILED' GROUP BY state`,
    );
    return new Map(rows.map(({ state, count }) => [state, count]));
  }

  async advance(
    refund: Refund,
    to: RefundTransition,
    nextTryDelayMs: number,
  ): Promise<Refund | null> {
    const moved = to.state !== refund.state;
    const entries = movementOf(refund, to);
    const { rows } = await this.pool.query<RefundRow>(
      `WITH moved AS (
         UPDATE refund SET state = $4, provider_refund_id = $5, failure = $6, error = $7,
           key_no = $8, tries = $9, hints_seen = CASE WHEN $10 THEN hints_seen ELSE $11 END,
           -- What was said meanwhile is looked at at once.
           next_try_at = clock_timestamp()
             + CASE WHEN hints = $11 THEN $12 ELSE 0 END * interval '1 ms',
           lease_owner = CASE WHEN $10 THEN NULL ELSE lease_owner END,
           lease_until = CASE WHEN $10 OR NOT $13 THEN '-infinity'
             ELSE clock_timestamp() + $14 * interval '1 ms' END,
           -- When its state changed: a look at one that is over makes it no younger.
           updated_at = CASE WHEN state = $4 THEN updated_at ELSE clock_timestamp() END
         WHERE refund_id = $1 AND lease_no = $2 AND state = $3
         RETURNING *
       ), movement AS (
         SELECT 'refund' AS cause, $15::text AS cause_id, $16::text AS kind, attempt_id, event_id,
           currency, currency_digits, updated_at AS at,
           $17::text[] AS accounts, $18::bigint[] AS amounts
         FROM moved
       ), ${enteredFrom('movement')}
       SELECT * FROM moved`,
      [
        refund.refundId,
        refund.leaseNo,
        refund.state,
        to.state,
        to.providerRefundId ?? refund.providerRefundId,
        to.failure ?? refund.failure,
        to.error ?? refund.error,
        to.keyNo ?? refund.keyNo,
        to.tries ?? (moved ? 0 : refund.tries),
        to.pause === true,
        refund.hints,
        to.pause === true ? nextTryDelayMs : 0,
        (openRefundStates as readonly string[]).includes(to.state),
        this.leaseMs,
        keyOfRefund(refund),
        to.moves ?? '',
        entries.map(({ account }) => account),
        entries.map(({ amountMinor }) => amountMinor),
      ],
    );
    return rows.length === 0 ? null : refundOf(rows[0]);
  }

  /** What may be cancelled; null: no such booking of his is paid. */
  async capturedOf(bookingId: BookingId, userId: UserId): Promise<Attempt | null> {
    const { rows } = await this.pool.query<AttemptRow>(
      `SELECT ${attemptColumns} FROM payment_attempt
       WHERE booking_id = $1 AND user_id = $2 AND state = 'CAPTURED'`,
      [bookingId, userId],
    );
    return rows.length === 0 ? null : attemptOf(rows[0]);
  }

  /** See goneOf(). */
  goneOf(attempt: Attempt): Promise<'disputed' | readonly Gone[]> {
    return goneOf(this.pool, attempt);
  }
}

/** Under the lock of the attempt (MR2). */
const knownOf = async (
  client: PoolClient,
  attempt: Attempt,
  { cancelling }: RefundAsk,
): Promise<KnownOfPayment> => ({
  attempt,
  level: await levelOf(client),
  gone: await goneOf(client, attempt),
  rule: cancelling === undefined ? null : await cancellingRule(client, attempt.eventId),
});

async function lockedAttempt(
  client: PoolClient,
  { bookingId, userId }: RefundAsk,
): Promise<Attempt | null> {
  const { rows } = await client.query<AttemptRow>(
    `SELECT ${attemptColumns} FROM payment_attempt
     WHERE booking_id = $1 AND ($2::text IS NULL OR user_id = $2) FOR UPDATE`,
    [bookingId, userId],
  );
  return rows.length === 0 ? null : attemptOf(rows[0]);
}

async function byKey(client: PoolClient, { asker, requestKey }: RefundAsk): Promise<Refund | null> {
  const { rows } = await client.query<RefundRow>(
    'SELECT * FROM refund WHERE asker = $1 AND request_key = $2',
    [asker, requestKey],
  );
  return rows.length === 0 ? null : refundOf(rows[0]);
}

/** What is no longer there of a payment, by whatever way; or its bank decides about it. */
async function goneOf(
  db: Pick<PoolClient, 'query'>,
  { attemptId, amountMinor, parts }: Attempt,
): Promise<'disputed' | readonly Gone[]> {
  const refunds = await db.query<RefundRow>('SELECT * FROM refund WHERE attempt_id = $1', [
    attemptId,
  ]);
  const disputes = await db.query<{ status: string; lost: number }>(
    `SELECT status, lost_minor::float8 AS lost FROM dispute
     WHERE attempt_id = $1 AND status IS NOT NULL`,
    [attemptId],
  );
  if (disputes.rows.some(({ status }) => standingOf(status) === 'OPEN')) return 'disputed';
  // As if it had been given back (DI3).
  const lost = disputes.rows.filter((one) => one.lost > 0);
  const none = { seats: [], areas: [], keptMinor: 0 };
  return [
    ...refunds.rows.map(refundOf),
    ...lost.map((one) => ({
      ...none,
      amountMinor: one.lost,
      parts: shareOfParts(parts ?? noParts, Math.min(one.lost, amountMinor), amountMinor),
    })),
  ];
}

async function levelOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ level: number }>('SELECT level FROM fact_format');
  return rows[0].level;
}

const insertStatement = `
  INSERT INTO refund (refund_id, attempt_id, booking_id, event_id, user_id, asker, request_key,
    fingerprint, role, reason, state, seats, areas, off_sale, amount_minor, kept_minor, currency,
    currency_digits, payment_intent_id, trace, fee_minor, tax_minor, fee_tax_minor)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23)
  ON CONFLICT (asker, request_key) DO NOTHING RETURNING *`;
