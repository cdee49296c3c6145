import { Type, type Static } from 'typebox';

import { minimumAmounts } from '#libs/contracts/money/minimums-variable.js';
import { logLevelVariable } from '#libs/platform/log-level.js';

import type { WebhookEndpoint } from './webhooks.js';

/** Types of events, with commas between them, that an endpoint is subscribed to; absent: all. */
export const webhookEvents = Type.String({ pattern: '^[a-z_.]+(,[a-z_.]+)*$' });

/** Environment of a Stripe simulator process. */
export const simulatorConfig = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
  HOST: Type.String({ default: '127.0.0.1' }),
  HOLDFAST_DATA_FILE: Type.String({
    minLength: 1,
    description: 'the path of the file that keeps the simulated payments is needed',
  }),
  /** Absent: it takes any test key, and orders from everybody. */
  STRIPE_SECRET_KEY: Type.Optional(Type.String({ minLength: 1 })),
  /** Where events are told; absent: nowhere. */
  STRIPE_WEBHOOK_URL: Type.Optional(Type.String({ pattern: '^https?://' })),
  /** What they are signed with; needed with the address. */
  STRIPE_WEBHOOK_SECRET: Type.Optional(Type.String({ minLength: 1 })),
  STRIPE_WEBHOOK_EVENTS: Type.Optional(webhookEvents),
  STRIPE_MINIMUM_AMOUNTS: Type.Optional(minimumAmounts),
  HOLDFAST_LOG_LEVEL: logLevelVariable,
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});

export type SimulatorConfig = Readonly<Static<typeof simulatorConfig>>;

/** undefined: nobody is told of events. */
export function webhookOf(config: {
  readonly STRIPE_WEBHOOK_URL?: string;
  readonly STRIPE_WEBHOOK_SECRET?: string;
  readonly STRIPE_WEBHOOK_EVENTS?: string;
}): WebhookEndpoint | undefined {
  const {
    STRIPE_WEBHOOK_URL: url,
    STRIPE_WEBHOOK_SECRET: secret,
    STRIPE_WEBHOOK_EVENTS: types,
  } = config;
  if (url === undefined || secret === undefined) return undefined;
  return { url, secret, types: types === undefined ? null : new Set(types.split(',')) };
}
