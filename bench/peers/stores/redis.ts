import { Redis } from 'ioredis';
import pg from 'pg';
import {
  holdMs,
  type BatchStore,
  type Hold,
  type Setting,
  type SingleStore,
} from '../hold-store.js';

const connect = (port: number, perTick: boolean): Redis =>
  new Redis({ host: '127.0.0.1', port, enableAutoPipelining: perTick, noDelay: true });

const one = `return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])`;

/** A script for each hold; the client sends those of one tick together. */
export function redisLua(port: number): SingleStore {
  const redis = connect(port, true);
  redis.defineCommand('holdOne', { numberOfKeys: 1, lua: one });
  const scripts = redis as unknown as {
    holdOne(key: string, seat: number, buyer: number): Promise<number>;
  };
  return {
    kind: 'single',
    addEvent: () => Promise.resolve(),
    hold: async ({ event, seat, buyer }) => (await scripts.holdOne(`e${event}`, seat, buyer)) === 1,
    held: (event) => redis.hlen(`e${event}`),
    stop: () => quit(redis),
  };
}

const many = `
local answers = {}
for i = 1, #ARGV, 3 do
  answers[#answers + 1] = redis.call('HSETNX', ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return answers`;

/** One script for all holds of a tick. */
export function redisLuaBatched(port: number): BatchStore {
  const redis = connect(port, false);
  redis.defineCommand('holdMany', { numberOfKeys: 0, lua: many });
  const scripts = redis as unknown as {
    holdMany(values: readonly (string | number)[]): Promise<number[]>;
  };
  return {
    kind: 'batch',
    addEvent: () => Promise.resolve(),
    async holdAll(holds) {
      const values = holds.flatMap(({ event, seat, buyer }) => [`e${event}`, seat, buyer]);
      return (await scripts.holdMany(values)).map((answer) => answer === 1);
    },
    held: (event) => redis.hlen(`e${event}`),
    stop: () => quit(redis),
  };
}

const writeBehindMax = 1_000;
const writeBehindEveryMs = 20;

/**
 * SET NX with a time to live for each seat, and the order written to Postgres behind the answer:
 * the usual advice. What is acknowledged and not yet in Postgres is lost with Redis' last second.
 */
export async function redisSetNx(
  port: number,
  databaseUrl: string,
  setting: Setting,
): Promise<SingleStore> {
  const redis = connect(port, true);
  const pool = await ordersPool(databaseUrl, 'behind_order', setting.width);
  const behind: Hold[] = [];
  const write = () => {
    if (behind.length === 0) return Promise.resolve();
    return insertOrders(pool, 'behind_order', behind.splice(0, writeBehindMax));
  };
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    writing = writing.then(write);
  }, writeBehindEveryMs);
  return {
    kind: 'single',
    addEvent: () => Promise.resolve(),
    async hold(hold) {
      const { event, seat, buyer } = hold;
      const set = await redis.set(`s${event}:${seat}`, buyer, 'PX', holdMs, 'NX');
      if (set !== null) behind.push(hold);
      return set !== null;
    },
    held: (event) => countKeys(redis, `s${event}:*`),
    async stop() {
      clearInterval(timer);
      await writing;
      await Promise.all([quit(redis), pool.end()]);
    },
  };
}

async function countKeys(redis: Redis, pattern: string): Promise<number> {
  let [cursor, keys] = await redis.scan(0, 'MATCH', pattern, 'COUNT', 10_000);
  let count = keys.length;
  while (cursor !== '0') {
    [cursor, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 10_000);
    count += keys.length;
  }
  return count;
}

export async function ordersPool(url: string, table: string, max: number): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max, options: '-c synchronous_commit=on' });
  await pool.query(`DROP TABLE IF EXISTS ${table}`);
  await pool.query(
    `CREATE TABLE ${table}
       (command text PRIMARY KEY, event int, seat int, buyer int, until bigint)`,
  );
  return pool;
}

export async function insertOrders(
  pool: pg.Pool,
  table: string,
  holds: readonly Hold[],
): Promise<void> {
  const column = (of: (hold: Hold) => number | string) => `{${holds.map(of).join(',')}}`;
  await pool.query({
    name: 'insert-orders',
    text: `INSERT INTO ${table} (command, event, seat, buyer, until)
      SELECT command, event, seat, buyer, $5::bigint
      FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS o (command, event, seat, buyer)`,
    values: [
      column(({ command }) => command),
      column(({ event }) => event),
      column(({ seat }) => seat),
      column(({ buyer }) => buyer),
      Date.now() + holdMs,
    ],
  });
}

export async function quit(redis: Redis): Promise<void> {
  await redis.quit();
}
