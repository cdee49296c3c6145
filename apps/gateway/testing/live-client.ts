import { unpack } from 'msgpackr';
import WebSocket from 'ws';
import type { MapFrame } from '#libs/contracts/live-frames.js';
import { LiveMap } from '#libs/client/live-map.js';
import { until } from '#libs/testing/until.js';

export type Frame = Record<string, unknown> & { readonly type: string };

/** A client of the live map that keeps every frame it gets, and counts gaps. */
export class LiveClient {
  readonly frames: Frame[] = [];
  readonly map = new LiveMap();
  snapshots = 0;
  /** Diffs that did not continue the version. */
  gaps = 0;
  closeCode: number | null = null;
  private trouble = 'no error';
  private readonly socket: WebSocket;

  constructor(url: string, protocols: readonly string[] = []) {
    this.socket = new WebSocket(url, [...protocols]);
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.take((isBinary ? unpack(data) : JSON.parse(data.toString())) as Frame);
    });
    this.socket.on('close', (code) => (this.closeCode = code));
    this.socket.on('error', (error) => (this.trouble = error.message));
  }

  /** What happened to the connection, for the message of a test that fails. */
  private get story(): string {
    const state = ['connecting', 'open', 'closing', 'closed'][this.socket.readyState];
    const end = this.closeCode === null ? '' : ` with ${this.closeCode}`;
    return `${state}${end}, ${this.frames.length} frame(s), ${this.trouble}`;
  }

  /** -1: no map yet. */
  get version(): number {
    return this.map.version ?? -1;
  }

  get statuses(): string {
    return this.map.statuses;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  /** Stops reading from the network, so that the server's buffer for this client fills. */
  pause(): void {
    this.socket.pause();
  }

  unpause(): void {
    this.socket.resume();
  }

  frame(type: string): Frame | undefined {
    return this.frames.findLast((frame) => frame.type === type);
  }

  untilFrame(type: string, count = 1): Promise<void> {
    return until(
      () => this.frames.filter((frame) => frame.type === type).length >= count,
      () => `${count} ${type} frame(s) came (${this.story})`,
    );
  }

  untilVersion(version: number): Promise<void> {
    return until(
      () => this.version >= version,
      () => `version ${version} came, not ${this.version} (${this.story})`,
    );
  }

  untilClosed(): Promise<void> {
    return until(() => this.closeCode !== null, 'the socket was closed');
  }

  close(): void {
    this.socket.terminate();
  }

  private take(frame: Frame): void {
    this.frames.push(frame);
    if (frame.type !== 'snapshot' && frame.type !== 'diff') return;
    if (frame.type === 'snapshot') this.snapshots += 1;
    if (!this.map.apply(frame as unknown as MapFrame)) this.gaps += 1;
  }
}

/** The status of an upgrade that is refused, with its error code. */
export function refusedUpgrade(url: string): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('open', () => {
      socket.terminate();
      reject(new Error('the upgrade was accepted'));
    });
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const body = JSON.parse(text) as { error: { code: string } };
        resolve({ status: response.statusCode ?? 0, code: body.error.code });
        socket.terminate();
      });
    });
  });
}
