import type pg from 'pg';
import { assert } from '#libs/platform/assert.js';

/**
 * At which level facts are written (libs/inventory/codec/fact-kinds.ts), for all processes at once.
 * The level only rises: whatever is in the journal was written at a level that is not above it.
 * What it is for: docs/decisions/0012-readers-first-then-writers.md.
 */
export interface FactFormat {
  level(): Promise<number>;
  /** To this level, unless it is there already or above. The level afterwards. */
  raise(level: number): Promise<number>;
}

/** In the table that the migration 0010 makes. */
export function createPostgresFactFormat(pool: pg.Pool): FactFormat {
  const one = async (sql: string, values: readonly unknown[] = []): Promise<number> => {
    const { rows } = await pool.query<{ level: number }>(sql, [...values]);
    assert(rows.length === 1, 'the format of facts has one row');
    return rows[0].level;
  };
  return {
    level: () => one('SELECT level FROM fact_format'),
    raise: (level) =>
      one('UPDATE fact_format SET level = greatest(level, $1) RETURNING level', [level]),
  };
}

/** For tests, the simulator, and the tools that run a shard on memory. */
export function createMemoryFactFormat(level: number): FactFormat {
  let current = level;
  return {
    level: () => Promise.resolve(current),
    raise(next) {
      current = Math.max(current, next);
      return Promise.resolve(current);
    },
  };
}
