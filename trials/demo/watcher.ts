import WebSocket from 'ws';
import type { WatcherEvidence } from '#libs/oracle/evidence.js';
import { now } from './api.js';
import { LiveMap, type MapFrame } from './live-map.js';

const reconnectMs = 100;
const reconnectMsMax = 1_000;
/** Longer than the server's own limit for a quiet socket. */
const silentMs = 5_000;

/**
 * One visitor who follows the live seat map over WebSocket. When the connection is lost it comes
 * back by itself, to any gateway, and resumes from the version it has.
 */
export class Watcher {
  readonly map: LiveMap;
  reconnects = 0;
  /** Why the connection was lost or refused last; empty when it never was. */
  problem = '';
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #waitMs = reconnectMs;
  /** Of the frame that came before the close. */
  #toldMs: number | null = null;
  #stopped = false;
  #ready: () => void = () => undefined;
  /** Resolves with the first map. */
  readonly ready = new Promise<void>((resolve) => (this.#ready = resolve));

  constructor(
    readonly name: string,
    /** The event that is watched. */
    readonly of: string,
    seatIds: readonly string[],
    private readonly nextBase: () => URL,
  ) {
    this.map = new LiveMap(seatIds);
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#silence);
    this.#socket?.terminate();
  }

  evidence(): WatcherEvidence {
    return { name: this.name, frames: this.map.frames, finalMap: this.map.taken() };
  }

  #connect(): void {
    const url = new URL(`/v1/events/${this.of}/live`, this.nextBase());
    url.protocol = 'ws:';
    if (this.map.frames.length > 0) url.searchParams.set('version', String(this.map.version));
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: silentMs,
    });
    this.#socket = socket;
    let heardAtMs = now();
    socket.on('open', () => {
      this.#silence = setInterval(() => {
        if (now() - heardAtMs > silentMs) socket.terminate();
        else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
      }, silentMs / 4);
    });
    socket.on('message', (data: Buffer) => {
      heardAtMs = now();
      this.#onFrame(JSON.parse(data.toString()) as { readonly type: string }, heardAtMs);
    });
    socket.on('error', (error) => (this.problem = error.message));
    socket.on('close', (code) => {
      if (code !== 1006) this.problem = `closed with ${code}`;
      this.#onClose();
    });
  }

  #onFrame(frame: { readonly type: string }, receivedAtMs: number): void {
    if (frame.type === 'error') {
      const { error } = frame as unknown as { error: { retry_after_ms?: number } };
      // The server spreads those it sends away: no guess of one's own is better.
      this.#toldMs = error.retry_after_ms ?? null;
    }
    if (frame.type !== 'snapshot' && frame.type !== 'diff') return;
    this.map.apply(frame as MapFrame, receivedAtMs);
    this.#waitMs = reconnectMs;
    this.#ready();
  }

  #onClose(): void {
    clearInterval(this.#silence);
    if (this.#stopped) return;
    this.reconnects++;
    const waitMs = this.#toldMs ?? this.#waitMs * (0.5 + Math.random());
    this.#toldMs = null;
    this.#timer = setTimeout(() => this.#connect(), waitMs);
    this.#waitMs = Math.min(reconnectMsMax, this.#waitMs * 2);
  }
}
