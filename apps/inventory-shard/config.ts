import { Type } from 'typebox';
import { logLevelVariable } from '#libs/platform/log-level.js';

/** Everything a shard process is told, by environment only. */
export const shardConfigSchema = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'a postgres:// URL is needed' }),
  NATS_URL: Type.String({ minLength: 1, description: 'a nats:// URL is needed' }),
  HOLDFAST_SHARD_ID: Type.String({
    pattern: '^[a-z0-9-]{1,32}$',
    description: 'a name that stays the same over restarts is needed: 1..32 of a-z, 0-9, -',
  }),
  HOLDFAST_SHARD_WEIGHT: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1 }),
  HOLDFAST_REBALANCE: Type.Boolean({ default: true }),
  /** 0: any free port, told in the ready line. */
  HOLDFAST_METRICS_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
  HOLDFAST_METRICS_HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  HOLDFAST_LOG_LEVEL: logLevelVariable,
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});
