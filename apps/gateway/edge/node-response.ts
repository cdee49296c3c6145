import type { Connection } from './connection.js';
import type { EdgeContext, EdgeResponse } from './edge.js';
import type { NodeRequest, RequestEvents } from './node-request.js';

/** How much of a large body is handed to the network at a time: what a slow reader costs. */
const sliceBytes = 64 * 1024;

/** What a client that asks in HTTP/1.0 cannot read, or one that says so, ends with its answer. */
export interface Manners {
  readonly keepAlive: boolean;
  readonly chunked: boolean;
}

/**
 * An answer, written to the connection as text of its own. Node's response object is not asked: it
 * would check and split again what the gateway's own tables made, and cannot tell how much of a
 * body the network took. What it must know is that the answer is complete (`onEnd`).
 */
export class NodeResponse implements EdgeResponse, RequestEvents {
  private head = '';
  private state: 'head' | 'parts' | 'length' | 'ended' = 'head';
  private offset = 0;
  private aborted: (() => void) | null = null;
  private writable: ((offset: number) => boolean) | null = null;
  private reader: ((chunk: ArrayBuffer, isLast: boolean) => void) | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly request: NodeRequest,
    private readonly manners: Manners,
    private readonly onEnd: () => void,
  ) {
    request.events = this;
  }

  writeStatus(status: string): this {
    this.head = `HTTP/1.1 ${status}\r\n`;
    return this;
  }

  writeHeader(name: string, value: string): this {
    if (this.head === '') this.writeStatus('200 OK');
    this.head += `${name}: ${value}\r\n`;
    return this;
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.state === 'ended') return true;
    const first = this.state === 'head';
    this.state = 'parts';
    const { chunked } = this.manners;
    const framing = chunked ? 'Transfer-Encoding: chunked' : 'Connection: close';
    const before = first ? this.headWith(`${framing}\r\n`) : '';
    return this.settle(this.writePart(before, chunk));
  }

  end(body: string | Uint8Array = '', closeConnection = false): this {
    if (this.state === 'ended') return this;
    const close = closeConnection || !this.manners.keepAlive;
    if (this.state === 'parts') {
      if (body.length > 0) this.writePart('', body);
      if (this.manners.chunked) this.connection.write('0\r\n\r\n');
    } else {
      const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
      const head = this.headWith(closing(close, `Content-Length: ${length}\r\n`));
      if (typeof body === 'string') this.connection.write(head + body);
      else this.connection.writeBoth(head, body);
    }
    this.finish(close || !this.manners.chunked);
    return this;
  }

  endWithoutBody(reportedContentLength?: number, closeConnection = false): this {
    if (this.state === 'ended') return this;
    const close = closeConnection || !this.manners.keepAlive;
    const length =
      reportedContentLength === undefined ? '' : `Content-Length: ${reportedContentLength}\r\n`;
    this.connection.write(this.headWith(closing(close, length)));
    this.finish(close);
    return this;
  }

  tryEnd(chunk: string | Uint8Array, totalSize: number): [boolean, boolean] {
    if (this.state === 'ended') return [true, true];
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let head = '';
    if (this.state === 'head') {
      this.state = 'length';
      const close = !this.manners.keepAlive;
      head = this.headWith(closing(close, `Content-Length: ${totalSize}\r\n`));
    }
    let at = 0;
    let taken = true;
    // A head leaves also without a body behind it.
    while ((at < bytes.byteLength || head !== '') && taken) {
      const slice = bytes.subarray(at, at + sliceBytes);
      taken = head === '' ? this.connection.write(slice) : this.connection.writeBoth(head, slice);
      head = '';
      at += slice.byteLength;
    }
    this.offset += at;
    const done = this.offset >= totalSize;
    if (done) this.finish(!this.manners.keepAlive);
    else this.settle(taken);
    return [at === bytes.byteLength, done];
  }

  getWriteOffset(): number {
    return this.offset;
  }

  onWritable(handler: (offset: number) => boolean): this {
    this.writable = handler;
    return this;
  }

  onAborted(handler: () => void): this {
    this.aborted = handler;
    return this;
  }

  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): this {
    this.reader = handler;
    return this;
  }

  getRemoteAddress(): ArrayBuffer {
    return this.connection.address;
  }

  /** Head and body are one write without it too. */
  cork(write: () => void): this {
    write();
    return this;
  }

  upgrade(
    seed: unknown,
    _key: string,
    protocol: string,
    _extensions: string,
    context: EdgeContext,
  ): void {
    this.state = 'ended';
    this.request.events = null;
    (context as Upgrading).accept(seed, protocol);
  }

  close(): this {
    this.connection.endAtOnce();
    return this;
  }

  /** By the request. */
  body(chunk: ArrayBuffer, isLast: boolean): void {
    this.reader?.(chunk, isLast);
  }

  gone(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.aborted?.();
  }

  private headWith(lines: string): string {
    if (this.head === '') this.writeStatus('200 OK');
    return `${this.head}${lines}\r\n`;
  }

  /** A chunk without bytes would be the end of the answer. */
  private writePart(before: string, chunk: string | Uint8Array): boolean {
    const { connection } = this;
    const bytes = typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength;
    const framed = this.manners.chunked && bytes > 0;
    const start = framed ? `${before}${bytes.toString(16)}\r\n` : before;
    const end = framed ? '\r\n' : '';
    if (typeof chunk === 'string') return connection.write(start + chunk + end);
    return connection.write(Buffer.concat([Buffer.from(start), chunk, Buffer.from(end)]));
  }

  private settle(taken: boolean): boolean {
    if (!taken) {
      this.connection.whenDrained(() => {
        if (this.state !== 'ended') this.writable?.(this.offset);
      });
    }
    return taken;
  }

  private finish(close: boolean): void {
    this.state = 'ended';
    // Its reader goes on: it knows by itself that nothing is to be done any more.
    if (close) this.connection.endAfterWrites();
    this.onEnd();
  }
}

/** What an upgrade() is handed on to. */
export interface Upgrading {
  accept(seed: unknown, protocol: string): void;
}

const closing = (close: boolean, lines: string): string =>
  close ? `Connection: close\r\n${lines}` : lines;
