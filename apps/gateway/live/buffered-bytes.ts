import { limits } from '#libs/contracts/limits.js';
import type { Histogram } from '#libs/platform/metrics.js';

/** What is asked of a socket, and where its last answer is kept. */
export interface Buffering {
  getBufferedAmount(): number;
  getUserData(): { buffered: number };
}

/**
 * How many bytes wait for the network over all sockets: a sum that is kept. The library tells of
 * no change, so that the sockets are looked at in turn, a few at a time; a full gateway has seen
 * each of them within ten seconds, and nobody who asks for the sum makes it walk.
 */
export class BufferedBytes<Socket extends Buffering> {
  bytes = 0;
  private turn: Iterator<Socket>;

  constructor(private readonly sockets: Iterable<Socket>) {
    this.turn = sockets[Symbol.iterator]();
  }

  /** At the next few sockets. */
  look(each: Histogram): void {
    for (let i = 0; i < limits.socketsLookedAtMax; i++) {
      const next = this.turn.next();
      if (next.done === true) {
        this.turn = this.sockets[Symbol.iterator]();
        return;
      }
      const seed = next.value.getUserData();
      const bytes = next.value.getBufferedAmount();
      this.bytes += bytes - seed.buffered;
      seed.buffered = bytes;
      each.observe(bytes);
    }
  }

  /** It is closed: nothing waits any more. */
  forget(seed: { readonly buffered: number }): void {
    this.bytes -= seed.buffered;
  }
}
