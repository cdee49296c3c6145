import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Checks, type Check } from './checks.js';
import { residentMib } from './memory.js';
import { holds, type Site } from './site.js';

const each = 2_000;
const trickleMs = 1_000;
const lastsMs = 30_000;
const load = { perSecond: 1_000, connections: 64, ms: 8_000 };
const growthMib = 150;

/** What each one begins to say; the rest never comes, or comes byte by byte. */
function beginningsOf(authorization: string): Readonly<Record<string, string>> {
  const head = `POST /v1/reservations HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`;
  return {
    'says nothing': '',
    'trickles its headers': `${head}X: `,
    'trickles its body': `${head}Content-Length: 9000\r\n\r\n{`,
  };
}

/** Thousands of connections that never finish a request, beside buyers who do. */
export async function slowLoris(site: Site): Promise<Check[]> {
  const checks = new Checks('slow loris');
  const gateway = site.found.system.children.find(({ name }) => name.startsWith('gateway'));
  const scaled = { ...load, ms: load.ms * Math.max(site.scale, 0.4) };
  const before = await holds(site, scaled);
  const mibBefore = residentMib(gateway?.pid ?? 0) ?? 0;
  const count = Math.ceil(each * site.scale);
  const groups = Object.entries(beginningsOf(site.users[0][0])).map(([name, text]) => ({
    name,
    all: Array.from({ length: count }, () => new Loris(site.gateway, text)),
  }));
  const startMs = performance.now();
  const trickle = setInterval(() => {
    for (const { name, all } of groups) {
      if (name !== 'says nothing') for (const loris of all) loris.trickle();
    }
  }, trickleMs);
  const during = await holds(site, scaled);
  const mibAfter = residentMib(gateway?.pid ?? 0) ?? 0;
  const allGone = () => groups.every(({ all }) => all.every(({ ended }) => ended));
  while (!allGone() && performance.now() - startMs < lastsMs) await pause(100);
  clearInterval(trickle);
  checks.atLeast(
    'rate of buyers, of before',
    during.decidedPerSecond / before.decidedPerSecond,
    0.9,
  );
  checks.atMost('p99 of buyers', during.p99Ms, before.p99Ms * 2 + 100, 'ms');
  checks.never('buyers without an answer', during.unanswered);
  checks.atMost('growth of the gateway', mibAfter - mibBefore, growthMib, 'MiB');
  for (const { name, all } of groups) {
    const left = all.filter(({ ended }) => !ended).length;
    checks.never(`${name}: still connected after 30 s`, left);
    for (const loris of all) loris.close();
  }
  return checks.list;
}

class Loris {
  ended = false;
  private readonly socket: Socket;

  constructor(gateway: URL, text: string) {
    this.socket = connect({ host: gateway.hostname, port: Number(gateway.port) });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.ended = true));
    this.socket.resume();
    if (text !== '') this.socket.write(text);
  }

  trickle(): void {
    if (!this.ended) this.socket.write('a');
  }

  close(): void {
    this.socket.destroy();
  }
}
