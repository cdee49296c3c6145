import pg from 'pg';
import { holdMs, type Hold, type Setting, type SingleStore } from '../hold-store.js';

/**
 * Postgres as it is used for this: one row a seat, one connection a request from a pool, statements
 * prepared under a name. A hold past its deadline counts as free.
 */
export type PostgresWay = 'row-lock' | 'update' | 'skip-locked' | 'insert' | 'serializable';

const retriesMax = 50;
/** Could not serialize; a deadlock. */
const retried: readonly string[] = ['40001', '40P01'];

export async function postgresPerHold(
  url: string,
  way: PostgresWay,
  setting: Setting,
): Promise<SingleStore> {
  const table = `seat_${way.replace('-', '_')}`;
  const pool = seatPool(url, setting);
  await createSeats(pool, table);
  const take = ways[way](table);
  return {
    kind: 'single',
    addEvent: (event, seats) =>
      way === 'insert' ? Promise.resolve() : addSeats(pool, table, event, seats),
    hold: await holding(pool, take, isOneStatement(way) ? setting : { width: setting.width }),
    held: (event) => countHeld(pool, table, event),
    stop: () => pool.end(),
  };
}

const isOneStatement = (way: PostgresWay): boolean => way !== 'row-lock' && way !== 'serializable';

/**
 * A connection of the pool for each hold; where single statements are pipelined, the connections
 * take turns, each statement a transaction of its own.
 */
async function holding(pool: pg.Pool, take: Take, setting: Setting): Promise<SingleStore['hold']> {
  if (setting.pipelined === true) {
    const all = await Promise.all(Array.from({ length: setting.width }, () => pool.connect()));
    let turn = 0;
    return (hold) => take(all[turn++ % all.length], hold);
  }
  return async (hold) => {
    const client = await pool.connect();
    try {
      return await take(client, hold);
    } finally {
      client.release();
    }
  };
}

export function seatPool(url: string, { width, pipelined = false }: Setting): pg.Pool {
  const config: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: url,
    max: width,
    pipeline: pipelined,
    options: '-c synchronous_commit=on -c plan_cache_mode=force_generic_plan',
  };
  return new pg.Pool(config);
}

/** Half of each page is left free, so that an update stays on it and no index is touched. */
export async function createSeats(pool: pg.Pool, table: string): Promise<void> {
  await pool.query(`DROP TABLE IF EXISTS ${table}`);
  await pool.query(
    `CREATE TABLE ${table} (event int, seat int, buyer int, until bigint,
       PRIMARY KEY (event, seat)) WITH (fillfactor = 50, autovacuum_enabled = off)`,
  );
}

export async function addSeats(
  pool: pg.Pool,
  table: string,
  event: number,
  seats: number,
): Promise<void> {
  const all = `SELECT $1::int, seat FROM generate_series(0, $2::int - 1) AS seat`;
  await pool.query(`INSERT INTO ${table} (event, seat) ${all}`, [event, seats]);
  await pool.query(`VACUUM ANALYZE ${table}`);
}

export async function countHeld(pool: pg.Pool, table: string, event: number): Promise<number> {
  const { rows } = await pool.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM ${table} WHERE event = $1 AND buyer IS NOT NULL`,
    [event],
  );
  return rows[0].held;
}

type Take = (client: pg.PoolClient, hold: Hold) => Promise<boolean>;

const ways: Readonly<Record<PostgresWay, (table: string) => Take>> = {
  'row-lock': (table) => lockThenUpdate(table, 'BEGIN', 'FOR UPDATE'),
  serializable: (table) =>
    retrying(lockThenUpdate(table, 'BEGIN ISOLATION LEVEL SERIALIZABLE', '')),
  update: (table) =>
    oneStatement(
      'update',
      `UPDATE ${table} SET buyer = $3, until = $4 WHERE event = $1 AND seat = $2
         AND (buyer IS NULL OR until < $5)`,
    ),
  'skip-locked': (table) =>
    oneStatement(
      'skip-locked',
      `WITH free AS (SELECT ctid FROM ${table} WHERE event = $1 AND seat = $2
           AND (buyer IS NULL OR until < $5) FOR UPDATE SKIP LOCKED)
       UPDATE ${table} AS s SET buyer = $3, until = $4 FROM free WHERE s.ctid = free.ctid`,
    ),
  insert: (table) =>
    oneStatement(
      'insert',
      `INSERT INTO ${table} AS s (event, seat, buyer, until) VALUES ($1, $2, $3, $4)
       ON CONFLICT (event, seat) DO UPDATE SET buyer = $3, until = $4 WHERE s.until < $5`,
    ),
};

function oneStatement(name: string, text: string): Take {
  return async (client, { event, seat, buyer }) => {
    const nowMs = Date.now();
    const values = [event, seat, buyer, nowMs + holdMs, nowMs];
    return (await client.query({ name, text, values })).rowCount === 1;
  };
}

/** Where connections pipeline, two round trips; else four. */
function lockThenUpdate(table: string, begin: string, lock: string): Take {
  const look = `SELECT buyer, until FROM ${table} WHERE event = $1 AND seat = $2 ${lock}`;
  const set = `UPDATE ${table} SET buyer = $3, until = $4 WHERE event = $1 AND seat = $2`;
  return async (client, { event, seat, buyer }) => {
    try {
      const [, { rows }] = await inTurn(client, [
        { name: 'begin', text: begin },
        { name: 'look', text: look, values: [event, seat] },
      ]);
      const [row] = rows as { buyer: number | null; until: string | null }[];
      const nowMs = Date.now();
      if (row.buyer !== null && Number(row.until) >= nowMs) {
        await client.query('ROLLBACK');
        return false;
      }
      await inTurn(client, [
        { name: 'set', text: set, values: [event, seat, buyer, nowMs + holdMs] },
        { name: 'commit', text: 'COMMIT' },
      ]);
      return true;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  };
}

/** Where the connection pipelines, all are sent before the first is answered. */
async function inTurn(
  client: pg.PoolClient,
  statements: readonly pg.QueryConfig[],
): Promise<pg.QueryResult[]> {
  const results = await Promise.allSettled(statements.map((statement) => client.query(statement)));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function retrying(take: Take): Take {
  return async (client, hold) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await take(client, hold);
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (!retried.includes(code) || attempt === retriesMax) throw error;
      }
    }
  };
}
