import http from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Change, CrowdOrder, CrowdReport } from './crowd.js';
import { WatcherSocket, type SocketEars } from './watcher-socket.js';

const openAtOnce = 200;
const openMsMax = 60_000;
const settleMs = 1_500;

/** Sockets that watch one event, and the buyer whose holds they are to see. */
class WatchingCrowd implements SocketEars {
  private readonly sockets: WatcherSocket[] = [];
  private open = 0;
  private snapshots = 0;
  private lost = 0;
  private frames = 0;
  private gaps = 0;
  /** Of the first socket, which reads what is in its frames: the seats of each version. */
  private readonly seatsOf = new Map<number, readonly number[]>();
  private readonly sentMs = new Map<number, number>();
  /** Version and time of every diff of every socket, one after the other. */
  private arrivals: number[] = [];

  opened(): void {
    this.open += 1;
  }

  closed(): void {
    this.lost += 1;
  }

  frame(socket: WatcherSocket, bytes: Buffer): void {
    const isDiff = bytes[9] === letterD;
    if (!isDiff) {
      if (bytes[9] === letterS) this.snapshots += 1;
      return;
    }
    const from = numberAfter(bytes, fromMark);
    const to = numberAfter(bytes, toMark);
    if (socket.version !== -1 && socket.version !== from) this.gaps += 1;
    socket.version = to;
    this.frames += 1;
    this.arrivals.push(to, performance.now());
    if (socket === this.sockets[0]) {
      const { changes } = JSON.parse(bytes.toString()) as { changes: [number, string][] };
      this.seatsOf.set(
        to,
        changes.map(([seat]) => seat),
      );
    }
  }

  async openAll(url: string, path: string, count: number): Promise<void> {
    const endMs = performance.now() + openMsMax;
    while (this.open + this.lost < count || this.snapshots < this.open) {
      if (performance.now() > endMs) throw new Error(`only ${this.open} sockets were opened`);
      while (this.sockets.length < count && this.sockets.length - this.open < openAtOnce) {
        this.sockets.push(new WatcherSocket(new URL(url), path, this));
      }
      await pause(5);
    }
  }

  async watch(url: string, seconds: number, changes: Iterator<Change>): Promise<CrowdReport> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    this.arrivals = [];
    this.frames = 0;
    const startedMs = performance.now();
    let made = 0;
    for (;;) {
      const next = changes.next();
      const dueMs = startedMs + (made * seconds * 1_000) / this.planned;
      if (next.done === true) break;
      if (dueMs > performance.now()) await pause(dueMs - performance.now());
      this.sentMs.set(next.value.seat, performance.now());
      hold(agent, url, next.value);
      made += 1;
    }
    await pause(settleMs);
    agent.destroy();
    return this.report(made);
  }

  planned = 1;

  endAll(): void {
    this.sockets.forEach((socket) => socket.end());
  }

  private report(changes: number): CrowdReport {
    const lag = createHistogram({ lowest: 1, highest: 600_000, figures: 3 });
    for (let i = 0; i < this.arrivals.length; i += 2) {
      for (const seat of this.seatsOf.get(this.arrivals[i]) ?? []) {
        const sent = this.sentMs.get(seat);
        if (sent !== undefined)
          lag.record(Math.max(1, Math.round((this.arrivals[i + 1] - sent) * 10)));
      }
    }
    const tenths = (value: number): number => value / 10;
    return {
      sockets: this.open,
      changes,
      lagMs: {
        p50: tenths(lag.percentile(50)),
        p99: tenths(lag.percentile(99)),
        max: tenths(lag.max),
      },
      frames: this.frames,
      gaps: this.gaps,
      closed: this.lost,
    };
  }
}

const letterD = 'd'.charCodeAt(0);
const letterS = 's'.charCodeAt(0);
const fromMark = Buffer.from('"from":');
const toMark = Buffer.from('"to":');

/** `{"type":"diff","from":12,"to":14,`: without parsing what thousands of sockets read alike. */
function numberAfter(bytes: Buffer, mark: Buffer): number {
  let at = bytes.indexOf(mark) + mark.length;
  let number = 0;
  while (bytes[at] >= 48 && bytes[at] <= 57) number = number * 10 + bytes[at++] - 48;
  return number;
}

function hold(agent: http.Agent, url: string, change: Change): void {
  const headers = {
    authorization: change.authorization,
    'content-type': 'application/json',
    'content-length': change.body.length,
  };
  const request = http.request(new URL('/v1/reservations', url), {
    method: 'POST',
    agent,
    headers,
  });
  request.on('response', (response) => response.resume());
  request.on('error', () => undefined);
  request.end(change.body);
}

let crowd = new WatchingCrowd();
let url = '';

async function carryOut(order: CrowdOrder): Promise<CrowdReport | null> {
  if (order.do === 'open') {
    crowd = new WatchingCrowd();
    url = order.url;
    await crowd.openAll(order.url, order.path, order.sockets);
    return null;
  }
  if (order.do === 'close') {
    crowd.endAll();
    return null;
  }
  crowd.planned = order.changes.length;
  return crowd.watch(url, order.seconds, order.changes[Symbol.iterator]());
}

process.on('message', (order: CrowdOrder) => {
  const send = (answer: Answer): void => void process.send?.(answer);
  carryOut(order).then(
    (report) => send({ report }),
    (error: unknown) => send({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
