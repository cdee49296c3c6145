import { setTimeout as pause } from 'node:timers/promises';
import { WatcherSocket, type SocketEars } from '../edges/watcher-socket.js';
import type { RoomCrowdAnswer, RoomCrowdOrder } from './room-crowd.js';

const openAtOnce = 200;
const openMsMax = 120_000;
const hearMsMax = 30_000;

/** Sockets that watch one room, in a process that does nothing else. */
class RoomCrowdProcess implements SocketEars {
  private readonly sockets: WatcherSocket[] = [];
  private readonly heard = new Set<WatcherSocket>();
  private mark = Buffer.from('"type":"room"');
  private lost = 0;
  private times: number[] = [];

  opened(): void {
    // Its first frame counts.
  }

  closed(): void {
    this.lost += 1;
  }

  frame(socket: WatcherSocket, bytes: Buffer): void {
    if (!bytes.includes(this.mark) || this.heard.has(socket)) return;
    this.heard.add(socket);
    this.times.push(nowMs());
  }

  /** Resolves when each has had its first frame. */
  async open(url: string, path: string, count: number): Promise<void> {
    const endMs = performance.now() + openMsMax;
    while (this.heard.size < count) {
      if (performance.now() > endMs) throw new Error(`only ${this.heard.size} sockets hear`);
      while (this.sockets.length < count && this.sockets.length - this.heard.size < openAtOnce) {
        this.sockets.push(new WatcherSocket(new URL(url), path, this));
      }
      await pause(5);
    }
  }

  /** From now on only frames with this text count. */
  expect(text: string): void {
    this.mark = Buffer.from(text);
    this.heard.clear();
    this.times = [];
  }

  /** When each had it. */
  async told(): Promise<readonly number[]> {
    const endMs = performance.now() + hearMsMax;
    while (this.heard.size < this.sockets.length && performance.now() < endMs) await pause(5);
    if (this.lost > 0) throw new Error(`${this.lost} sockets were closed`);
    return this.times;
  }
}

/** The same clock in each process of one machine. */
const nowMs = (): number => performance.timeOrigin + performance.now();

const crowd = new RoomCrowdProcess();

async function carryOut(order: RoomCrowdOrder): Promise<readonly number[]> {
  if (order.do === 'open') await crowd.open(order.url, order.path, order.sockets);
  else if (order.do === 'expect') crowd.expect(order.text);
  else return crowd.told();
  return [];
}

process.on('message', (order: RoomCrowdOrder) => {
  const send = (answer: RoomCrowdAnswer): void => void process.send?.(answer);
  carryOut(order).then(
    (times) => send({ times }),
    (error: unknown) => send({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
