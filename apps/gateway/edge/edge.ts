/**
 * The edge: what turns bytes of the network into requests and WebSockets. The port is the subset of
 * uWebSockets.js' own interface that the gateway uses, so that its apps are the port's as they are
 * and cost nothing more; node-edge.ts offers the same over `node:http` and `ws`, for machines where
 * uWebSockets.js does not load. Nothing above knows which one runs.
 *
 * Both keep to these words; edge.features.ts holds them to it.
 *
 * EG1  A handler answers in its own time. `onAborted` tells it, once, that the client went first;
 *      what is set later replaces what was set before. Nobody hears of an answer that was given.
 * EG2  A request that comes while the one before it on its connection is not answered ends the
 *      connection: answers never wait in a queue (G8). What is answered at once may be pipelined.
 * EG3  `write`, `tryEnd` and `send` say whether the network took everything; when it did later,
 *      `onWritable` and `drain` tell. Nothing but what was handed over waits in memory.
 * EG4  A WebSocket that has more than `maxBackpressure` bytes waiting is skipped by `send` and
 *      `publish`, and its `dropped` is called; it gets the next frame once it has less.
 * EG5  `open` is called once for each upgrade, then `close` once, and nothing else outside of them.
 * EG6  Who sends nothing is closed: a connection without a request, or in the middle of one, a
 *      reader that takes nothing of its answer, and a WebSocket that leaves pings unanswered.
 */
export interface EdgeModule {
  App(): EdgeApp;
  /** Over TLS 1.2 or newer. Throws when the files are no pair. */
  TlsApp(files: TlsFiles): EdgeTlsApp;
  us_listen_socket_close(listener: EdgeListener): void;
  us_socket_local_port(listener: EdgeListener): number;
}

/** Paths of PEM files: a certificate with its chain behind it, and its key without a password. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface EdgeTlsApp extends EdgeApp {
  /**
   * New connections get what the files hold now, open ones keep what they have. Rejects, and
   * changes nothing, when that cannot be served.
   */
  renew(): Promise<void>;
}

export type EdgeListener = object;

export interface EdgeApp {
  get(pattern: string, handler: EdgeHandler): unknown;
  head(pattern: string, handler: EdgeHandler): unknown;
  post(pattern: string, handler: EdgeHandler): unknown;
  del(pattern: string, handler: EdgeHandler): unknown;
  any(pattern: string, handler: EdgeHandler): unknown;
  /** GET requests of this pattern that ask for a WebSocket; others go to get(). */
  ws<Seed>(pattern: string, behavior: EdgeBehavior<Seed>): unknown;
  /** To all that subscribed to the topic, but for EG4. */
  publish(topic: string, message: string | Uint8Array, isBinary?: boolean): boolean;
  /** `options`: see exclusivePort. */
  listen(
    host: string,
    port: number,
    options: number,
    done: (listener: EdgeListener | false) => void,
  ): unknown;
  /** Ends every connection at once. */
  close(): unknown;
}

/** A second process on the same port must fail, not share it silently. */
export const exclusivePort = 1;

export type EdgeHandler = (res: EdgeResponse, req: EdgeRequest) => void;

/** Usable only while its handler runs. Parameters and query are as they came, not decoded. */
export interface EdgeRequest {
  /** '' when there is none; the first when there are several. */
  getHeader(lowerCaseName: string): string;
  getParameter(index: number): string;
  /** Without the query. */
  getUrl(): string;
  getQuery(): string;
  /** In lower case. */
  getMethod(): string;
}

export interface EdgeResponse {
  writeStatus(status: string): EdgeResponse;
  writeHeader(name: string, value: string): EdgeResponse;
  /** A part of an answer whose length is not known. True: the network took it all. */
  write(chunk: string | Uint8Array): boolean;
  end(body?: string | Uint8Array, closeConnection?: boolean): EdgeResponse;
  endWithoutBody(reportedContentLength?: number, closeConnection?: boolean): EdgeResponse;
  /** As much of the chunk as the network takes. [all of the chunk, all of the answer] */
  tryEnd(chunk: string | Uint8Array, totalSize: number): [boolean, boolean];
  /** Bytes of the body that were taken; where the next tryEnd() goes on. */
  getWriteOffset(): number;
  onWritable(handler: (offset: number) => boolean): EdgeResponse;
  onAborted(handler: () => void): EdgeResponse;
  /** The chunk is valid only during the call. To be set while the request's handler runs. */
  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): EdgeResponse;
  /** 4 bytes, or 16. */
  getRemoteAddress(): ArrayBuffer;
  /** What is written inside leaves together. */
  cork(write: () => void): EdgeResponse;
  /** Only inside the `upgrade` of a behavior. */
  upgrade<Seed>(
    seed: Seed,
    key: string,
    protocol: string,
    extensions: string,
    context: EdgeContext,
  ): void;
  /** At once, without an answer. */
  close(): EdgeResponse;
}

/** Of one upgrade; only handed on. */
export type EdgeContext = object;

export interface EdgeBehavior<Seed> {
  /** Bytes; a longer message ends the connection. */
  readonly maxPayloadLength: number;
  /** Bytes; see EG4. */
  readonly maxBackpressure: number;
  /** Seconds, at least 8. */
  readonly idleTimeout: number;
  readonly sendPingsAutomatically: boolean;
  readonly upgrade: (res: EdgeResponse, req: EdgeRequest, context: EdgeContext) => void;
  readonly open: (socket: EdgeSocket<Seed>) => void;
  /** The message is valid only during the call. */
  readonly message: (socket: EdgeSocket<Seed>, message: ArrayBuffer, isBinary: boolean) => void;
  /** It was answered already. */
  readonly ping: (socket: EdgeSocket<Seed>) => void;
  readonly pong: (socket: EdgeSocket<Seed>) => void;
  readonly dropped: (socket: EdgeSocket<Seed>) => void;
  /** Some of what waited has left; see getBufferedAmount(). */
  readonly drain: (socket: EdgeSocket<Seed>) => void;
  readonly close: (socket: EdgeSocket<Seed>, code: number) => void;
}

export interface EdgeSocket<Seed> {
  /** 0 taken, and some waits; 1 gone to the network; 2 dropped (EG4). */
  send(message: string | Uint8Array, isBinary?: boolean): number;
  /** Bytes that wait for the network. */
  getBufferedAmount(): number;
  /** Sends a close frame; `close` is called inside. */
  end(code?: number, reason?: string): void;
  /** At once, with all that waits; `close` is called inside, with 1006. */
  close(): void;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  getUserData(): Seed;
}
