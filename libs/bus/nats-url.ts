import type { ConnectionOptions } from 'nats';
import type { Random } from '#libs/platform/random.js';

/**
 * Reads `nats://user:password@host:4222` or several of them, separated by commas. The client
 * library ignores what stands before the `@`, so it is handed over apart; `tls://` asks for an
 * encrypted link. One user without a password is a token. All servers of a cluster share them.
 */
export function readNatsUrl(text: string): NatsAddress {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readServer);
  if (urls.length === 0) throw new TypeError('the NATS url names no server');
  const first = urls.find((url) => url.username !== '') ?? urls[0];
  const user = unescaped(first.username);
  const pass = unescaped(first.password);
  return {
    servers: urls.map((url) => `${url.hostname}:${url.port === '' ? '4222' : url.port}`),
    ...(user === '' ? {} : pass === '' ? { token: user } : { user, pass }),
    ...(urls.some((url) => url.protocol === 'tls:') ? { tls: {} } : {}),
  };
}

export type NatsAddress = Partial<ConnectionOptions> & { readonly servers: readonly string[] };

/**
 * The order in which a process asks the servers of a cluster. The number at the end of its name
 * chooses the first: shard-1 and shard-2 never begin at one server, which could freeze under both.
 * Without a number chance chooses.
 */
export function spreadServers(servers: readonly string[], name: string, random: Random): string[] {
  const number = /(\d{1,6})$/.exec(name)?.[1];
  const first = number === undefined ? random.fraction() * servers.length : Number(number);
  const start = Math.floor(first) % servers.length;
  return [...servers.slice(start), ...servers.slice(0, start)];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError('a percent sign in the user or password of a NATS url is written %25');
  }
}

/** Never repeats the text: it may hold a password. */
function readServer(part: string): URL {
  const text = part.includes('://') ? part : `nats://${part}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol)) {
    throw new TypeError('a NATS url is nats://host:port or tls://host:port');
  }
  return url;
}
