import type { WebSocket } from 'ws';

import { limits } from '#libs/contracts/limits.js';

import type { Connection } from './connection.js';
import type { EdgeBehavior, EdgeSocket } from './edge.js';
import type { Topics } from './topics.js';
import { encodeWebSocketFrame, opcodes, type FrameOnce } from './websocket-frames.js';

const closedAbnormally = 1006;
const empty = new ArrayBuffer(0);

/** What an app needs of an open socket, whatever its seed is. */
export interface HeldSocket {
  look(): void;
  close(): void;
}

/** What all sockets of an app share. */
export interface SocketSurroundings {
  readonly topics: Topics;
  readonly frames: FrameOnce;
  readonly nowMs: () => number;
  readonly onClosed: (socket: HeldSocket) => void;
}

/**
 * A WebSocket of the edge over `ws`. `ws` reads and closes; frames are written here, straight to
 * the connection: `ws` frames each message for each socket, has no bound on what waits (EG4) and
 * answers pings without asking whether anybody reads the answers.
 */
export class NodeSocket<Seed> implements EdgeSocket<Seed>, HeldSocket {
  private closed = false;
  private heardMs: number;
  private pinged = false;
  /** Of its topics; for the end of the connection. */
  private readonly followed = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly socket: WebSocket | null,
    private readonly behavior: EdgeBehavior<Seed>,
    private readonly seed: Seed,
    private readonly around: SocketSurroundings,
  ) {
    this.heardMs = around.nowMs();
    if (socket !== null) this.listen(socket);
  }

  send(message: string | Uint8Array, isBinary = false): number {
    if (this.closed) return 2;
    const opcode = isBinary ? opcodes.binary : opcodes.text;
    return this.sendFrame(this.around.frames.of(opcode, message));
  }

  /** A frame that may be shared with others. */
  sendFrame(frame: Uint8Array): number {
    const { connection, behavior } = this;
    if (connection.waiting > behavior.maxBackpressure) {
      behavior.dropped(this);
      return 2;
    }
    if (connection.write(frame)) return 1;
    connection.whenDrained(() => this.drained());
    return 0;
  }

  getBufferedAmount(): number {
    return this.closed ? 0 : this.connection.waiting;
  }

  end(code = 1000, reason = ''): void {
    if (this.closed) return;
    this.socket?.close(code, reason);
    this.connection.endWithin(limits.edgeLingerMs);
    this.finish(code);
  }

  close(): void {
    if (this.closed) return;
    this.connection.endAtOnce();
    this.finish(closedAbnormally);
  }

  subscribe(topic: string): boolean {
    if (this.closed || this.followed.has(topic)) return false;
    this.followed.add(topic);
    this.around.topics.join(topic, this);
    return true;
  }

  unsubscribe(topic: string): boolean {
    if (!this.followed.delete(topic)) return false;
    this.around.topics.leave(topic, this);
    return true;
  }

  getUserData(): Seed {
    return this.seed;
  }

  /** EG6: asked every few seconds. A client that hears a ping and lives answers it. */
  look(): void {
    const { idleTimeout, sendPingsAutomatically } = this.behavior;
    const quietMs = this.around.nowMs() - this.heardMs;
    if (quietMs >= idleTimeout * 1_000) this.close();
    else if (sendPingsAutomatically && !this.pinged && quietMs >= idleTimeout * 500) {
      this.pinged = true;
      this.sendFrame(pingFrame);
    }
  }

  /** For a client that was gone before its upgrade was through (EG5). */
  openAndClose(): void {
    this.behavior.open(this);
    this.close();
  }

  private listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer, isBinary) => {
      this.heard();
      if (!this.closed) this.behavior.message(this, arrayBufferOf(data), isBinary);
    });
    socket.on('ping', (data: Buffer) => {
      this.heard();
      if (this.closed) return;
      this.sendPong(data);
      this.behavior.ping(this);
    });
    socket.on('pong', () => {
      this.heard();
      if (!this.closed) this.behavior.pong(this);
    });
    socket.on('close', (code) => this.finish(code));
    // What is wrong with the bytes ends the connection; 'close' follows.
    socket.on('error', () => this.connection.endWithin(limits.edgeLingerMs));
  }

  /** Not one of those that count as dropped: nobody misses a pong. */
  private sendPong(data: Buffer): void {
    const { connection } = this;
    if (connection.waiting <= this.behavior.maxBackpressure) {
      connection.write(encodeWebSocketFrame(opcodes.pong, data));
    }
  }

  private heard(): void {
    this.heardMs = this.around.nowMs();
    this.pinged = false;
  }

  /** A reader that takes what is sent to it lives, however long its pong waits behind. */
  private drained(): void {
    if (this.closed) return;
    this.heard();
    this.behavior.drain(this);
  }

  private finish(code: number): void {
    if (this.closed) return;
    this.closed = true;
    for (const topic of this.followed) this.around.topics.leave(topic, this);
    this.followed.clear();
    this.behavior.close(this, code);
    this.around.onClosed(this);
  }
}

const pingFrame = encodeWebSocketFrame(opcodes.ping, '');

function arrayBufferOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  if (byteLength === 0) return empty;
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
}
