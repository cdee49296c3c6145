import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { EdgeResponse } from '../edge/edge.js';
import { UnreadAnswers } from './unread-answers.js';

/** A client that takes as many bytes as it is told to. */
class Reader {
  cut = false;
  private taken = 0;
  private total = 0;
  private writable: (offset: number) => boolean = () => true;
  private aborted: () => void = () => undefined;

  constructor(private window = 0) {}

  get response(): EdgeResponse {
    const self = this as unknown;
    return self as EdgeResponse;
  }

  tryEnd(chunk: Uint8Array, total: number): [boolean, boolean] {
    const bytes = Math.min(chunk.byteLength, this.window);
    this.window -= bytes;
    this.taken += bytes;
    this.total = total;
    return [bytes === chunk.byteLength, this.taken === total];
  }

  getWriteOffset(): number {
    return this.taken;
  }

  onWritable(handler: (offset: number) => boolean): void {
    this.writable = handler;
  }

  onAborted(handler: () => void): void {
    this.aborted = handler;
  }

  close(): void {
    this.cut = true;
    this.aborted();
  }

  take(bytes: number): void {
    this.window += bytes;
    if (this.taken < this.total) this.writable(this.taken);
  }
}

const mebibyte = 1024 * 1024;
const body = (bytes: number): Uint8Array => new Uint8Array(bytes);

describe('answers that are not read', () => {
  let clock: VirtualClock;
  let unread: UnreadAnswers;

  beforeEach(() => {
    clock = new VirtualClock();
    unread = new UnreadAnswers(clock);
  });

  const hand = (bytes: Uint8Array, address: string | null, window = 0): Reader => {
    const reader = new Reader(window);
    unread.hand(reader.response, bytes, address);
    return reader;
  };

  it('are none when the network takes them at once', () => {
    hand(body(1_000), 'a', 1_000);
    expect([unread.count, unread.bodyBytes]).toEqual([0, 0]);
  });

  it('share their body, and let go of it with the last reader', () => {
    const shared = body(1_000);
    const readers = Array.from({ length: 10 }, () => hand(shared, 'a', 10));
    expect([unread.count, unread.bodyBytes]).toEqual([10, 1_000]);
    readers.slice(1).forEach((reader) => reader.take(990));
    expect([unread.count, unread.bodyBytes]).toEqual([1, 1_000]);
    readers[0].close();
    expect([unread.count, unread.bodyBytes]).toEqual([0, 0]);
  });

  it('are bounded for an address, which may have one whatever it weighs', () => {
    const most = limits.unreadBytesPerAddressMax;
    expect(unread.admits('a', most * 2)).toBe(true);
    const reader = hand(body(most), 'a');
    expect(unread.admits('a', 1)).toBe(false);
    expect(unread.admits('b', 1)).toBe(true);
    expect(unread.admits(null, most)).toBe(true);
    reader.take(mebibyte);
    expect(unread.admits('a', mebibyte)).toBe(true);
    expect(unread.admits('a', mebibyte + 1)).toBe(false);
    reader.take(most);
    expect(unread.admits('a', most)).toBe(true);
  });

  it('keep a bounded number of bytes alive: who has read longest is cut', () => {
    const readers = Array.from({ length: 80 }, (_, i) => hand(body(4 * mebibyte), `a${i}`));
    expect(unread.bodyBytes).toBeLessThanOrEqual(limits.unreadBodyBytesMax);
    const cut = readers.map((reader) => reader.cut);
    const kept = limits.unreadBodyBytesMax / (4 * mebibyte);
    expect(cut).toEqual([
      ...Array<boolean>(80 - kept).fill(true),
      ...Array<boolean>(kept).fill(false),
    ]);
    expect([unread.cut, unread.count]).toEqual([80 - kept, kept]);
  });

  it('are bounded in number too', () => {
    const shared = body(100);
    for (let i = 0; i <= limits.unreadAnswersMax; i++) hand(shared, `a${i}`);
    expect([unread.count, unread.cut]).toEqual([limits.unreadAnswersMax, 1]);
  });

  it('are cut when they are taken too slowly, after a while and not before', async () => {
    const stopped = hand(body(mebibyte), 'a');
    const slow = hand(body(mebibyte), 'b');
    const steady = hand(body(mebibyte), 'c');
    await clock.advance(limits.unreadGraceMs);
    expect(unread.count).toBe(3);
    for (let second = 0; second < 20; second++) {
      slow.take(limits.unreadBytesPerSecondMin / 2);
      steady.take(limits.unreadBytesPerSecondMin);
      await clock.advance(1_000);
    }
    expect([stopped.cut, slow.cut, steady.cut]).toEqual([true, true, false]);
    expect(unread.cut).toBe(2);
  });

  it('let go when the gateway stops', async () => {
    const reader = hand(body(1_000), 'a');
    unread.close();
    await clock.advance(limits.unreadGraceMs * 10);
    expect(reader.cut).toBe(false);
  });
});
