import type { Pool, QueryResult, QueryResultRow } from 'pg';

import { levelWithLate } from '#libs/inventory/codec/fact-kinds.js';
import { newerBookingsMax } from '#libs/inventory/commands.js';
import type { AttemptId, BookingId, EventId, HoldId, UserId } from '#libs/inventory/ids.js';

import { keyLifetimeMs } from '../provider/provider.js';
import { captureEntries } from '../ledger/accounts.js';
import { enteredFrom } from '../ledger/enter.js';
import { isSettled, liveStates, needsToken, type Attempt } from '../saga/attempt.js';
import type { Transition } from '../saga/decide-saga.js';
import type { ProviderNews } from '../webhooks/stripe-events.js';
import { attemptColumns, attemptOf, type AttemptRow } from './attempt-row.js';
import type {
  AttemptStore,
  BookedPlaces,
  Census,
  Heard,
  Inserted,
  LateLook,
  LookBefore,
  NewAttempt,
  Tried,
} from './attempt-store.js';
import { declinesOf, declinesSql, type DeclinesRow } from './declines-sql.js';
import { NewsWriter } from './news-writer.js';

/**
 * Attempts in Postgres: every change is one statement and one commit. Leases run on the database's
 * clock.
 */
const live = `state IN (${liveStates.map((state) => `'${state}'`).join(', ')})`;
/** For the buyer: waitsForBuyer(). */
const waits = `state = 'AUTHORISING' AND challenge IS NOT NULL`;
const insertTriesMax = 5;

/** Beside the columns of an attempt, which are all null where there is none. */
interface LookRow {
  readonly is_known: boolean;
  readonly booked_as: BookingId | null;
  readonly declines: readonly DeclinesRow[];
}

export class PostgresAttemptStore implements AttemptStore {
  private readonly news: NewsWriter;

  constructor(
    private readonly pool: Pool,
    /** Names this process and this start of it. */
    private readonly worker: string,
    private readonly leaseMs: number,
  ) {
    this.news = new NewsWriter(pool);
  }

  async insert(wanted: NewAttempt): Promise<Inserted> {
    // A conflicting row may settle between the two statements: then the insert gets its turn.
    for (let tries = 0; tries < insertTriesMax; tries += 1) {
      const inserted = await this.ask<AttemptRow>(
        'insert',
        `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
           idempotency_key, fingerprint, payment_token, currency, currency_digits, trace, state,
           lease_owner, lease_no, lease_until, token_key, card_key, address_key, return_url,
           accept_alternative, span)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'STARTED', $12, 1,
           clock_timestamp() + $13 * interval '1 ms', $14, $14, $15, $16, $17, $18)
         ON CONFLICT DO NOTHING RETURNING ${attemptColumns}`,
        [
          wanted.attemptId,
          wanted.bookingId,
          wanted.userId,
          wanted.holdId,
          wanted.eventId,
          wanted.idempotencyKey,
          wanted.fingerprint,
          wanted.paymentToken,
          wanted.currency,
          wanted.currencyDigits,
          wanted.trace,
          this.worker,
          this.leaseMs,
          wanted.tokenKey,
          wanted.addressKey,
          wanted.returnUrl,
          wanted.acceptsAlternative,
          wanted.span,
        ],
      );
      if (inserted.rows.length > 0) return { kind: 'new', attempt: attemptOf(inserted.rows[0]) };
      const existing = await this.byKey(wanted.userId, wanted.idempotencyKey);
      if (existing !== null) return { kind: 'same_key', attempt: existing };
      if (await this.holdBusy(wanted.userId, wanted.holdId)) return { kind: 'hold_busy' };
    }
    return { kind: 'hold_busy' };
  }

  async byKey(userId: UserId, idempotencyKey: string): Promise<Attempt | null> {
    return this.one('by-key', 'user_id = $1 AND idempotency_key = $2', [userId, idempotencyKey]);
  }

  async lookBefore(
    { holdId, userId, tokenKey, addressKey }: Tried,
    idempotencyKey: string,
    withinMs: number,
  ): Promise<LookBefore> {
    const { rows } = await this.ask<AttemptRow & LookRow>(
      'look-before',
      `SELECT ${attemptColumns}, attempt_id IS NOT NULL AS is_known, (SELECT booking_id FROM booking
           WHERE user_id = $2 AND hold_id = $1 AND cancelled_at IS NULL LIMIT 1) AS booked_as,
         ARRAY(SELECT to_jsonb(tried) FROM (${declinesSql}) AS tried) AS declines
       FROM (SELECT) AS one
         LEFT JOIN payment_attempt AS known ON user_id = $2 AND idempotency_key = $6`,
      [holdId, userId, tokenKey, addressKey, withinMs, idempotencyKey],
    );
    const [row] = rows;
    return {
      known: row.is_known ? attemptOf(row) : null,
      bookedAs: row.booked_as,
      declines: declinesOf(row.declines),
    };
  }

  async byId(attemptId: AttemptId): Promise<Attempt | null> {
    return this.one('by-id', 'attempt_id = $1', [attemptId]);
  }

  async advance(attempt: Attempt, to: Transition, nextTryDelayMs: number): Promise<Attempt | null> {
    const moved = to.state !== attempt.state;
    const leaves = isSettled(to.state) || to.pause === true;
    const intentId = to.intentId ?? attempt.intentId;
    const amountMinor = to.amountMinor ?? attempt.amountMinor;
    const parts = to.parts ?? attempt.parts;
    const entries = to.moves === 'capture' ? captureEntries(amountMinor, parts) : [];
    const challenge = to.state === 'AUTHORISING' ? (to.challenge ?? attempt.challenge) : null;
    const result = await this.ask<AttemptRow>(
      'advance',
      `WITH moved AS (
         UPDATE payment_attempt SET state = $4, verdict = $5, seats = $6, areas = $7,
           amount_minor = $8, fee_minor = $27, tax_minor = $28, fee_tax_minor = $29,
           deadline_at = to_timestamp($9::float8 / 1000),
           payment_intent_id = $10, decline_code = $11, error = $12, key_no = $13, tries = $14,
           -- What was said meanwhile is looked at at once.
           next_try_at = clock_timestamp()
             + CASE WHEN hints = $26 THEN $15 ELSE 0 END * interval '1 ms',
           payment_token = CASE WHEN $16 AND created_at > clock_timestamp() - $23 * interval '1 ms'
             THEN payment_token END,
           lease_owner = CASE WHEN $17 THEN NULL ELSE lease_owner END,
           lease_until = CASE WHEN $17 THEN '-infinity'
             ELSE clock_timestamp() + $18 * interval '1 ms' END,
           updated_at = clock_timestamp(), reason = $22,
           card_key = coalesce($24, card_key), challenge = $25
         WHERE attempt_id = $1 AND lease_no = $2 AND state = $3
         RETURNING *
       ), movement AS (
         SELECT 'attempt' AS cause, attempt_id AS cause_id, $19::text AS kind, attempt_id, event_id,
           currency, currency_digits, updated_at AS at,
           $20::text[] AS accounts, $21::bigint[] AS amounts
         FROM moved
       ), ${enteredFrom('movement')}
       SELECT ${attemptColumns} FROM moved`,
      [
        attempt.attemptId,
        attempt.leaseNo,
        attempt.state,
        to.state,
        to.verdict ?? attempt.verdict,
        to.seats ?? attempt.seats,
        JSON.stringify(to.areas ?? attempt.areas),
        amountMinor,
        to.deadlineMs ?? attempt.deadlineMs,
        intentId,
        to.declineCode ?? attempt.declineCode,
        to.error ?? attempt.error,
        to.keyNo ?? (moved ? 0 : attempt.keyNo),
        to.tries ?? (moved ? 0 : attempt.tries),
        to.pause === true ? nextTryDelayMs : 0,
        needsToken(to.state),
        leaves,
        this.leaseMs,
        to.moves ?? '',
        entries.map((entry) => entry.account),
        entries.map((entry) => entry.amountMinor),
        to.reason ?? attempt.reason,
        keyLifetimeMs,
        to.card ?? null,
        challenge === null ? null : JSON.stringify(challenge),
        attempt.hints,
        parts?.feeMinor ?? null,
        parts?.taxMinor ?? null,
        parts?.feeTaxMinor ?? null,
      ],
    );
    return result.rows.length === 0 ? null : attemptOf(result.rows[0]);
  }

  async claimDue(limit: number, except: readonly EventId[] = []): Promise<readonly Attempt[]> {
    const result = await this.ask<AttemptRow>(
      'claim-due',
      `UPDATE payment_attempt SET lease_owner = $1, lease_no = lease_no + 1,
         lease_until = clock_timestamp() + $2 * interval '1 ms'
       WHERE attempt_id IN (
         SELECT attempt_id FROM payment_attempt
         WHERE ${live} AND next_try_at <= clock_timestamp() AND lease_until < clock_timestamp()
           AND event_id <> ALL($4)
         ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING ${attemptColumns}`,
      [this.worker, this.leaseMs, limit, except],
    );
    return result.rows.map(attemptOf);
  }

  async renew(attemptIds: readonly AttemptId[]): Promise<void> {
    await this.ask(
      'renew',
      `UPDATE payment_attempt SET lease_until = clock_timestamp() + $3 * interval '1 ms'
       WHERE attempt_id = ANY($1) AND lease_owner = $2`,
      [attemptIds, this.worker, this.leaseMs],
    );
  }

  async giveBack(): Promise<void> {
    await this.pool.query(
      `UPDATE payment_attempt SET lease_owner = NULL, lease_until = '-infinity'
       WHERE lease_owner = $1 AND ${live}`,
      [this.worker],
    );
  }

  async answerableAmong(attemptIds: readonly AttemptId[]): Promise<readonly AttemptId[]> {
    const result = await this.ask<{ attempt_id: AttemptId }>(
      'answerable',
      `SELECT attempt_id FROM payment_attempt WHERE attempt_id = ANY($1)
         AND (NOT (${live}) OR ${waits})`,
      [attemptIds],
    );
    return result.rows.map((row) => row.attempt_id);
  }

  async hasten(bookingId: BookingId, notWithinMs: number): Promise<AttemptId | null> {
    const result = await this.ask<{ attempt_id: AttemptId }>(
      'hasten',
      `UPDATE payment_attempt SET hints = hints + 1, next_try_at = clock_timestamp(),
         updated_at = clock_timestamp()
       WHERE booking_id = $1 AND ${waits}
         AND updated_at <= clock_timestamp() - $2 * interval '1 ms'
       RETURNING attempt_id`,
      [bookingId, notWithinMs],
    );
    return result.rows.at(0)?.attempt_id ?? null;
  }

  hear(news: ProviderNews): Promise<Heard> {
    return this.news.hear(news);
  }

  async forgetNews(olderThanMs: number, most: number): Promise<number> {
    const result = await this.pool.query(
      `DELETE FROM provider_event WHERE event_id IN (
         SELECT event_id FROM provider_event
         WHERE heard_at <= clock_timestamp() - $1 * interval '1 ms'
         ORDER BY heard_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [olderThanMs, most],
    );
    return result.rowCount ?? 0;
  }

  async bookedPlaces(bookingId: BookingId): Promise<BookedPlaces | null> {
    const result = await this.ask<BookedPlaces>(
      'booked-places',
      'SELECT seats, areas FROM booking WHERE booking_id = $1 AND cancelled_at IS NULL',
      [bookingId],
    );
    return result.rows.at(0) ?? null;
  }

  async bookedAs(userId: UserId, holdId: HoldId): Promise<BookingId | null> {
    const result = await this.ask<{ booking_id: BookingId }>(
      'booked-as',
      `SELECT booking_id FROM booking
       WHERE user_id = $1 AND hold_id = $2 AND cancelled_at IS NULL LIMIT 1`,
      [userId, holdId],
    );
    return result.rows.at(0)?.booking_id ?? null;
  }

  async lookLate(attempt: Attempt): Promise<LateLook | 'not_ours' | null> {
    const { userId, eventId, attemptId, leaseNo, state } = attempt;
    const result = await this.ask<{ level: number; ours: boolean; newer: BookingId[] }>(
      'look-late',
      `WITH kept AS (
         UPDATE payment_attempt SET lease_until = clock_timestamp() + $7 * interval '1 ms'
         WHERE attempt_id = $1 AND lease_no = $5 AND state = $6 RETURNING 1
       )
       SELECT level, EXISTS (SELECT FROM kept) AS ours, ARRAY(
         SELECT newer.booking_id FROM payment_attempt AS late, payment_attempt AS newer
         WHERE late.attempt_id = $1 AND newer.user_id = $2 AND newer.event_id = $3
           AND newer.created_at >= late.created_at AND newer.attempt_id <> $1
         ORDER BY newer.created_at DESC LIMIT $4) AS newer
       FROM fact_format`,
      [attemptId, userId, eventId, newerBookingsMax, leaseNo, state, this.leaseMs],
    );
    const { level, ours, newer } = result.rows[0];
    if (!ours) return 'not_ours';
    return level < levelWithLate ? null : { newer };
  }

  async census(stuckAfterMs: number): Promise<Census> {
    const result = await this.pool.query<{ state: string; count: number; stuck: number }>(
      `SELECT state, count(*)::int AS count,
         count(*) FILTER (WHERE created_at < clock_timestamp() - $1 * interval '1 ms'
           AND NOT (${waits} AND deadline_at > clock_timestamp()))::int AS stuck
       FROM payment_attempt WHERE ${live} GROUP BY state`,
      [stuckAfterMs],
    );
    return {
      byState: new Map(result.rows.map((row) => [row.state, row.count])),
      stuck: result.rows.reduce((sum, row) => sum + row.stuck, 0),
    };
  }

  private async holdBusy(userId: UserId, holdId: HoldId): Promise<boolean> {
    const result = await this.pool.query(
      `SELECT FROM payment_attempt WHERE user_id = $1 AND hold_id = $2 AND ${live}`,
      [userId, holdId],
    );
    return result.rows.length > 0;
  }

  private async one(
    name: string,
    where: string,
    values: readonly unknown[],
  ): Promise<Attempt | null> {
    const result = await this.ask<AttemptRow>(
      name,
      `SELECT ${attemptColumns} FROM payment_attempt WHERE ${where}`,
      values,
    );
    return result.rows.length === 0 ? null : attemptOf(result.rows[0]);
  }

  /** Read and planned once on each connection: of what every booking asks that is most of it. */
  private ask<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    return this.pool.query<Row>({ name: `attempt-${name}`, text, values: [...values] });
  }
}
