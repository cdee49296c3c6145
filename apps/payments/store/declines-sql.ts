import { liveStates } from '../saga/attempt.js';
import {
  declinesCountedMax,
  type Declines,
  type DeclineScope,
  type DeclinesOf,
} from './attempt-store.js';

/**
 * The attempts that were declined lately, counted from the rows that are there anyway: no second
 * book that could differ from them, and the same for every payments process. Each part reads at
 * most declinesCountedMax entries of an index of declined attempts only.
 */
export interface DeclinesRow {
  readonly scope: DeclineScope | 'live';
  readonly count: number;
  readonly ago_ms: number;
}

const live = liveStates.map((state) => `'${state}'`).join(', ');

const part = (scope: DeclineScope, where: string): string => `
  SELECT '${scope}' AS scope, count(*)::int AS count,
    coalesce(extract(epoch FROM clock_timestamp() - max(updated_at)) * 1000, 0)::float8 AS ago_ms
  FROM (SELECT updated_at FROM payment_attempt
    WHERE verdict = 'DECLINED' AND ${where}
      AND created_at > clock_timestamp() - $5 * interval '1 ms'
    ORDER BY created_at DESC LIMIT ${declinesCountedMax}) AS declined`;

/** $1 hold, $2 buyer, $3 digest of the token, $4 key of the address, $5 milliseconds. */
export const declinesSql = [
  part('reservation', 'hold_id = $1'),
  part('buyer', 'user_id = $2'),
  // By the fingerprint that the token was declined with, or by the token where there is none.
  part(
    'card',
    `card_key = (SELECT card_key FROM payment_attempt
      WHERE token_key = $3 AND verdict = 'DECLINED'
      ORDER BY created_at DESC LIMIT 1)`,
  ),
  part('address', 'address_key = $4'),
  `
  SELECT 'live' AS scope, count(*)::int AS count, 0::float8 AS ago_ms
  FROM payment_attempt WHERE user_id = $2 AND state IN (${live})`,
].join(' UNION ALL ');

const none: DeclinesOf = { count: 0, agoMs: 0 };

export function declinesOf(rows: readonly DeclinesRow[]): Declines {
  const of = (scope: DeclinesRow['scope']): DeclinesOf => {
    const row = rows.find((candidate) => candidate.scope === scope);
    return row === undefined ? none : { count: row.count, agoMs: row.ago_ms };
  };
  return {
    reservation: of('reservation'),
    buyer: of('buyer'),
    card: of('card'),
    address: of('address'),
    live: of('live').count,
  };
}
