import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { natsServerConfig, type NatsTlsFiles } from '#libs/bus/nats-config.js';
import { newSeed, perRole, publicNkeys } from '#libs/bus/nats-credentials.js';
import { busRoles } from '#libs/contracts/bus-roles.js';
import { writePrivately } from './data-folder.js';

/**
 * For a system whose processes `npm start` does not start, such as the compose file's: makes what
 * each role needs on the bus, and the configuration of nats-server that fits. A folder for each
 * role, so that each process is shown its own only:
 *
 *   <out>/<role>/nats.seed         for HOLDFAST_NATS_SEED_FILE
 *   <out>/payments/seal.key        for HOLDFAST_PAYMENTS_KEY_FILE; the same in <out>/shard
 *   <out>/payments/stripe.key      what the simulator takes; the same in <out>/simulator
 *   <out>/<role>/metrics.token     for HOLDFAST_METRICS_TOKEN_FILE, one for all of them
 *   <out>/server/nats-server.conf  public keys, and the password among the servers
 *   <out>/server/route.password
 *
 * Secrets that are there stay; the configuration is written anew each time. Folders 700, files 600.
 */
export interface SecretsPlan {
  readonly out: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly open: boolean;
  readonly tls?: NatsTlsFiles;
  /** `host:port` of all servers, this one too. */
  readonly cluster?: {
    readonly name: string;
    readonly routes: readonly string[];
    /** Where this one hears the others; 6222 by default. */
    readonly port?: number;
  };
}

const routePort = 6222;

export function writeSecrets({ out, listen, open, tls, cluster }: SecretsPlan): void {
  const folderOf = (name: string): string => privateFolder(path.join(out, name));
  const seeds = perRole((role) => kept(path.join(folderOf(role), 'nats.seed'), newSeed));
  const seal = kept(path.join(folderOf('payments'), 'seal.key'), newKey);
  writePrivately(path.join(folderOf('shard'), 'seal.key'), `${seal}\n`);
  const stripe = kept(path.join(folderOf('payments'), 'stripe.key'), () => `sk_test_${newKey()}`);
  writePrivately(path.join(folderOf('simulator'), 'stripe.key'), `${stripe}\n`);
  const token = kept(path.join(folderOf('operator'), 'metrics.token'), newKey);
  for (const role of ['gateway', 'shard', 'payments'] as const) {
    writePrivately(path.join(folderOf(role), 'metrics.token'), `${token}\n`);
  }
  const server = folderOf('server');
  const password = kept(path.join(server, 'route.password'), newKey);
  const config = natsServerConfig({
    ...listen,
    users: publicNkeys(seeds),
    stage: open ? 'open' : 'closed',
    ...(tls === undefined ? {} : { tls }),
    ...(cluster === undefined
      ? {}
      : {
          cluster: {
            port: routePort,
            ...cluster,
            host: listen.host,
            password,
            ...(tls === undefined ? {} : { tls }),
          },
        }),
  });
  writePrivately(path.join(server, 'nats-server.conf'), config);
}

const newKey = (): string => randomBytes(24).toString('hex');

/** In a container it may be there already, as the root of a volume. */
function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  return folder;
}

function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writePrivately(file, `${make()}\n`);
  return readFileSync(file, 'utf8').trim();
}

export const helpText = `node dist/ops/start/write-secrets-main.js --out DIR [options]

  --listen HOST:PORT   where nats-server listens (127.0.0.1:4222)
  --cluster NAME       several servers, with --routes HOST:PORT,...: all of them
  --tls-cert FILE      TLS for clients, and among the servers, with --tls-key FILE;
  --tls-ca FILE        ... who signed the others: then certificates are asked of both sides
  --open               everybody may do everything: while an upgrade lasts

Writes DIR/{${busRoles.join(',')}}/nats.seed, DIR/{shard,payments}/seal.key,
DIR/{payments,simulator}/stripe.key, DIR/{${busRoles.join(',')}}/metrics.token and
DIR/server/nats-server.conf.`;

const flags = {
  out: { type: 'string' },
  listen: { type: 'string', default: '127.0.0.1:4222' },
  cluster: { type: 'string' },
  routes: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-ca': { type: 'string' },
  open: { type: 'boolean', default: false },
} as const;

/** Throws a sentence that names the flag. */
export function planOf(args: readonly string[]): SecretsPlan {
  const { values } = parseArgs({ args: [...args], options: flags });
  const { out, cluster, routes, listen, open } = values;
  if (out === undefined) throw new Error('--out names no folder');
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(listen) ?? [];
  if (host === undefined) throw new Error('--listen wants host:port');
  const [cert, key, ca] = [values['tls-cert'], values['tls-key'], values['tls-ca']];
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error('--tls-cert and --tls-key go together');
  }
  if ((cluster === undefined) !== (routes === undefined)) {
    throw new Error('--cluster and --routes go together');
  }
  return {
    out,
    listen: { host, port: Number(port) },
    open,
    ...(cert === undefined || key === undefined
      ? {}
      : { tls: { cert, key, ...(ca === undefined ? {} : { ca }) } }),
    ...(cluster === undefined
      ? {}
      : { cluster: { name: cluster, routes: (routes ?? '').split(',') } }),
  };
}
