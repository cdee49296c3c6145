import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { BufferedBytes } from './buffered-bytes.js';

class Socket {
  looks = 0;
  readonly seed = { buffered: 0 };

  constructor(public waiting: number) {}

  getBufferedAmount(): number {
    this.looks += 1;
    return this.waiting;
  }

  getUserData(): { buffered: number } {
    return this.seed;
  }
}

const nobody = { observe: () => undefined };

describe('the bytes that wait in sockets', () => {
  it('are summed up by looking at a few sockets at a time', () => {
    const sockets = new Set(Array.from({ length: 16_000 }, () => new Socket(3)));
    const buffered = new BufferedBytes(sockets);
    buffered.look(nobody);
    const looked = (): number => [...sockets].reduce((sum, { looks }) => sum + looks, 0);
    expect([looked(), buffered.bytes]).toEqual([
      limits.socketsLookedAtMax,
      limits.socketsLookedAtMax * 3,
    ]);
    const seen = buffered.bytes;
    expect([buffered.bytes, looked()]).toEqual([seen, limits.socketsLookedAtMax]);
    for (let i = 0; i < 16_000 / limits.socketsLookedAtMax; i++) buffered.look(nobody);
    expect(buffered.bytes).toBe(48_000);
  });

  it('follow what a socket has, and forget it with the socket', () => {
    const [one, two] = [new Socket(10), new Socket(5)];
    const sockets = new Set([one, two]);
    const buffered = new BufferedBytes(sockets);
    const observed: number[] = [];
    const look = (): void => buffered.look({ observe: (bytes) => observed.push(bytes) });
    look();
    expect([buffered.bytes, observed]).toEqual([15, [10, 5]]);
    one.waiting = 2;
    look();
    expect(buffered.bytes).toBe(7);
    sockets.delete(two);
    buffered.forget(two.seed);
    expect(buffered.bytes).toBe(2);
    look();
    expect(buffered.bytes).toBe(2);
  });
});
