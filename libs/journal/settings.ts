import type pg from 'pg';

/** What operators set for all processes at once; read when it is needed, never cached for long. */
export interface SettingStore {
  /** Null: never set. */
  get(name: SettingName): Promise<unknown>;
  set(name: SettingName, value: boolean): Promise<void>;
}

export type SettingName = 'rebalance.suspended';

export function createPostgresSettings(pool: pg.Pool): SettingStore {
  return {
    async get(name) {
      const { rows } = await pool.query<{ value: unknown }>(
        'SELECT value FROM setting WHERE name = $1',
        [name],
      );
      return rows.length === 0 ? null : rows[0].value;
    },
    async set(name, value) {
      await pool.query(
        `INSERT INTO setting (name, value) VALUES ($1, $2::jsonb)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = clock_timestamp()`,
        [name, JSON.stringify(value)],
      );
    },
  };
}

/** For tests and for a system of one process. */
export function createMemorySettings(): SettingStore {
  const values = new Map<SettingName, unknown>();
  return {
    get: (name) => Promise.resolve(values.get(name) ?? null),
    set: (name, value) => Promise.resolve(void values.set(name, value)),
  };
}
