import { edit, type Mutation } from '../mutation.js';

const edgeSpec = ['apps/gateway/edge/edge.process.spec.ts'];
const app = 'apps/gateway/edge/node-app.ts';
const connection = 'apps/gateway/edge/connection.ts';
const socket = 'apps/gateway/edge/node-socket.ts';

/** What the edge over node:http keeps by itself, because Node and `ws` do not. */
export const nodeEdge: readonly Mutation[] = [
  {
    name: 'edge-pipeline',
    guarantee: 'G8',
    guard: 'a request before the last answer ends its connection (EG2)',
    file: app,
    edits: edit('connection.request === null && connection.waiting <=', 'connection.waiting <='),
    specs: edgeSpec,
  },
  {
    name: 'edge-upgrade-behind',
    guarantee: 'G8',
    guard: 'an upgrade before the last answer ends its connection (EG2)',
    file: app,
    edits: edit(
      'if (mayAsk(connection)) this.sockets.upgrade(',
      'if (!connection.closing) this.sockets.upgrade(',
    ),
    specs: edgeSpec,
  },
  {
    name: 'edge-unanswered',
    guarantee: 'G8',
    guard: 'who waits to answer a client that offered an upgrade hears that it is gone (EG1)',
    file: connection,
    edits: edit('      this.request?.events?.gone();\n', ''),
    specs: edgeSpec,
  },
  {
    name: 'edge-drained-again',
    guarantee: 'G6',
    guard: 'who waits for the last byte to leave is told when it has (EG3)',
    file: connection,
    edits: edit(
      '      if (this.onDrained === null && this.waiting > 0) this.whenDrained(drained);\n',
      '',
    ),
    specs: ['apps/gateway/edge/connection.spec.ts'],
  },
  {
    name: 'edge-quiet',
    guarantee: 'G8',
    guard: 'a connection on which nothing happens is ended (EG6)',
    file: app,
    edits: edit('if (!ours) connection.endAtOnce();', 'if (!ours) connection.closing = false;'),
    specs: edgeSpec,
  },
  {
    name: 'edge-slow-reader',
    guarantee: 'G8',
    guard: 'a large body is handed over as its reader takes it (EG3)',
    file: 'apps/gateway/edge/node-response.ts',
    edits: edit("|| head !== '') && taken) {", "|| head !== '')) {"),
    specs: edgeSpec,
  },
  {
    name: 'edge-slow-watcher',
    guarantee: 'G8',
    guard: 'a WebSocket that is behind is skipped (EG4)',
    file: socket,
    edits: edit(
      'if (connection.waiting > behavior.maxBackpressure) {',
      'if (connection.waiting > Infinity) {',
    ),
    specs: edgeSpec,
  },
  {
    name: 'edge-pong',
    guarantee: 'G8',
    guard: 'pings are not answered to who reads no answers (EG4)',
    file: socket,
    edits: edit(
      'if (connection.waiting <= this.behavior.maxBackpressure) {',
      'if (connection.waiting <= Infinity) {',
    ),
    specs: ['apps/gateway/edge/node-socket.spec.ts'],
  },
  {
    name: 'edge-silent-socket',
    guarantee: 'G8',
    guard: 'a WebSocket that leaves pings unanswered is ended (EG6)',
    file: socket,
    edits: edit(
      'if (quietMs >= idleTimeout * 1_000) this.close();',
      'if (quietMs >= idleTimeout * 1e9) this.close();',
    ),
    specs: edgeSpec,
  },
  {
    name: 'edge-closed-once',
    guarantee: 'G6',
    guard: 'a WebSocket is told its end once (EG5)',
    file: socket,
    edits: edit(
      '  private finish(code: number): void {\n    if (this.closed) return;\n',
      '  private finish(code: number): void {\n',
    ),
    specs: edgeSpec,
  },
  {
    name: 'edge-utf-eight',
    guarantee: 'G6',
    guard: 'text beyond ASCII leaves as UTF-8 on every build',
    file: 'apps/gateway/edge/uws-text.ts',
    edits: edit('Buffer.byteLength(data) === data.length', 'data.length >= 0'),
    specs: ['apps/gateway/edge/uws-text.spec.ts'],
  },
];
