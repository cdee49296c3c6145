import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { startTcpProxy } from '#libs/testing/tcp-proxy.js';
import type { Lease, LeaseStore } from './lease.js';
import { createPostgresLeaseStore } from './postgres-lease.js';

let postgres: TestPostgres;
let databaseUrl: string;
let pool: pg.Pool;
let leases: LeaseStore;

beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.createDatabase();
  await migrate(databaseUrl);
  pool = openPool(databaseUrl, { applicationName: 'test', max: 2, answerWithinMs: 10_000 });
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

describe('a renewal over a line that fell silent', () => {
  it('is given up within what it is worth, and the next one counts', async () => {
    const proxy = await startTcpProxy(postgres.port);
    const url = new URL(databaseUrl);
    url.port = String(proxy.port);
    const { renewTimeoutMs: answerWithinMs } = limits;
    const silent = openPool(url.href, { applicationName: 'test', max: 2, answerWithinMs });
    const store = createPostgresLeaseStore(silent);
    const first = await store.renew(leaseOf('silent'));
    proxy.jam();
    await expect(store.renew(leaseOf('silent'))).rejects.toMatchObject({ outcome: 'unknown' });
    proxy.flow();
    expect(await store.renew(leaseOf('silent'))).toBeGreaterThan(first);
    await store.end('silent');
    await silent.end();
    await proxy.close();
  });
});

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
