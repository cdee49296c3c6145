import { connect, type Socket } from 'node:net';

import { until } from '#libs/testing/until.js';

/** Bytes to a server and back: for what no HTTP library would send, or would hide. */
export class RawClient {
  text = '';
  bytes = 0;
  closed = false;
  private readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk) => {
      this.bytes += chunk.length;
      if (this.text.length < 1_000_000) this.text += chunk.toString('latin1');
    });
    this.socket.on('close', () => (this.closed = true));
    this.socket.on('error', () => undefined);
  }

  /** Each piece in a packet of its own. */
  async say(...pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      await new Promise<void>((resolve) => this.socket.write(piece, 'latin1', () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get statuses(): readonly string[] {
    return this.text.match(/HTTP\/1\.1 \d{3}/g)?.map((line) => line.slice(9)) ?? [];
  }

  untilAnswers(count: number): Promise<void> {
    const what = (): string => `${count} answer(s) came, not: ${this.text.slice(0, 300)}`;
    return until(() => this.statuses.length >= count, what);
  }

  untilSaid(part: string): Promise<void> {
    const what = (): string => `${part} came, not: ${this.text.slice(0, 300)}`;
    return until(() => this.text.includes(part), what);
  }

  untilClosed(withinMs = 5_000): Promise<void> {
    return until(() => this.closed, 'the connection was closed', withinMs);
  }

  /** What came so far counts no more. */
  forget(): void {
    this.text = '';
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }
}

export const get = (path: string, ...headers: readonly string[]): string =>
  ['GET', path, 'HTTP/1.1\r\nHost: x\r\n'].join(' ') +
  headers.map((line) => `${line}\r\n`).join('') +
  '\r\n';

export const post = (path: string, body: string, ...headers: readonly string[]): string =>
  get(path, `Content-Length: ${body.length}`, ...headers).replace('GET', 'POST') + body;
