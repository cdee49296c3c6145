import { Redis } from 'ioredis';
import type pg from 'pg';
import { buyerLimit, holdMs, type BatchStore, type Hold, type Setting } from '../hold-store.js';
import { insertOrders, ordersPool, quit } from './redis.js';

/**
 * The job that Holdfast does, by Redis and Postgres: one script for all holds of a tick with
 * idempotency, deadline, the buyer's limit and one message of the changes, then the order rows in
 * one statement, and only then the answers. When the process dies between the two, Redis has holds
 * that Postgres does not know: that is left as it is here, and Holdfast has no such gap.
 */
const script = `
local now, untilMs, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local answers, changed = {}, {}
for i = 4, #ARGV, 4 do
  local event, seat, buyer, command = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known = redis.call('GET', 'c' .. command)
  local answer
  if known then
    answer = tonumber(known)
  else
    answer = 0
    local holder = redis.call('HGET', 'e' .. event, seat)
    if holder then
      local ends = redis.call('ZSCORE', 'd' .. event, seat)
      if ends and tonumber(ends) < now then
        redis.call('HINCRBY', 'b' .. event, holder, -1)
        holder = false
      end
    end
    if not holder then
      if redis.call('HINCRBY', 'b' .. event, buyer, 1) > limit then
        redis.call('HINCRBY', 'b' .. event, buyer, -1)
      else
        redis.call('HSET', 'e' .. event, seat, buyer)
        redis.call('ZADD', 'd' .. event, untilMs, seat)
        answer = 1
        local list = changed[event]
        if not list then list = {}; changed[event] = list end
        list[#list + 1] = seat
      end
    end
    redis.call('SET', 'c' .. command, answer, 'PX', 600000)
  end
  answers[#answers + 1] = answer
end
for event, seats in pairs(changed) do
  local version = redis.call('INCR', 'v' .. event)
  redis.call('PUBLISH', 'diff' .. event, version .. ':' .. table.concat(seats, ','))
end
return answers`;

/** Where the front gives the changes to whoever watches. */
export type Publish = (event: string, diff: string) => void;

export async function redisSameJob(
  port: number,
  databaseUrl: string,
  setting: Setting,
  publish: Publish,
): Promise<BatchStore> {
  const options = { host: '127.0.0.1', port, noDelay: true };
  const [redis, watcher] = [new Redis(options), new Redis(options)];
  const pool = await ordersPool(databaseUrl, 'same_job_order', setting.width);
  redis.defineCommand('holdMany', { numberOfKeys: 0, lua: script });
  const scripts = redis as unknown as {
    holdMany(values: readonly (string | number)[]): Promise<number[]>;
  };
  watcher.on('pmessage', (_pattern, channel: string, diff: string) => publish(channel, diff));
  await watcher.psubscribe('diff*');
  return {
    kind: 'batch',
    addEvent: () => Promise.resolve(),
    async holdAll(holds) {
      const answers = await scripts.holdMany(valuesOf(holds));
      const held = holds.filter((_, i) => answers[i] === 1);
      if (held.length > 0) await insertOrders(pool, 'same_job_order', held);
      return answers.map((answer) => answer === 1);
    },
    held: (event) => ordersOf(pool, event),
    async stop() {
      await Promise.all([quit(redis), quit(watcher), pool.end()]);
    },
  };
}

function valuesOf(holds: readonly Hold[]): (string | number)[] {
  const nowMs = Date.now();
  const values: (string | number)[] = [nowMs, nowMs + holdMs, buyerLimit];
  for (const { event, seat, buyer, command } of holds) values.push(event, seat, buyer, command);
  return values;
}

/** Postgres is what counts: an order that only Redis knows was never made. */
async function ordersOf(pool: pg.Pool, event: number): Promise<number> {
  const { rows } = await pool.query<{ held: number }>(
    'SELECT count(DISTINCT seat)::int AS held FROM same_job_order WHERE event = $1',
    [event],
  );
  return rows[0].held;
}
