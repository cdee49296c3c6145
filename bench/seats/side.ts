import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { runtimeFlags } from '#ops/system/runtime-flags.js';
import { closeBuyers, openBuyers, type Buyers } from './buyers.js';
import type { GatewayOrder, GatewaySays } from './gateway-process.js';
import type { ListerOrder, ListerReport } from './lister-process.js';

/** One build's gateway, its buyers, and the client who asks for lists. */
export interface Side {
  readonly name: string;
  readonly gateway: ChildProcess;
  readonly lister: ChildProcess;
  readonly listUrl: string;
  readonly buyers: Buyers;
}

export interface OneList {
  readonly bytes: number;
  readonly coding: string;
  readonly tookMs: number;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * The first list costs most; it is measured before the buyers make the gateway warm. `others`: how
 * many events it has beside that of so many seats.
 */
export async function openGateway(
  root: string,
  seats: number,
  others = 0,
): Promise<[ChildProcess, string]> {
  const args = [root, seats, others].map(String);
  const gateway = fork(here('./gateway-process.js'), args, { execArgv: [...runtimeFlags] });
  const [{ url }] = (await once(gateway, 'message')) as [GatewaySays];
  return [gateway, url];
}

export async function openSide(name: string, gateway: ChildProcess, url: string): Promise<Side> {
  const lister = fork(here('./lister-process.js'));
  const listUrl = new URL('/v1/events/evt_show1/seats', url).href;
  return { name, gateway, lister, listUrl, buyers: await openBuyers(url) };
}

export function closeSide({ gateway, lister, buyers }: Side): void {
  closeBuyers(buyers);
  gateway.disconnect();
  lister.disconnect();
}

export async function ask(gateway: ChildProcess, order: GatewayOrder): Promise<GatewaySays> {
  const said = once(gateway, 'message');
  gateway.send(order);
  const [answer] = (await said) as [GatewaySays];
  return answer;
}

export async function listAway({ lister, listUrl: url }: Side, ms: number): Promise<ListerReport> {
  const order: ListerOrder = { url, ms, coding: 'br' };
  const said = once(lister, 'message');
  lister.send(order);
  const [report] = (await said) as [ListerReport];
  return report;
}

/** `localAddress`: who asks; each may have a list now and then. */
export function listOnce(
  url: string,
  coding: string,
  localAddress = '127.0.3.1',
): Promise<OneList> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': coding };
    http
      .get(url, { headers, agent: false, localAddress }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => {
          const got = response.headers['content-encoding'] ?? 'identity';
          if (response.statusCode !== 200) reject(new Error(`a list: ${response.statusCode}`));
          else resolve({ bytes, coding: got, tookMs: performance.now() - startMs });
        });
      })
      .on('error', reject);
  });
}
