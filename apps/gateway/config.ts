import Type, { type Static } from 'typebox';

import { natsVariables } from '#libs/bus/nats-credentials.js';
import { limits } from '#libs/contracts/limits.js';
import { roles } from '#libs/contracts/roles.js';
import { pooledDatabaseVariable } from '#libs/database/database-address.js';
import { logLevelVariable } from '#libs/platform/log-level.js';
import { metricsVariables } from '#libs/platform/metrics-server.js';
import { tracingVariables } from '#libs/platform/tracing.js';

import { forwardedHeaders, networksOf } from './admission/trusted-proxies.js';
import { originsOf } from './http/cors.js';

/** The gateway's environment; see docs/reference for the list of all processes. */
export const gatewayConfigSchema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
  HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  DATABASE_URL: pooledDatabaseVariable,
  ...natsVariables,
  HOLDFAST_TOKEN_SECRET: Type.String({
    minLength: 32,
    description: 'at least 32 characters, the same for all gateways',
  }),
  /** Believed and never signed with, while the one above is replaced. */
  HOLDFAST_SECOND_TOKEN_SECRET: Type.Optional(Type.String({ minLength: 32 })),
  HOLDFAST_TOKEN_ISSUERS: Type.Array(
    Type.Object({
      issuer: Type.String({ minLength: 1 }),
      jwks_url: Type.String({ pattern: '^https?://' }),
      audience: Type.String({ minLength: 1 }),
      /** Where its tokens say what their bearers may do beside buying. */
      roles: Type.Optional(
        Type.Object(
          {
            claim: Type.String({ minLength: 1 }),
            map: Type.Optional(Type.Record(Type.String(), Type.Enum([...roles]))),
            organiser_claim: Type.Optional(Type.String({ minLength: 1 })),
          },
          { additionalProperties: false },
        ),
      ),
    }),
    { default: [], description: 'a JSON array of {issuer, jwks_url, audience, roles?} is needed' },
  ),
  HOLDFAST_LOOPBACK_UNLIMITED: Type.Boolean({ default: false }),
  /** Who may say for whom it asks: addresses and networks, with commas between. */
  HOLDFAST_TRUSTED_PROXIES: Type.Optional(
    Type.Refine(
      Type.String(),
      (text) => networksOf(text) !== null,
      () => 'must be addresses or networks such as 10.0.0.0/8,fd00::/8, and not everybody (/0)',
    ),
  ),
  HOLDFAST_FORWARDED_HEADER: Type.Enum([...forwardedHeaders], { default: 'x-forwarded-for' }),
  /** What serves HTTP and WebSocket; auto: uWebSockets.js wherever it loads. */
  HOLDFAST_EDGE: Type.Union([Type.Literal('auto'), Type.Literal('uws'), Type.Literal('node')], {
    default: 'auto',
    description: 'auto, uws or node is needed',
  }),
  /** Of pages that may read answers: exact, with commas between. */
  HOLDFAST_CORS_ORIGINS: Type.Optional(
    Type.Refine(
      Type.String(),
      (text) => originsOf(text) !== null,
      () => 'must be origins such as https://tickets.example, with commas between, and no *',
    ),
  ),
  /** Paths; both or none. */
  HOLDFAST_TLS_CERT: Type.Optional(Type.String()),
  HOLDFAST_TLS_CERT_KEY: Type.Optional(Type.String({ secret: false })),
  /** Of Stripe's own form on the checkout page; absent: the simulator's cards. */
  STRIPE_PUBLISHABLE_KEY: Type.Optional(
    Type.String({ pattern: '^pk_(test|live)_[A-Za-z0-9]{1,200}$', secret: false }),
  ),
  /** 0: for ever. */
  HOLDFAST_AUDIT_DAYS: Type.Integer({
    minimum: 0,
    maximum: limits.auditDaysMax,
    default: limits.auditDaysDefault,
  }),
  HOLDFAST_LAME_DUCK_MS: Type.Integer({
    minimum: 0,
    maximum: limits.lameDuckGraceMsMax,
    default: limits.lameDuckGraceMs,
  }),
  ...metricsVariables,
  ...tracingVariables,
  HOLDFAST_LOG_LEVEL: logLevelVariable,
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});

export type GatewayEnvironment = Readonly<Static<typeof gatewayConfigSchema>>;

/** What startGateway needs of it; the connections are made by its caller. */
export type GatewayConfig = Pick<
  GatewayEnvironment,
  | 'PORT'
  | 'HOLDFAST_EDGE'
  | 'HOST'
  | 'HOLDFAST_TOKEN_SECRET'
  | 'HOLDFAST_SECOND_TOKEN_SECRET'
  | 'HOLDFAST_TOKEN_ISSUERS'
  | 'HOLDFAST_LOOPBACK_UNLIMITED'
  | 'HOLDFAST_TRUSTED_PROXIES'
  | 'HOLDFAST_FORWARDED_HEADER'
  | 'HOLDFAST_CORS_ORIGINS'
  | 'HOLDFAST_TLS_CERT'
  | 'HOLDFAST_TLS_CERT_KEY'
  | 'STRIPE_PUBLISHABLE_KEY'
  | 'HOLDFAST_AUDIT_DAYS'
  | 'HOLDFAST_LAME_DUCK_MS'
>;
