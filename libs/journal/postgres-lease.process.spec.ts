import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import type { Lease, LeaseStore } from './lease.js';
import { createPostgresLeaseStore } from './postgres-lease.js';

let postgres: TestPostgres;
let pool: pg.Pool;
let leases: LeaseStore;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'test', max: 2 });
  leases = createPostgresLeaseStore(pool);
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

const leaseOf = (incarnation: string): Lease => ({
  incarnation,
  shardId: 'shard-1',
  host: 'host',
  pid: 1,
});

async function age(incarnation: string, ms: number): Promise<void> {
  await pool.query(
    `UPDATE shard_lease SET renewed_at = renewed_at - $2::float8 * interval '1 millisecond'
     WHERE incarnation = $1`,
    [incarnation, ms],
  );
}

describe('leases in Postgres', () => {
  it('tell their age by the clock of the database until they are ended', async () => {
    await leases.renew(leaseOf('a'));
    await age('a', 5_000);
    expect(await leases.ageMs('a')).toBeGreaterThanOrEqual(5_000);
    await leases.renew(leaseOf('a'));
    expect(await leases.ageMs('a')).toBeLessThan(5_000);
    await leases.end('a');
    expect(await leases.ageMs('a')).toBeNull();
  });

  it('bring the time of the database with each renewal, in milliseconds', async () => {
    const nowOf = async () => {
      const { rows } = await pool.query<{ ms: number }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
      );
      return rows[0].ms;
    };
    const beforeMs = await nowOf();
    const first = await leases.renew(leaseOf('timed'));
    const second = await leases.renew(leaseOf('timed'));
    expect(first).toBeGreaterThanOrEqual(beforeMs);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(await nowOf()).toBeGreaterThanOrEqual(second);
    await leases.end('timed');
  });

  it('of killed shards are forgotten after a day, and no others', async () => {
    for (const incarnation of ['live', 'yesterday', 'older']) {
      await leases.renew(leaseOf(incarnation));
    }
    await age('yesterday', limits.leaseKeptMs - 60_000);
    await age('older', limits.leaseKeptMs + 1);
    await leases.forgetOld();
    const { rows } = await pool.query<{ name: string }>(
      'SELECT incarnation AS name FROM shard_lease ORDER BY 1',
    );
    expect(rows.map(({ name }) => name)).toEqual(['live', 'yesterday']);
  });
});
