import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { benchSeats } from '#bench/bench-events.js';
import { LiveMap } from '#libs/client/live-map.js';
import { readFrame } from '#libs/client/read-frame.js';
import type { LiveFrame } from '#libs/contracts/live-frames.js';
import type { EventId } from '#libs/inventory/ids.js';
import { snapshotOf } from '#libs/testing/map-frames.js';
import { Checks, type Check } from './checks.js';
import { residentMib } from './memory.js';
import { activated, holds, type Site } from './site.js';

const slowCount = 200;
const deadCount = 100;
/** So many seats change before that what was missed is as large as the whole map. */
const soldBefore = { perSecond: 8_000, connections: 64, ms: 2_500 };
const demandsEach = 40;
const demandPauseMs = 150;
const load = { perSecond: 500, connections: 32, ms: 8_000 };
const readsAgainAfterMs = 45_000;
const catchUpMs = 20_000;
const deadWithinMs = 60_000;
/** The bound of a socket's queue, one snapshot of 200,000 seats, and what a socket costs anyway. */
const socketMib = 1.6;
const spareMib = 150;

/**
 * Watchers that stop reading while they ask for the whole map again and again and the event sells.
 * Slow ones read on later and must then have the map that everybody else has; dead ones never do.
 */
export async function slowWatchers(site: Site): Promise<Check[]> {
  const checks = new Checks('watchers');
  const eventId = (await site.events.add()) as EventId;
  await activated(site.gateway, eventId);
  const url = `${site.gateway.href.replace('http', 'ws')}v1/events/${eventId}/live`;
  const open = (count: number) =>
    Promise.all(Array.from({ length: Math.ceil(count * site.scale) }, () => Watcher.open(url)));
  const [healthy] = await open(1);
  await holds(site, soldBefore, eventId);
  const slow = await open(slowCount);
  const dead = await open(deadCount);
  const gateway = site.found.system.children.find(({ name }) => name.startsWith('gateway'));
  const mibBefore = residentMib(gateway?.pid ?? 0) ?? 0;
  const behindSoFar = () => fellBehind(gateway?.metricsPort, site.found.system.metricsToken ?? '');
  const staleBefore = await behindSoFar();
  const deadFromMs = performance.now();
  for (const watcher of [...slow, ...dead]) watcher.stopReading();
  const selling = holds(site, load, eventId);
  for (let i = 0; i < demandsEach; i += 1) {
    for (const watcher of [...slow, ...dead]) watcher.demandMap();
    await pause(demandPauseMs);
  }
  const sold = await selling;
  const mibPeak = residentMib(gateway?.pid ?? 0) ?? 0;
  for (const watcher of slow) watcher.readOn();
  const resumedMs = performance.now();
  const behind = () => slow.filter((watcher) => !watcher.sameAs(healthy)).length;
  while (behind() > 0 && performance.now() - resumedMs < catchUpMs) await pause(50);
  const most = (slow.length + dead.length) * socketMib + spareMib;
  checks.some('holds while nobody read', sold.decided);
  checks.some('times that a watcher fell behind', (await behindSoFar()) - staleBefore);
  checks.atMost('growth of the gateway', mibPeak - mibBefore, most, 'MiB');
  checks.never('slow watchers without the right map', behind());
  checks.atMost('all caught up after', performance.now() - resumedMs, catchUpMs, 'ms');
  const gaps = slow.reduce((sum, watcher) => sum + watcher.gaps, 0);
  checks.never('diffs that did not continue a map', gaps);
  while (dead.some((watcher) => !watcher.ended) && performance.now() - deadFromMs < deadWithinMs) {
    // Only who reads sees the end; what was in the kernel's buffers is thrown away.
    if (performance.now() - deadFromMs > readsAgainAfterMs) for (const one of dead) one.readOn();
    await pause(250);
  }
  checks.never('dead watchers still connected', dead.filter((one) => !one.ended).length);
  for (const watcher of [healthy, ...slow, ...dead]) watcher.close();
  return checks.list;
}

async function fellBehind(metricsPort: number | undefined, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { headers });
  const text = await response.text();
  const found = /^holdfast_live_stale_total(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1];
  if (found !== undefined) return Number(found);
  throw new Error(`/metrics answers ${response.status}: ${text.slice(0, 200)}`);
}

/** All but what it says: `{"type":"diff","from":7,"to":9`, `{"type":"snapshot",…"version":9`. */
const head =
  /^\{"type":"(snapshot|diff)",(?:"event_id":"[^"]*",)?(?:"from":(\d+),"to":(\d+)|"version":(\d+))/;

/** Reads what it gets, late: hundreds in one process must not measure themselves. */
class Watcher {
  gaps = 0;
  ended = false;
  private version = -1;
  /** From the last frame that says everything. */
  private frames: Buffer[] = [];
  private seen: { readonly version: number; readonly map: string } = { version: -1, map: '' };

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.keep(data));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  static open(url: string): Promise<Watcher> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const watcher = new Watcher(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('message', () => resolve(watcher));
    });
  }

  stopReading(): void {
    this.socket.pause();
  }

  readOn(): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.resume();
  }

  demandMap(): void {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send('{"type":"resume","version":0}');
    }
  }

  close(): void {
    this.socket.terminate();
  }

  sameAs(other: Watcher): boolean {
    return this.version === other.version && this.map() === other.map();
  }

  private keep(data: Buffer): void {
    const [, type, from, to, version] = head.exec(data.toString('latin1', 0, 100)) ?? [];
    if (type === undefined) return;
    // An answer to a resume from 0 says everything, as a snapshot does.
    const isWhole = type === 'snapshot' || from === '0';
    if (isWhole) this.frames = [];
    else if (Number(from) !== this.version) this.gaps += 1;
    this.version = Number(to ?? version);
    this.frames.push(data);
  }

  private map(): string {
    if (this.seen.version !== this.version) {
      const map = new LiveMap();
      for (const data of this.frames) take(map, readFrame(data.toString()));
      this.seen = { version: this.version, map: map.statuses };
    }
    return this.seen.map;
  }
}

function take(map: LiveMap, frame: LiveFrame | null): void {
  if (frame?.type !== 'snapshot' && frame?.type !== 'diff') return;
  if (frame.type === 'diff' && frame.from === 0) map.apply(unsold);
  map.apply(frame);
}

/** What a diff from 0 continues. */
const unsold = snapshotOf(0, 'f'.repeat(benchSeats));
