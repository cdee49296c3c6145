import { WebSocketServer, type WebSocket } from 'ws';

import type { Connection } from './connection.js';
import type { EdgeBehavior } from './edge.js';
import type { NodeRequest } from './node-request.js';
import { NodeResponse, type Upgrading } from './node-response.js';
import { NodeSocket, type HeldSocket, type SocketSurroundings } from './node-socket.js';
import { RouteTree } from './route-tree.js';
import { Topics } from './topics.js';
import { FrameOnce, encodeWebSocketFrame, opcodes } from './websocket-frames.js';

const lookEveryMs = 2_000;
/** What RFC 6455 calls a nonce of 16 bytes, in base64. */
const keyForm = /^[+/0-9A-Za-z]{22}==$/;
const versions = ['13', '8'];

interface Kind {
  readonly behavior: EdgeBehavior<unknown>;
  readonly server: WebSocketServer;
}

/**
 * The WebSockets of an app: which requests become one, the handshake, topics, and who is silent for
 * too long. Everything that can be wrong with a handshake is judged before the behavior's
 * `upgrade` runs, since what that counts as open must be opened and closed (EG5).
 */
export class NodeSockets {
  private readonly kinds = new RouteTree<Kind>();
  private readonly open = new Set<HeldSocket>();
  private readonly topics = new Topics();
  private readonly frames = new FrameOnce();
  private readonly around: SocketSurroundings = {
    topics: this.topics,
    frames: this.frames,
    nowMs: () => performance.now(),
    onClosed: (socket) => {
      this.open.delete(socket);
      if (this.open.size === 0) this.stopLooking();
    },
  };
  private timer: NodeJS.Timeout | null = null;

  add(pattern: string, behavior: EdgeBehavior<unknown>): void {
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: behavior.maxPayloadLength,
      skipUTF8Validation: false,
      autoPong: false,
    });
    server.on('headers', (headers, request) => {
      const { protocol } = request as AgreedRequest;
      if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
    });
    this.kinds.add(pattern, { behavior, server });
  }

  /** As uWebSockets.js: a GET with a key, whatever else it says. With a body it is no upgrade. */
  wants(request: NodeRequest): boolean {
    if (request.method !== 'GET' || !keyForm.test(request.getHeader('sec-websocket-key'))) {
      return false;
    }
    if (request.getHeader('upgrade').toLowerCase() !== 'websocket') return false;
    if (!versions.includes(request.getHeader('sec-websocket-version'))) return false;
    const length = request.getHeader('content-length') + request.getHeader('transfer-encoding');
    return /^0*$/.test(length) && this.kinds.find(request.getUrl()) !== null;
  }

  upgrade(request: NodeRequest, connection: Connection, head: Buffer): void {
    const found = this.kinds.find(request.getUrl());
    if (found === null) return;
    const { behavior } = found.value;
    request.params = found.params;
    // Without a parser the connection can carry nothing after an answer.
    const manners = { keepAlive: false, chunked: true };
    const response = new NodeResponse(connection, request, manners, () => undefined);
    const context: Upgrading = {
      accept: (seed, protocol) =>
        this.accept(found.value, { request, connection, head }, seed, protocol),
    };
    behavior.upgrade(response, request, context);
  }

  publish(topic: string, message: string | Uint8Array, isBinary: boolean): boolean {
    if (!this.topics.has(topic)) return false;
    const opcode = isBinary ? opcodes.binary : opcodes.text;
    this.topics.publish(topic, encodeWebSocketFrame(opcode, message));
    return true;
  }

  closeAll(): void {
    for (const socket of [...this.open]) socket.close();
  }

  private accept(kind: Kind, from: Upgrade, seed: unknown, protocol: string): void {
    const { request, connection, head } = from;
    const handshake = request as AgreedRequest;
    // What is agreed was decided above; `ws` would agree to the first one it is offered.
    delete handshake.headers['sec-websocket-protocol'];
    if (protocol !== '') handshake.protocol = protocol;
    const made: WebSocket[] = [];
    kind.server.handleUpgrade(handshake, connection.socket, head, (ws) => made.push(ws));
    const ws = made.at(0) ?? null;
    const socket = new NodeSocket(connection, ws, kind.behavior, seed, this.around);
    if (ws === null) {
      socket.openAndClose();
      return;
    }
    this.open.add(socket);
    this.timer ??= setInterval(() => this.look(), lookEveryMs).unref();
    kind.behavior.open(socket);
  }

  private look(): void {
    for (const socket of this.open) socket.look();
  }

  private stopLooking(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

type AgreedRequest = NodeRequest & { protocol?: string };

interface Upgrade {
  readonly request: NodeRequest;
  readonly connection: Connection;
  readonly head: Buffer;
}
