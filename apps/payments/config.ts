import { pooledDatabaseVariable } from '#libs/database/database-address.js';
import { Type, type Static } from 'typebox';

import { natsVariables, sealVariables } from '#libs/bus/nats-credentials.js';
import { minimumAmounts } from '#libs/contracts/money/minimums-variable.js';
import { logLevelVariable } from '#libs/platform/log-level.js';
import { metricsVariables } from '#libs/platform/metrics-server.js';
import { tracingVariables } from '#libs/platform/tracing.js';

/** Environment of a payments process; read with readConfig (libs/platform/config.ts). */
export const paymentsConfig = Type.Object({
  DATABASE_URL: pooledDatabaseVariable,
  ...natsVariables,
  ...sealVariables,
  STRIPE_SECRET_KEY: Type.String({
    minLength: 1,
    description: 'a Stripe secret key is needed (any sk_test_... for the simulator)',
  }),
  /** By which Stripe's webhooks are known. Absent: there are none, and intents are polled. */
  STRIPE_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  /** Believed as well, while the one above is replaced. */
  STRIPE_SECOND_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  /** Absent: Stripe itself. */
  STRIPE_API_BASE: Type.Optional(Type.String({ pattern: '^https?://[^/]+/?$' })),
  /** Over those that Stripe publishes: they depend on where the account is paid out. */
  STRIPE_MINIMUM_AMOUNTS: Type.Optional(minimumAmounts),
  ...metricsVariables,
  ...tracingVariables,
  HOLDFAST_LOG_LEVEL: logLevelVariable,
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});

export type PaymentsConfig = Readonly<Static<typeof paymentsConfig>>;
