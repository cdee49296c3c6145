import type { Socket } from 'node:net';

import { limits } from '#libs/contracts/limits.js';

import { addressBytes } from './remote-address.js';

const nothing = Buffer.alloc(0);

/** A request whose answer is due. */
export interface Unanswered {
  /** It has come to its end. */
  readonly complete: boolean;
  readonly events: { gone(): void } | null;
}

/**
 * One TCP connection of the edge over `node:http`: what is written to it, whether that has left,
 * and how it ends. Requests and WebSockets on it write here and nowhere else.
 */
export class Connection {
  /** The one that is not answered yet. */
  request: Unanswered | null = null;
  /** Its last answer is written: what the client still sends is thrown away. */
  closing = false;
  private known: ArrayBuffer | null = null;
  private onDrained: (() => void) | null = null;
  private lingering: NodeJS.Timeout | null = null;

  constructor(readonly socket: Socket) {
    // Node's server forgets a connection that offers an upgrade, and what is unanswered on it.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.lingering !== null) clearTimeout(this.lingering);
      this.onDrained = null;
      this.request?.events?.gone();
    });
  }

  /** As long as the connection is open; no bytes when it was gone before the first question. */
  get address(): ArrayBuffer {
    return (this.known ??= addressBytes(this.socket.remoteAddress ?? ''));
  }

  /** Bytes that the network did not take yet. */
  get waiting(): number {
    return this.socket.writableLength;
  }

  /** True: the network took it all. Bytes are not copied: they must not change any more. */
  write(data: string | Uint8Array): boolean {
    const { socket } = this;
    if (socket.writable) socket.write(data);
    return socket.writableLength === 0;
  }

  /** Two pieces in one system call. */
  writeBoth(head: string, body: Uint8Array): boolean {
    const { socket } = this;
    socket.cork();
    if (socket.writable) socket.write(head);
    if (socket.writable) socket.write(body);
    socket.uncork();
    return socket.writableLength === 0;
  }

  /**
   * Called when all that waits now has left; and again, until nothing waits, for what came behind
   * meanwhile: who can go on only then must not be told for the last time before. Only the last one
   * who asked is told.
   */
  whenDrained(tell: () => void): void {
    const waits = this.onDrained !== null;
    this.onDrained = tell;
    if (waits || !this.socket.writable) return;
    // Node's own 'drain' comes only after its high-water mark; an empty write has a place in line.
    this.socket.write(nothing, (error) => {
      const drained = this.onDrained;
      this.onDrained = null;
      if (drained === null || (error !== undefined && error !== null)) return;
      drained();
      if (this.onDrained === null && this.waiting > 0) this.whenDrained(drained);
    });
  }

  /**
   * After what is written. The client gets a moment to read it: a connection that is closed with
   * unread bytes is reset, and the answer lost.
   */
  endAfterWrites(): void {
    if (this.closing) return;
    this.closing = true;
    this.socket.end();
    this.endWithin(limits.edgeLingerMs);
  }

  endWithin(ms: number): void {
    this.lingering ??= setTimeout(() => this.socket.destroy(), ms).unref();
  }

  endAtOnce(): void {
    this.socket.destroy();
  }
}
