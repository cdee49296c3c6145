import type pg from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { Lease, LeaseStore } from './lease.js';

const renewSql = `
  INSERT INTO shard_lease (incarnation, shard_id, host, pid, renewed_at)
  VALUES ($1, $2, $3, $4, clock_timestamp())
  ON CONFLICT (incarnation) DO UPDATE SET renewed_at = clock_timestamp()
  RETURNING (extract(epoch FROM renewed_at) * 1000)::float8 AS now_ms`;

const ageSql = `
  SELECT (extract(epoch FROM clock_timestamp() - renewed_at) * 1000)::float8 AS age_ms
  FROM shard_lease WHERE incarnation = $1`;

const forgetSql = `
  DELETE FROM shard_lease
  WHERE renewed_at < clock_timestamp() - $1::float8 * interval '1 millisecond'`;

/** Leases in Postgres. Every statement is its own transaction. */
export function createPostgresLeaseStore(pool: pg.Pool): LeaseStore {
  return {
    async renew(lease: Lease) {
      const { rows } = await pool.query<{ now_ms: number }>({
        name: 'lease-renew',
        text: renewSql,
        values: [lease.incarnation, lease.shardId, lease.host, lease.pid],
      });
      return rows[0].now_ms;
    },
    async ageMs(incarnation) {
      const { rows } = await pool.query<{ age_ms: number }>({
        name: 'lease-age',
        text: ageSql,
        values: [incarnation],
      });
      return rows.length === 0 ? null : Math.max(0, rows[0].age_ms);
    },
    async end(incarnation) {
      await pool.query('DELETE FROM shard_lease WHERE incarnation = $1', [incarnation]);
    },
    async forgetOld() {
      await pool.query(forgetSql, [limits.leaseKeptMs]);
    },
  };
}
