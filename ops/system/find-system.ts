import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Type, type Static } from 'typebox';
import { credentialsOf, natsVariables, type NatsCredentials } from '#libs/bus/nats-credentials.js';
import { readDatabaseAddress, WrongDatabaseAddress } from '#libs/database/database-address.js';
import { ConfigError, readConfig } from '#libs/platform/config.js';
import { dataFolder, shownPath } from './paths.js';
import { isAlive } from './processes.mjs';

/**
 * How holdfastctl, the demo and the bench find the system they work on: the folder given by
 * --data; else DATABASE_URL and NATS_URL; else HOLDFAST_DATA; else .holdfast of the project.
 */
export interface System {
  readonly databaseUrl: string;
  /** Null: a --single system, whose bus is inside its one process. */
  readonly natsUrl: string | null;
  /** Of the operator's role. */
  readonly natsCredentials: NatsCredentials;
  /** Empty when the system was named by DATABASE_URL and HOLDFAST_GATEWAY_URL is not set. */
  readonly gatewayUrls: readonly string[];
  /** Null: the real Stripe, or not known. */
  readonly stripeUrl: string | null;
  /** What the simulator asks for; null: it is not used, or asks for nothing. */
  readonly simulatorKey: string | null;
  /** For the numbers of its processes; null: they are everybody's, or it is not known. */
  readonly metricsToken: string | null;
  /** The folder of the system's data, null when it was named by DATABASE_URL. */
  readonly data: string | null;
  readonly single: boolean;
  readonly children: readonly RunningChild[];
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  /** Of its numbers on loopback; absent: it is not ready yet, or has none. */
  readonly metricsPort?: number;
}

/** What `npm start` writes to <data>/run.json when it is ready. Mode 600: it has secrets. */
export interface RunFile {
  readonly pid: number;
  readonly identity: string | null;
  readonly databaseUrl: string;
  readonly natsUrl: string | null;
  readonly natsCredentials: NatsCredentials;
  readonly gatewayUrls: readonly string[];
  readonly stripeUrl: string | null;
  readonly simulatorKey: string | null;
  readonly metricsToken: string;
  readonly logs: string;
  readonly single: boolean;
  readonly children: readonly RunningChild[];
}

/** The message is one line that says what to do. */
export class SystemNotFound extends Error {
  override readonly name = 'SystemNotFound';
}

export interface FindOptions {
  /** The value of --data. */
  readonly data?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

export function findSystem(options: FindOptions = {}): System {
  const env = options.env ?? process.env;
  const named = isSet(env.DATABASE_URL) || isSet(env.DATABASE_URL_FILE);
  if (options.data === undefined && named) return fromEnvironment(env);
  return fromFolder(dataFolder(options.data, env));
}

export const runFileOf = (data: string): string => path.join(data, 'run.json');

/** Null: no such file, or not one of ours. */
export function readRunFile(data: string): RunFile | null {
  try {
    const run = JSON.parse(readFileSync(runFileOf(data), 'utf8')) as Partial<RunFile>;
    return typeof run.pid === 'number' && typeof run.databaseUrl === 'string'
      ? (run as RunFile)
      : null;
  } catch {
    return null;
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): System {
  const config = configIn(env);
  const databaseUrl = config.DATABASE_URL ?? '';
  try {
    if (readDatabaseAddress(databaseUrl).pooler !== null) {
      throw new SystemNotFound('DATABASE_URL names a pooler: operators ask the database itself');
    }
  } catch (error) {
    if (error instanceof WrongDatabaseAddress) {
      throw new SystemNotFound(`DATABASE_URL ${error.message}`);
    }
    throw error;
  }
  const { HOLDFAST_GATEWAY_URL: gateway, STRIPE_API_BASE: stripeUrl } = config;
  return {
    databaseUrl,
    natsUrl: config.NATS_URL ?? null,
    natsCredentials: credentialsOf(config),
    gatewayUrls: gateway === undefined ? [] : [gateway],
    stripeUrl: stripeUrl ?? null,
    simulatorKey: stripeUrl === undefined ? null : (config.STRIPE_SECRET_KEY ?? null),
    metricsToken: config.HOLDFAST_METRICS_TOKEN ?? null,
    data: null,
    single: false,
    children: [],
  };
}

function fromFolder(data: string): System {
  const run = readRunFile(data);
  if (run === null || !isAlive(run.pid, run.identity)) {
    throw new SystemNotFound(
      `no Holdfast runs on ${shownPath(data)}: run "npm start", name its folder with --data, ` +
        'or set DATABASE_URL and NATS_URL',
    );
  }
  return { ...run, natsCredentials: run.natsCredentials ?? {}, data };
}

export const natsCredentialsIn = (env: NodeJS.ProcessEnv): NatsCredentials =>
  credentialsOf(configIn(env));

/** Each of them in the variable, or in the file that the variable with _FILE names. */
function configIn(env: NodeJS.ProcessEnv): Readonly<Static<typeof schema>> {
  try {
    return readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) throw new SystemNotFound(error.problems[0]);
    throw error;
  }
}

const text = Type.Optional(Type.String());
const schema = Type.Object({
  ...natsVariables,
  ...{ DATABASE_URL: text, NATS_URL: text, HOLDFAST_GATEWAY_URL: text },
  ...{ STRIPE_API_BASE: text, STRIPE_SECRET_KEY: text, HOLDFAST_METRICS_TOKEN: text },
});

const isSet = (text: string | undefined): boolean => text !== undefined && text !== '';
