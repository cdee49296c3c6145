import type { Pool } from 'pg';

import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { AttemptId } from '#libs/inventory/ids.js';

import {
  movesAttempts,
  movesDisputes,
  movesRefunds,
  type ProviderNews,
} from '../webhooks/stripe-events.js';
import type { Heard } from './attempt-store.js';

/**
 * Records what the provider says: a booking causes five events, and each wants a commit. What comes
 * while a statement is under way is written by the next one together. Callers bound how many wait:
 * gateways hand on limits.webhooksInFlightMax each.
 *
 * NW1  An event is recorded in the transaction in which it has its effect, and is answered when
 *      that is committed.
 * NW2  Statements of several events take keys and rows in one order everywhere, so that two
 *      processes do not wait for each other. Events of refunds and disputes are written alone.
 * NW3  What cannot be written together is tried one by one: no event is kept out by another.
 * NW4  While the database is away nobody waits for more than the statement that found it so: all
 *      that wait are told, and come again (G8).
 */
export class NewsWriter {
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(private readonly pool: Pick<Pool, 'query'>) {}

  async hear(news: ProviderNews): Promise<Heard> {
    if (movesRefunds(news) || movesDisputes(news)) return this.#hearAlone(news);
    const heard = new Promise<Heard>((resolve, reject) => {
      this.#waiting.push({ news, resolve, reject });
    });
    if (!this.#writing) void this.#writeAll();
    return heard;
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, togetherMax));
    this.#writing = false;
  }

  /** Never throws: each of them is told. */
  async #write(together: readonly Waiting[]): Promise<void> {
    try {
      const heard = await this.#hearTogether(together.map(({ news }) => news));
      together.forEach(({ resolve }, at) => resolve(heard[at]));
    } catch (error) {
      if (isDatabaseAway(error)) this.#refuse(together, error);
      else if (together.length === 1) together[0].reject(error);
      else await this.#writeApart(together);
    }
  }

  async #writeApart(together: readonly Waiting[]): Promise<void> {
    for (const [at, one] of together.entries()) {
      try {
        const [heard] = await this.#hearTogether([one.news]);
        one.resolve(heard);
      } catch (error) {
        if (isDatabaseAway(error)) return this.#refuse(together.slice(at), error);
        one.reject(error);
      }
    }
  }

  /** These, and all that wait (NW4). */
  #refuse(some: readonly Waiting[], error: unknown): void {
    for (const { reject } of [...some, ...this.#waiting.splice(0)]) reject(error);
  }

  async #hearTogether(all: readonly ProviderNews[]): Promise<readonly Heard[]> {
    const { rows } = await this.pool.query<{ fresh: string[]; free: AttemptId[] }>({
      name: 'attempt-hear-together',
      text: togetherStatement,
      values: [
        all.map(({ eventId }) => eventId),
        all.map(({ type }) => type),
        all.map(({ attemptId }) => attemptId),
        all.map(({ createdAtMs }) => createdAtMs),
        all.map(movesAttempts),
      ],
    });
    const fresh = new Set(rows[0].fresh);
    const free = new Set(rows[0].free);
    return all.map((news) => {
      // Sent twice and written together, it is new to one of them.
      const isNew = fresh.delete(news.eventId);
      const { attemptId } = news;
      const isDue = isNew && movesAttempts(news) && attemptId !== null && free.has(attemptId);
      return { isNew, isDue };
    });
  }

  async #hearAlone(news: ProviderNews): Promise<Heard> {
    const { rows } = await this.pool.query<{ is_new: boolean; is_due: boolean }>({
      name: 'attempt-hear-alone',
      text: aloneStatement,
      values: [
        news.eventId,
        news.type,
        news.attemptId,
        news.createdAtMs,
        news.refundId,
        movesRefunds(news),
        news.disputeId,
        movesDisputes(news),
      ],
    });
    return { isNew: rows[0].is_new, isDue: rows[0].is_due };
  }
}

interface Waiting {
  readonly news: ProviderNews;
  readonly resolve: (heard: Heard) => void;
  readonly reject: (error: unknown) => void;
}

const togetherMax = 64;

const togetherStatement = `
  WITH told AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::boolean[])
      AS told (event_id, type, attempt_id, created_ms, moves)
  ), heard AS (
    INSERT INTO provider_event (event_id, type, attempt_id, created_at)
    SELECT event_id, type, attempt_id, to_timestamp(created_ms / 1000) FROM told ORDER BY event_id
    ON CONFLICT DO NOTHING RETURNING event_id
  ), moving AS (
    SELECT attempt_id, count(DISTINCT event_id)::int AS hints
    FROM told JOIN heard USING (event_id) WHERE moves GROUP BY attempt_id
  ), locked AS (
    SELECT attempt_id FROM payment_attempt
    WHERE attempt_id = ANY (ARRAY(SELECT attempt_id FROM moving)) AND state = 'AUTHORISING'
    ORDER BY attempt_id FOR NO KEY UPDATE
  ), hinted AS (
    UPDATE payment_attempt AS attempt
    SET hints = attempt.hints + moving.hints, next_try_at = clock_timestamp()
    FROM locked JOIN moving USING (attempt_id) WHERE attempt.attempt_id = locked.attempt_id
    RETURNING attempt.attempt_id, attempt.lease_until < clock_timestamp() AS is_free
  )
  SELECT ARRAY(SELECT event_id FROM heard) AS fresh,
    ARRAY(SELECT attempt_id FROM hinted WHERE is_free) AS free`;

const aloneStatement = `
  WITH heard AS (
    INSERT INTO provider_event (event_id, type, attempt_id, created_at)
    VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000))
    ON CONFLICT DO NOTHING RETURNING 1
  ), hinted_refund AS (
    UPDATE refund SET hints = hints + 1, next_try_at = clock_timestamp()
    WHERE refund_id = $5 AND $6 AND EXISTS (SELECT FROM heard)
    RETURNING lease_until < clock_timestamp() AS is_free
  ), hinted_dispute AS (
    INSERT INTO dispute (dispute_id) SELECT $7 WHERE $8 AND EXISTS (SELECT FROM heard)
    ON CONFLICT (dispute_id) DO UPDATE
      SET hints = dispute.hints + 1, next_try_at = clock_timestamp()
    RETURNING lease_until < clock_timestamp() AS is_free
  )
  SELECT EXISTS (SELECT FROM heard) AS is_new,
    EXISTS (SELECT FROM hinted_refund WHERE is_free)
      OR EXISTS (SELECT FROM hinted_dispute WHERE is_free) AS is_due`;
