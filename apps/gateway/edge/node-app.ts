import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Server as TcpServer, type AddressInfo, type Socket } from 'node:net';

import { limits } from '#libs/contracts/limits.js';

import { AnswerSlot } from './answer-slot.js';
import { Connection } from './connection.js';
import type { EdgeBehavior, EdgeHandler, EdgeListener, EdgeTlsApp, TlsFiles } from './edge.js';
import { NodeRequest } from './node-request.js';
import { NodeResponse, type Manners } from './node-response.js';
import { NodeSockets } from './node-sockets.js';
import { withoutUpgrade } from './not-an-upgrade.js';
import { RouteTree } from './route-tree.js';

/** As many as uWebSockets.js lets wait to be accepted. */
const backlog = 512;
const checkEveryMs = 2_000;

const manners: Manners = { keepAlive: true, chunked: true };
const lastManners: Manners = { keepAlive: false, chunked: true };
/** HTTP/1.0 knows no chunks: what has no length ends with the connection. */
const oldManners: Manners = { keepAlive: false, chunked: false };

/** Which connection a socket belongs to. */
type Carrier = Socket & { holdfastConnection?: Connection };

/**
 * An app of the edge over Node's HTTP server, which parses and keeps connections; answers are
 * written past it (NodeResponse), and it hears only that one is complete. Its own bounds are set
 * here: how large a head may be, how long a request may take to come, how long nothing may happen.
 */
export class NodeApp implements EdgeTlsApp {
  private readonly byMethod = new Map<string, RouteTree<EdgeHandler>>();
  private readonly others = new RouteTree<EdgeHandler>();
  private readonly sockets = new NodeSockets();
  private readonly connections = new Set<Connection>();
  private readonly server: http.Server | https.Server;
  /** Of a connection on which requests may come; with TLS after its handshake. */
  private readonly opening: 'connection' | 'secureConnection';

  /** `tls`: null is plain HTTP. Throws when the files are no pair. */
  constructor(private readonly tls: TlsFiles | null = null) {
    const options: http.ServerOptions & { shouldUpgradeCallback: (r: NodeRequest) => boolean } = {
      IncomingMessage: NodeRequest,
      ServerResponse: AnswerSlot.asResponse,
      // Newer Nodes ask; older ones take everything that speaks of an upgrade for one.
      shouldUpgradeCallback: (request) => this.sockets.wants(request),
      maxHeaderSize: limits.edgeHeadBytesMax,
      headersTimeout: limits.edgeIdleMs,
      requestTimeout: limits.edgeRequestMs,
      connectionsCheckingInterval: checkEveryMs,
      // One clock for all that is quiet: `timeout` below.
      keepAliveTimeout: 0,
      requireHostHeader: false,
      noDelay: true,
    };
    this.opening = tls === null ? 'connection' : 'secureConnection';
    this.server =
      tls === null
        ? http.createServer(options)
        : https.createServer({
            ...options,
            ...secretsIn(tls),
            handshakeTimeout: limits.edgeIdleMs,
          });
    // Bounded by their bytes; beyond a count Node would drop headers without a word.
    this.server.maxHeadersCount = 0;
    this.server.timeout = limits.edgeIdleMs;
    this.server.on(this.opening, (socket: Carrier) => this.opened(socket));
    const serve = (request: http.IncomingMessage, slot: unknown): void =>
      this.serve(request as NodeRequest, slot as AnswerSlot);
    this.server.on('request', serve);
    this.server.on('checkContinue', (request, slot) => {
      connectionOf(request.socket).write('HTTP/1.1 100 Continue\r\n\r\n');
      serve(request, slot);
    });
    this.server.on('checkExpectation', serve);
    this.server.on('upgrade', (request, socket, head) => {
      this.upgrade(request as NodeRequest, socket as Socket, head);
    });
    this.server.on('timeout', (socket: Socket) => endIfQuiet(connectionOf(socket)));
    this.server.on('clientError', (error, socket) => this.refuse(error, socket as Carrier));
  }

  get(pattern: string, handler: EdgeHandler): this {
    return this.add('GET', pattern, handler);
  }

  head(pattern: string, handler: EdgeHandler): this {
    return this.add('HEAD', pattern, handler);
  }

  post(pattern: string, handler: EdgeHandler): this {
    return this.add('POST', pattern, handler);
  }

  del(pattern: string, handler: EdgeHandler): this {
    return this.add('DELETE', pattern, handler);
  }

  any(pattern: string, handler: EdgeHandler): this {
    this.others.add(pattern, handler);
    return this;
  }

  ws<Seed>(pattern: string, behavior: EdgeBehavior<Seed>): this {
    this.sockets.add(pattern, behavior as unknown as EdgeBehavior<unknown>);
    return this;
  }

  publish(topic: string, message: string | Uint8Array, isBinary = false): boolean {
    return this.sockets.publish(topic, message, isBinary);
  }

  listen(
    host: string,
    port: number,
    _options: number,
    done: (listener: EdgeListener | false) => void,
  ): void {
    const { server } = this;
    const failed = (): void => done(false);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true, backlog }, () => {
      server.off('error', failed);
      done(this);
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo | null)?.port ?? -1;
  }

  /** Not http.Server's own close(): that ends idle connections too, which may be asking now. */
  stopListening(): void {
    if (this.server.listening) TcpServer.prototype.close.call(this.server);
  }

  close(): void {
    this.stopListening();
    this.sockets.closeAll();
    for (const connection of [...this.connections]) connection.endAtOnce();
  }

  renew(): Promise<void> {
    const { server, tls } = this;
    return new Promise((resolve) => {
      if (tls !== null && 'setSecureContext' in server) server.setSecureContext(secretsIn(tls));
      resolve();
    });
  }

  private add(method: string, pattern: string, handler: EdgeHandler): this {
    const known = this.byMethod.get(method) ?? new RouteTree();
    known.add(pattern, handler);
    this.byMethod.set(method, known);
    return this;
  }

  private opened(socket: Carrier): void {
    // A request that was no upgrade after all comes back with its connection.
    if (socket.holdfastConnection !== undefined) return;
    const connection = new Connection(socket);
    socket.holdfastConnection = connection;
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
  }

  private serve(request: NodeRequest, slot: AnswerSlot): void {
    const connection = connectionOf(request.socket);
    if (!mayAsk(connection)) return;
    const url = request.getUrl();
    const found = this.byMethod.get(request.method ?? '')?.find(url) ?? this.others.find(url);
    if (found === null) {
      connection.endAtOnce();
      return;
    }
    request.params = found.params;
    connection.request = request;
    const answer = new NodeResponse(connection, request, mannersOf(request, slot), () => {
      connection.request = null;
      // Node's server goes on with this connection when it hears this.
      slot.emit('finish');
    });
    found.value(answer, request);
  }

  private refuse(error: Error, socket: Carrier): void {
    // Nobody can be told anything before the handshake.
    if (this.tls !== null && socket.holdfastConnection === undefined) socket.destroy();
    else refuse(error, socket);
  }

  private upgrade(request: NodeRequest, socket: Socket, head: Buffer): void {
    const connection = connectionOf(socket);
    if (this.sockets.wants(request)) {
      if (mayAsk(connection)) this.sockets.upgrade(request, connection, head);
      // Refused: nobody reads on, and only who reads sees the client's end.
      if (connection.closing) socket.resume();
      return;
    }
    socket.unshift(withoutUpgrade(request, head));
    this.server.emit(this.opening, socket);
  }
}

function connectionOf(socket: Carrier): Connection {
  return (socket.holdfastConnection ??= new Connection(socket));
}

/** EG2, and nobody piles up answers without reading them: who does is gone when this is false. */
function mayAsk(connection: Connection): boolean {
  if (connection.closing) return false;
  if (connection.request === null && connection.waiting <= limits.socketBackpressureBytesMax) {
    return true;
  }
  connection.endAtOnce();
  return false;
}

function mannersOf(request: NodeRequest, slot: AnswerSlot): Manners {
  if (request.httpVersionMinor === 0) return oldManners;
  return slot.shouldKeepAlive ? manners : lastManners;
}

/** Nothing was read or written for edgeIdleMs. Whoever waits for our answer may go on waiting. */
function endIfQuiet(connection: Connection): void {
  const ours = connection.request?.complete === true && connection.waiting === 0;
  if (!ours) connection.endAtOnce();
}

const secretsIn = ({ cert, key }: TlsFiles) => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
  minVersion: 'TLSv1.2' as const,
});

const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is not HTTP. Nobody above hears of it; a client that sent nothing gets nothing. */
function refuse(error: Error, socket: Carrier): void {
  const connection = connectionOf(socket);
  if (connection.closing) return;
  if (connection.request !== null || !socket.writable || socket.bytesRead === 0) {
    connection.endAtOnce();
    return;
  }
  const status = refusals[(error as NodeJS.ErrnoException).code ?? ''] ?? '400 Bad Request';
  connection.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  connection.endAfterWrites();
}
