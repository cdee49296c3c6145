import { Type, type Static } from 'typebox';
import { natsVariables, sealVariables } from '#libs/bus/nats-credentials.js';
import { moveFailpoints } from '#libs/hosting/move-failpoints.js';
import { databaseVariable } from '#libs/database/database-address.js';
import { ConfigError } from '#libs/platform/config.js';
import { logLevelVariable } from '#libs/platform/log-level.js';
import { metricsVariables } from '#libs/platform/metrics-server.js';
import { tracingVariables } from '#libs/platform/tracing.js';

/** Everything a shard process is told, by environment only. */
export const shardConfigSchema = Type.Object({
  DATABASE_URL: databaseVariable,
  ...natsVariables,
  ...sealVariables,
  /** Believed as well, while the one above is replaced. */
  HOLDFAST_SECOND_PAYMENTS_KEY: Type.Optional(Type.String({ minLength: 32 })),
  HOLDFAST_SHARD_ID: Type.String({
    pattern: '^[a-z0-9-]{1,32}$',
    description: 'a name that stays the same over restarts is needed: 1..32 of a-z, 0-9, -',
  }),
  HOLDFAST_SHARD_WEIGHT: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1 }),
  HOLDFAST_REBALANCE: Type.Boolean({ default: true }),
  /** Recovers an event that never was after each start, so that the first real one is quick. */
  HOLDFAST_REHEARSE: Type.Boolean({ default: true }),
  ...metricsVariables,
  ...tracingVariables,
  /** For tests of crashes: the step of a move at which the process kills itself. */
  HOLDFAST_TEST_DIE_AT: Type.Optional(Type.Enum([...moveFailpoints])),
  NODE_ENV: Type.Optional(Type.String()),
  HOLDFAST_LOG_LEVEL: logLevelVariable,
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});

export type ShardEnvironment = Readonly<Static<typeof shardConfigSchema>>;

/** A production process has no way to be told to die. */
export function refuseTestVariables(config: ShardEnvironment): void {
  if (config.HOLDFAST_TEST_DIE_AT === undefined || config.NODE_ENV !== 'production') return;
  throw new ConfigError(['HOLDFAST_TEST_DIE_AT is for tests, and NODE_ENV is production']);
}
