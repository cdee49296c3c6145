import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { systemRandom } from '#libs/platform/random.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';

import type { Attempt } from '../saga/attempt.js';
import { eventually } from '../testing/audit.js';
import { AttemptStore, type NewAttempt } from './attempt-store.js';

let postgres: TestPostgres;
let pool: Pool;
const brief = 50;
const long = 60_000;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  pool = openPool(postgres.url, { applicationName: 'hf-test', max: 8 });
});

afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const wanted = (changes: Partial<NewAttempt> = {}): NewAttempt => {
  const suffix = systemRandom.token(20);
  return {
    attemptId: `att_${suffix}`,
    bookingId: `bkg_show_${suffix}`,
    userId: 'usr_ada',
    holdId: `rsv_show_${suffix}`,
    eventId: 'evt_show',
    idempotencyKey: suffix,
    fingerprint: 'f',
    paymentToken: 'pm_card_visa',
    currency: 'EUR',
    ...changes,
  } as NewAttempt;
};

async function inserted(store: AttemptStore): Promise<Attempt> {
  const result = await store.insert(wanted());
  if (result.kind !== 'new') throw new Error(`not inserted: ${result.kind}`);
  return result.attempt;
}

describe('the lease of an attempt', () => {
  it('fences a worker that was away while another took over', async () => {
    const away = new AttemptStore(pool, 'away', brief);
    const successor = new AttemptStore(pool, 'successor', long);
    const attempt = await inserted(away);
    const claimed = await eventually(
      () => successor.claimDue(10),
      (attempts) => attempts.length > 0,
    );
    expect(claimed.map((one) => one.attemptId)).toEqual([attempt.attemptId]);

    expect(await away.advance(attempt, { state: 'CAPTURED' }, 0)).toBeNull();
    const moved = await successor.advance(claimed[0], { state: 'AUTHORISING' }, 0);
    expect(moved?.state).toBe('AUTHORISING');
    // Not even with the lease: the row is no longer in the state the step started from.
    expect(await successor.advance(claimed[0], { state: 'REJECTED' }, 0)).toBeNull();
    expect((await successor.byId(attempt.attemptId))?.state).toBe('AUTHORISING');
  });

  it('is held by one worker when many scan at once', async () => {
    const seeds = new AttemptStore(pool, 'seeds', 0);
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push((await inserted(seeds)).attemptId);
    const scans = await Promise.all(
      Array.from({ length: 6 }, (_, worker) =>
        new AttemptStore(pool, `worker-${worker}`, long).claimDue(100),
      ),
    );
    const claimed = scans.flat().map((attempt) => attempt.attemptId as string);
    expect(claimed.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
  });

  it('that is renewed or paused is not claimed before its time', async () => {
    const holder = new AttemptStore(pool, 'holder', brief);
    const attempt = await inserted(holder);
    await new AttemptStore(pool, 'holder', long).renew([attempt.attemptId]);
    const other = new AttemptStore(pool, 'other', long);
    const again = { state: 'STARTED', tries: 1, pause: true } as const;
    expect(await other.claimDue(100)).toEqual([]);
    expect((await holder.advance(attempt, again, long))?.tries).toBe(1);
    expect(await other.claimDue(100)).toEqual([]);
  });
});

describe('inserting an attempt', () => {
  it('gives one attempt to one key, and one live attempt to one hold', async () => {
    const store = new AttemptStore(pool, 'inserter', long);
    const first = wanted({ idempotencyKey: 'k', userId: 'usr_one' as never });
    const results = await Promise.all(
      Array.from({ length: 10 }, () => store.insert({ ...first, ...fresh() })),
    );
    expect(results.filter((result) => result.kind === 'new')).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'same_key')).toHaveLength(9);
    const busy = await store.insert({ ...first, ...fresh(), idempotencyKey: 'other' });
    expect(busy.kind).toBe('hold_busy');
  });

  it('forgets the payment token when the attempt settles', async () => {
    const store = new AttemptStore(pool, 'settler', long);
    const attempt = await inserted(store);
    expect(attempt.paymentToken).toBe('pm_card_visa');
    const settled = await store.advance(attempt, { state: 'REJECTED' }, 0);
    expect(settled?.paymentToken).toBeNull();
  });

  const fresh = (): Pick<NewAttempt, 'attemptId' | 'bookingId'> => {
    const { attemptId, bookingId } = wanted();
    return { attemptId, bookingId };
  };
});

describe('the ledger', () => {
  it('is written with the step, once, and gives back only what was authorised', async () => {
    const store = new AttemptStore(pool, 'book-keeper', long);
    const entries = async (attemptId: string) =>
      (
        await pool.query<{ step: string; sum: string; count: number }>(
          `SELECT step, sum(amount_minor), count(*)::int FROM payment_ledger
           WHERE attempt_id = $1 GROUP BY step ORDER BY step`,
          [attemptId],
        )
      ).rows;
    const never = await inserted(store);
    await store.advance(never, { state: 'EXPIRED', ledger: 'void', amountMinor: 700 }, 0);
    expect(await entries(never.attemptId)).toEqual([]);

    const paid = await inserted(store);
    const authorised = await store.advance(
      paid,
      { state: 'AUTHORISED', ledger: 'authorise', amountMinor: 700 },
      0,
    );
    if (authorised === null) throw new Error('the lease was lost');
    await store.advance(authorised, { state: 'CAPTURED', ledger: 'capture' }, 0);
    expect(await entries(paid.attemptId)).toEqual([
      { step: 'authorise', sum: '0', count: 2 },
      { step: 'capture', sum: '0', count: 4 },
    ]);
  });
});
