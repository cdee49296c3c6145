import http from 'node:http';
import { limits } from '#libs/contracts/limits.js';
import type { Door } from './doors.js';

/** One that no gateway of ours trusts; every Linux has it. */
const neighbour = '127.0.0.2';
/** Enough for a bucket to be empty on a machine that answers slowly, too. */
const roundsMax = 20;
const atOnce = 40;

/** Another address for each request: to a trusted proxy, and from who is none. */
export async function forgedAddresses(url: string): Promise<Door> {
  const holes: string[] = [];
  const forged = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const left = await untilLimited(url, '127.0.0.1', (i) => `${forged(i)}, 198.51.100.9`);
  if (!left.limited) holes.push('what stands left of a client’s address gave him another one');
  const believed = await untilLimited(url, neighbour, forged);
  if (!believed.limited) holes.push('a stranger’s X-Forwarded-For gave him another address');
  const other = await sessionFrom(url, '127.0.0.1', '198.51.100.10');
  if (other !== 201) holes.push(`somebody else behind the proxy was answered ${other}`);
  return { name: 'forged X-Forwarded-For', tried: left.tried + believed.tried + 1, holes };
}

async function untilLimited(
  url: string,
  localAddress: string,
  from: (i: number) => string,
): Promise<{ readonly limited: boolean; readonly tried: number }> {
  const needed = Math.ceil(limits.addressRequestsBurst / atOnce);
  for (let round = 0; round < needed + roundsMax; round++) {
    const numbers = Array.from({ length: atOnce }, (_, i) => round * atOnce + i);
    const statuses = await Promise.all(numbers.map((i) => sessionFrom(url, localAddress, from(i))));
    if (statuses.includes(429)) return { limited: true, tried: (round + 1) * atOnce };
  }
  return { limited: false, tried: (needed + roundsMax) * atOnce };
}

function sessionFrom(url: string, localAddress: string, forwarded: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': 2,
    'x-forwarded-for': forwarded,
  };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', localAddress, headers, timeout: 15_000 };
    const request = http.request(new URL('/v1/sessions', url), options, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', reject);
    request.end('{}');
  });
}
