import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';

const loopback = '127.0.0.1';

/** Below the ports that systems give to outgoing connections, above those of known services. */
const quiet = { from: 15_000, to: 32_000 } as const;
const attempts = 50;

/**
 * A port that is free now. It is not reserved until somebody listens there; one of the system's own
 * choice could be an outgoing connection's a moment later.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(quiet.from, quiet.to);
    if ((await portState(port)) === 'free') return port;
  }
  return anyPort();
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, loopback, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** `denied`: a port below 1024 that this user may not have. */
export type PortState = 'free' | 'taken' | 'denied';

export function portState(port: number): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EACCES' ? 'denied' : 'taken');
    });
    server.listen(port, loopback, () => server.close(() => resolve('free')));
  });
}

/** The first `count` free ports from `first` up, without those in `taken`. */
export async function freePortsFrom(
  first: number,
  count: number,
  taken: ReadonlySet<number> = new Set(),
): Promise<number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await portState(port)) === 'free') found.push(port);
  }
  while (found.length < count) found.push(await freePort());
  return found;
}
