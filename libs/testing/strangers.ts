import { connect } from 'node:net';
import pg from 'pg';
import { listeningSockets, type ListeningSocket } from './listening-sockets.js';

/**
 * What another user of the machine gets from the ports of a system on one machine, without any of
 * its credentials. Every socket must be in this list (docs/security.md has the same), on loopback,
 * and give nothing that is not everybody's.
 */
export interface SystemOnOneMachine {
  readonly children: readonly {
    readonly name: string;
    readonly pid: number;
    readonly metricsPort?: number;
  }[];
  readonly gatewayUrls: readonly string[];
  readonly stripeUrl: string | null;
}

export interface Knock {
  /** Such as `shard-1: metrics`. */
  readonly socket: string;
  /** What a stranger got, or empty. */
  readonly holes: readonly string[];
}

type Kind = keyof typeof asStranger;

/** `others`: processes of the system that are not among its children, such as the launcher. */
export async function knockEverywhere(
  system: SystemOnOneMachine,
  others: readonly number[] = [],
): Promise<Knock[]> {
  const pids = [...system.children.map(({ pid }) => pid), ...others];
  const knocks: Knock[] = [];
  for (const socket of listeningSockets(pids)) {
    const owner = system.children.find(({ pid }) => pid === socket.pid)?.name ?? 'launcher';
    const kind = kindOf(system, socket);
    if (kind === null) {
      const holes = [`${socket.address}:${socket.port} is in no list`];
      knocks.push({ socket: `${owner}: ?`, holes });
      continue;
    }
    const outside = socket.address === '127.0.0.1' ? [] : [`listens on ${socket.address}`];
    const holes = [...outside, ...(await asStranger[kind](socket.port))];
    knocks.push({ socket: `${owner}: ${kind}`, holes });
  }
  return knocks;
}

function kindOf(system: SystemOnOneMachine, { pid, port }: ListeningSocket): Kind | null {
  const child = system.children.find((one) => one.pid === pid);
  const isAt = (url: string | null): boolean => url !== null && Number(new URL(url).port) === port;
  if (child === undefined || port === 0) return null;
  if (child.name === 'postgres' || child.name === 'nats-server') return child.name;
  if (child.metricsPort === port) return 'metrics';
  if (isAt(system.stripeUrl)) return 'simulator';
  return system.gatewayUrls.some(isAt) ? 'gateway' : null;
}

/** What is wrong with the answers. */
const asStranger = {
  postgres: async (port: number): Promise<string[]> => {
    const tries = ['holdfast', 'hf_app', 'postgres', 'root'].flatMap((user) =>
      [undefined, '', user, 'wrong'].map((password) => ({ user, password })),
    );
    return (await Promise.all(tries.map((who) => logIn(port, who)))).flat();
  },
  'nats-server': async (port: number): Promise<string[]> => {
    const hello = 'CONNECT {"verbose":false,"pedantic":false}\r\nSUB > 1\r\nPING\r\n';
    const said = await say(port, hello);
    const refused = /-ERR 'Authorization Violation'/.test(said) && !/^(PONG|MSG)/m.test(said);
    return refused ? [] : [`it said ${said.slice(0, 200)}`];
  },
  metrics: async (port: number): Promise<string[]> => [
    ...(await wanted(port, 'GET', '/metrics', [401])),
    ...(await wanted(port, 'GET', '/metrics', [401], 'Bearer 00000000000000000000000000000000')),
    ...(await wanted(port, 'GET', '/', [404])),
    ...(await oneWord(port, '/livez')),
    ...(await oneWord(port, '/readyz')),
  ],
  simulator: async (port: number): Promise<string[]> => [
    ...(await wanted(port, 'GET', '/_simulator/ledger', [401])),
    ...(await wanted(port, 'POST', '/_simulator/faults', [401], 'Bearer sk_test_simulator')),
    ...(await wanted(port, 'GET', '/v1/payment_intents/pi_1', [401], 'Bearer sk_test_simulator')),
    ...(await wanted(port, 'POST', '/v1/refunds', [401], 'Bearer sk_test_simulator')),
  ],
  /** The one that is for everybody; who may what there is tried route by route (matrix.ts). */
  gateway: async (port: number): Promise<string[]> => [
    ...(await wanted(port, 'GET', '/metrics', [404])),
    ...(await wanted(port, 'GET', '/v1/admin/events', [401])),
  ],
} as const;

async function logIn(
  port: number,
  who: { readonly user: string; readonly password: string | undefined },
): Promise<string[]> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    database: 'holdfast',
    user: who.user,
    password: who.password ?? (() => ''),
    connectionTimeoutMillis: waitMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return [`${who.user} came in with ${String(who.password)}`];
  } catch {
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

const waitMs = 5_000;

async function wanted(
  port: number,
  method: string,
  path: string,
  statuses: readonly number[],
  authorization?: string,
): Promise<string[]> {
  const headers = authorization === undefined ? {} : { authorization };
  const signal = AbortSignal.timeout(waitMs);
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, signal });
  await answer.arrayBuffer();
  return statuses.includes(answer.status) ? [] : [`${method} ${path}: ${answer.status}`];
}

async function oneWord(port: number, path: string): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  const text = await answer.text();
  return /^(not )?ok\n$/.test(text) ? [] : [`GET ${path}: ${text.slice(0, 80)}`];
}

/** All that is said until the other side closes, or for a while. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
    const end = (): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(waitMs, end);
    socket.on('data', (data) => (said += data.toString()));
    socket.once('error', end);
    socket.once('close', end);
  });
}
