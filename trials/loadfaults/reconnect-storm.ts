import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createDemoEvent } from '../demo/demo-event.js';
import { Checks, type Check } from './checks.js';
import { residentMib } from './memory.js';
import { quantile } from './quantile.js';
import { activated, type Site } from './site.js';
import type pg from 'pg';

const sockets = 10_000;
const seats = 500;
const rounds = 2;
const settledWithinMs = 30_000;
const probeEveryMs = 100;
const growthMib = 200;
const openedAtOnce = 500;

/** Everybody's connection breaks at once, and everybody comes back at once. */
export async function reconnectStorm(site: Site, pool: pg.Pool): Promise<Check[]> {
  const checks = new Checks('reconnects');
  const eventId = await createDemoEvent(pool, seats);
  await activated(site.gateway, eventId);
  const count = Math.ceil(sockets * site.scale);
  const gateway = site.found.system.children.find(({ name }) => name.startsWith('gateway'));
  let crowd: Viewer[] = [];
  while (crowd.length < count) {
    const more = Array.from({ length: Math.min(openedAtOnce, count - crowd.length) }, () =>
      view(site.gateway, eventId),
    );
    crowd.push(...more);
    await settled(more, settledWithinMs);
  }
  const mibBefore = residentMib(gateway?.pid ?? 0) ?? 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const { socket } of crowd) socket.destroy();
    const probe = new Probe(site.gateway);
    const startMs = performance.now();
    crowd = Array.from({ length: count }, () => view(site.gateway, eventId));
    const missing = await settled(crowd, settledWithinMs);
    const tookMs = performance.now() - startMs;
    const waits = await probe.stop();
    checks.never(`storm ${round}: without a map`, missing);
    checks.atMost(`storm ${round}: all have their map after`, tookMs, settledWithinMs, 'ms');
    checks.atMost(`storm ${round}: p99 of GET /livez`, quantile(waits, 0.99), 5_000, 'ms');
  }
  const grown = (residentMib(gateway?.pid ?? 0) ?? 0) - mibBefore;
  checks.atMost('growth of the gateway over the storms', grown, growthMib, 'MiB');
  for (const { socket } of crowd) socket.destroy();
  return checks.list;
}

interface Viewer {
  readonly socket: Socket;
  hasMap: boolean;
}

/** An upgrade by hand: ten thousand clients of a library would measure the library. */
function view(gateway: URL, eventId: string): Viewer {
  const socket = connect({ host: gateway.hostname, port: Number(gateway.port) });
  const viewer: Viewer = { socket, hasMap: false };
  let seen = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (viewer.hasMap) return;
    seen += chunk.toString('latin1');
    if (seen.includes('"type":"snapshot"')) viewer.hasMap = true;
  });
  socket.write(
    `GET /v1/events/${eventId}/live HTTP/1.1\r\nHost: ${gateway.host}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  return viewer;
}

async function settled(viewers: readonly Viewer[], withinMs: number): Promise<number> {
  const giveUpMs = performance.now() + withinMs;
  const missing = () => viewers.filter(({ hasMap }) => !hasMap).length;
  while (missing() > 0 && performance.now() < giveUpMs) await pause(20);
  return missing();
}

/** Asks for a sign of life all the time; a probe that fails counts as endless. */
export class Probe {
  private readonly waits: number[] = [];
  private stopping = false;
  private readonly done: Promise<void>;

  constructor(private readonly gateway: URL) {
    this.done = this.run();
  }

  async stop(): Promise<number[]> {
    this.stopping = true;
    await this.done;
    return this.waits;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const startMs = performance.now();
      const alive = await fetch(new URL('/livez', this.gateway)).then(
        async (response) => (await response.text(), response.ok),
        () => false,
      );
      this.waits.push(alive ? performance.now() - startMs : Infinity);
      await pause(probeEveryMs);
    }
  }
}
