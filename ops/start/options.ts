import { parseArgs } from 'node:util';
import { dataFolder } from '../system/paths.js';

/**
 * The flags and environment of `npm start`. Whatever is wrong is one line that names the flag and
 * what it wants; nothing is started then.
 */
export interface StartOptions {
  readonly shards: number;
  readonly gateways: number;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute. */
  readonly data: string;
  readonly fresh: boolean;
  readonly single: boolean;
  /** Each gateway on a core of its own, everything else on the others. */
  readonly pin: boolean;
  /** Whoever asks from this machine has no limit per address. */
  readonly unlimited: boolean;
  /** The demo events also into the database of DATABASE_URL. */
  readonly demo: boolean;
  readonly databaseUrl: string | null;
  readonly natsUrl: string | null;
  /** Null: the simulator. */
  readonly stripeSecretKey: string | null;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm start -- [options]

  --shards N     inventory shards, 1 to 16 (2)
  --gateways N   gateways, 1 to 16 (1); the first one on --port
  --port N       port of the first gateway (PORT, else 8080); 0 is any free port
  --data DIR     where everything is kept (HOLDFAST_DATA, else .holdfast)
  --fresh        empty that folder first: events, holds and bookings are lost
  --single       every role in one process, without NATS
  --unlimited    no limit per address for clients of this machine: demo, bench
  --pin          binds each gateway to a core of its own (Linux)
  --demo         the demo events also into the database of DATABASE_URL
  --help         this text

DATABASE_URL and NATS_URL name a Postgres and a NATS that run already; without
them both are started here. STRIPE_SECRET_KEY turns the Stripe simulator off.`;

const flags = {
  shards: { type: 'string' },
  gateways: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  fresh: { type: 'boolean' },
  single: { type: 'boolean' },
  pin: { type: 'boolean' },
  unlimited: { type: 'boolean' },
  demo: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

class WrongOption extends Error {}

export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): ParsedOptions {
  try {
    const given = valuesOf(args);
    if (given.help === true) return { kind: 'help' };
    return { kind: 'options', options: optionsOf(given, env) };
  } catch (error) {
    if (error instanceof WrongOption) return { kind: 'wrong', message: error.message };
    throw error;
  }
}

type Given = { -readonly [Name in keyof typeof flags]?: string | boolean };

/** Not strict, so that the messages are ours; every token is judged here. */
function valuesOf(args: readonly string[]): Given {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true });
  const given: Given = {};
  for (const token of tokens) {
    if (token.kind === 'positional') throw new WrongOption(`"${token.value}" is not an option`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(flags, token.name)) {
      throw new WrongOption(`${token.rawName} is not an option`);
    }
    const name = token.name as keyof typeof flags;
    const takesValue = flags[name].type === 'string';
    if (takesValue && (token.value === undefined || token.value.startsWith('--'))) {
      throw new WrongOption(`${token.rawName} needs a value`);
    }
    if (!takesValue && token.value !== undefined) {
      throw new WrongOption(`${token.rawName} takes no value`);
    }
    given[name] = token.value ?? true;
  }
  return given;
}

function optionsOf(given: Given, env: NodeJS.ProcessEnv): StartOptions {
  const single = given.single === true;
  for (const name of ['shards', 'gateways', 'pin'] as const) {
    if (single && given[name] !== undefined) {
      throw new WrongOption(`--single is one process: it goes without --${name}`);
    }
  }
  const port = given.port === undefined ? textOf(env, 'PORT') : given.port;
  const data = given.data as string | undefined;
  if (data === '') throw new WrongOption('--data needs a folder');
  return {
    shards: count('--shards', given.shards ?? '2', 1, 16),
    gateways: count('--gateways', given.gateways ?? '1', 1, 16),
    port: count(given.port === undefined ? 'PORT' : '--port', port ?? '8080', 0, 65_535),
    data: dataFolder(data, env),
    fresh: given.fresh === true,
    single,
    pin: given.pin === true,
    unlimited: given.unlimited === true,
    demo: given.demo === true,
    databaseUrl: urlOf(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    natsUrl: urlOf(env, 'NATS_URL', ['nats:', 'tls:']),
    stripeSecretKey: textOf(env, 'STRIPE_SECRET_KEY'),
  };
}

function count(name: string, text: string | boolean, min: number, max: number): number {
  const value = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new WrongOption(`${name} wants a number from ${min} to ${max}, not "${String(text)}"`);
}

function urlOf(env: NodeJS.ProcessEnv, name: string, protocols: string[]): string | null {
  const text = textOf(env, name);
  if (text === null) return null;
  const first = text.split(',')[0];
  if (URL.canParse(first) && protocols.includes(new URL(first).protocol)) return text;
  throw new WrongOption(`${name} wants a URL that begins with ${protocols[0]}//`);
}

const textOf = (env: NodeJS.ProcessEnv, name: string): string | null =>
  env[name] === undefined || env[name] === '' ? null : env[name];
