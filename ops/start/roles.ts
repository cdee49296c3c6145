import path from 'node:path';
import { wantedTypes } from '#apps/payments/webhooks/stripe-events.js';
import type { NatsSeeds } from '#libs/bus/nats-credentials.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { limits } from '#libs/contracts/limits.js';
import { projectRoot } from '../system/paths.js';
import { runtimeFlags, shardEnvironment } from '../system/runtime-flags.js';
import type { DataFolder, Secrets } from './data-folder.js';
import { rotateLog } from './logs.js';
import type { ChildSpec } from './supervisor.js';

/**
 * Holdfast's own processes: which program, and the environment that configures it. Groups follow
 * the order of start; the last is stopped first, so buyers are sent away before the actors go.
 */
export interface Surroundings {
  readonly folder: DataFolder;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  /** Null with --single. */
  readonly natsUrl: string | null;
  /** Null: NATS_URL names somebody's server, and the environment who we are there. */
  readonly natsSeeds: NatsSeeds | null;
  /** Null: the simulator is not used. */
  readonly stripeUrl: string | null;
  readonly stripeKey: string;
  /** See --unlimited. */
  readonly unlimited: boolean;
}

export const groups = { simulator: 2, shard: 3, payments: 4, gateway: 5 } as const;

/** `gatewayPort`: where it tells of events. */
export function simulatorSpec(around: Surroundings, port: number, gatewayPort: number): ChildSpec {
  return childSpec(
    around,
    'stripe-simulator',
    groups.simulator,
    'apps/payments/simulator/main.js',
    {
      PORT: String(port),
      HOST: '127.0.0.1',
      STRIPE_SECRET_KEY: around.stripeKey,
      STRIPE_WEBHOOK_URL: webhookUrl(gatewayPort),
      STRIPE_WEBHOOK_SECRET: around.secrets.webhookSecret,
      STRIPE_WEBHOOK_EVENTS: wantedTypes.join(','),
      HOLDFAST_DATA_FILE: around.folder.file('stripe-simulator.json'),
    },
  );
}

/**
 * When one of several shards dies the others take its events over, and buyers wait for that: its
 * successor leaves them the cores for so long.
 */
const afterTakeOversMs = 1_000;

export function shardSpec(around: Surroundings, number: number, shards: number): ChildSpec {
  const spec = childSpec(around, `shard-${number}`, groups.shard, 'apps/inventory-shard/main.js', {
    ...seedOf(around, 'shard'),
    HOLDFAST_PAYMENTS_KEY: around.secrets.paymentsKey,
    HOLDFAST_SECOND_PAYMENTS_KEY: around.secrets.secondPaymentsKey ?? '',
    HOLDFAST_SHARD_ID: `shard-${number}`,
  });
  const env = { ...shardEnvironment, ...spec.env };
  return shards > 1 ? { ...spec, env, firstBackoffMs: afterTakeOversMs } : { ...spec, env };
}

export function paymentsSpec(around: Surroundings): ChildSpec {
  return childSpec(around, 'payments', groups.payments, 'apps/payments/main.js', {
    ...seedOf(around, 'payments'),
    HOLDFAST_PAYMENTS_KEY: around.secrets.paymentsKey,
    ...stripeEnvironment(around),
  });
}

export function gatewaySpec(around: Surroundings, number: number, port: number): ChildSpec {
  return childSpec(around, `gateway-${number}`, groups.gateway, 'apps/gateway/main.js', {
    ...seedOf(around, 'gateway'),
    ...gatewayEnvironment(around),
    PORT: String(port),
  });
}

export function singleSpec(around: Surroundings, port: number, simulatorPort: number): ChildSpec {
  return childSpec(around, 'holdfast', groups.gateway, 'ops/start/single.js', {
    ...gatewayEnvironment(around),
    ...stripeEnvironment(around),
    PORT: String(port),
    HOLDFAST_SHARD_ID: 'shard-1',
    STRIPE_WEBHOOK_URL: webhookUrl(port),
    STRIPE_WEBHOOK_EVENTS: wantedTypes.join(','),
    HOLDFAST_SIMULATOR_PORT: around.stripeUrl === null ? '' : String(simulatorPort),
    HOLDFAST_DATA_FILE: around.folder.file('stripe-simulator.json'),
  });
}

/** The address is always loopback: some shells export HOST with the machine's name in it. */
function gatewayEnvironment(around: Surroundings): NodeJS.ProcessEnv {
  return {
    HOST: '127.0.0.1',
    HOLDFAST_TOKEN_SECRET: around.secrets.tokenSecret,
    HOLDFAST_SECOND_TOKEN_SECRET: around.secrets.secondTokenSecret ?? '',
    HOLDFAST_LOOPBACK_UNLIMITED: String(around.unlimited),
    // Of this machine only: a certificate in the environment is somebody else's.
    HOLDFAST_TLS_CERT: '',
    HOLDFAST_TLS_CERT_KEY: '',
    // The simulator has cards of its own.
    ...(around.stripeUrl === null ? {} : { STRIPE_PUBLISHABLE_KEY: '' }),
    // Nobody routes around a gateway of this machine.
    HOLDFAST_LAME_DUCK_MS: '0',
  };
}

const webhookUrl = (gatewayPort: number): string =>
  `http://127.0.0.1:${gatewayPort}/v1/stripe/webhook`;

function seedOf({ natsSeeds }: Surroundings, role: BusRole): NodeJS.ProcessEnv {
  return natsSeeds === null ? {} : { HOLDFAST_NATS_SEED: natsSeeds[role] };
}

function stripeEnvironment(around: Surroundings): NodeJS.ProcessEnv {
  return {
    STRIPE_SECRET_KEY: around.stripeKey,
    // Of Stripe itself it is what the environment says.
    ...(around.stripeUrl === null
      ? {}
      : {
          STRIPE_API_BASE: around.stripeUrl,
          STRIPE_WEBHOOK_SECRET: around.secrets.webhookSecret,
          STRIPE_SECOND_WEBHOOK_SECRET: '',
        }),
  };
}

function childSpec(
  around: Surroundings,
  name: string,
  group: number,
  program: string,
  env: NodeJS.ProcessEnv,
): ChildSpec {
  const logFile = path.join(around.folder.logs, `${name}.log`);
  rotateLog(logFile);
  return {
    name,
    command: process.execPath,
    args: [...flagsOf(group), path.join(projectRoot, 'dist', program)],
    env: {
      NODE_ENV: 'production',
      ...process.env,
      DATABASE_URL: around.databaseUrl,
      NATS_URL: around.natsUrl ?? '',
      HOLDFAST_LOG_FILE: logFile,
      HOLDFAST_METRICS_TOKEN: around.secrets.metricsToken,
      ...env,
    },
    logFile,
    ready: { kind: 'line' },
    group,
    stopSignal: 'SIGTERM',
    stopDeadlineMs: limits.processKillMs,
  };
}

/** Shards and gateways allocate for every request; the others do not. */
const flagsOf = (group: number): readonly string[] =>
  group === groups.shard || group === groups.gateway ? runtimeFlags : [];
