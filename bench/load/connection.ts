import { createConnection, type Socket } from 'node:net';
import { ResponseParser } from './response-parser.js';
import { writeValue, type RequestTemplate } from './request-templates.js';

export interface ConnectionEvents {
  /** The connection can take a request: just connected, or the answer has come. */
  idle(connection: Connection): void;
  /** `status` of a whole answer; `dueAtMs` of the request it answers. */
  answered(connection: Connection, status: number, dueAtMs: number): void;
  /** A request was in flight when the connection broke: its effect is unknown. */
  broken(connection: Connection): void;
}

/**
 * One keep-alive connection with at most one request in flight. Replaces its socket by itself
 * when the server closes it. Reads go into one buffer that all connections share, which is safe
 * because each read is consumed before the next one starts.
 */
export class Connection {
  readonly parser = new ResponseParser();
  /** When the request in flight was due, NaN when there is none. */
  dueAtMs = NaN;
  sentAtMs = 0;
  /** Of the request in flight, or of the last one. */
  value = '';
  /** Connected. */
  ready = false;
  #socket!: Socket;
  #next = 0;
  #stopped = false;
  #reconnect: NodeJS.Timeout | undefined;

  constructor(
    private readonly target: { readonly host: string; readonly port: number },
    private readonly templates: readonly RequestTemplate[],
    private readonly events: ConnectionEvents,
  ) {
    this.#connect();
  }

  get inFlight(): boolean {
    return this.dueAtMs === this.dueAtMs;
  }

  /** Only when idle. Users take turns from request to request. */
  send(value: string, dueAtMs: number, nowMs: number): void {
    const template = this.templates[this.#next];
    this.#next = (this.#next + 1) % this.templates.length;
    writeValue(template, value);
    this.value = value;
    this.dueAtMs = dueAtMs;
    this.sentAtMs = nowMs;
    this.#socket.write(template.bytes);
  }

  /** Gives the request in flight up, and starts over on a new socket. */
  replace(): void {
    this.#socket.destroy();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#reconnect);
    this.#socket.destroy();
  }

  #connect(): void {
    this.parser.reset();
    this.#socket = createConnection({
      ...this.target,
      noDelay: true,
      onread: { buffer: sharedReadBuffer, callback: (count, bytes) => this.#onRead(count, bytes) },
    });
    this.#socket.on('connect', () => {
      this.ready = true;
      this.events.idle(this);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#onClose());
  }

  #onRead(count: number, buffer: Uint8Array): boolean {
    if (!this.parser.push(buffer, count)) return true;
    const dueAtMs = this.dueAtMs;
    this.dueAtMs = NaN;
    this.events.answered(this, this.parser.status, dueAtMs);
    if (!this.#stopped) this.events.idle(this);
    return true;
  }

  #onClose(): void {
    this.ready = false;
    if (this.inFlight) {
      this.dueAtMs = NaN;
      this.events.broken(this);
    }
    if (!this.#stopped) this.#reconnect = setTimeout(() => this.#connect(), reconnectDelayMs);
  }
}

const reconnectDelayMs = 20;
const sharedReadBuffer = Buffer.allocUnsafe(64 * 1024);
