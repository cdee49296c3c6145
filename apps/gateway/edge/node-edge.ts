import type { EdgeModule } from './edge.js';
import { NodeApp } from './node-app.js';

/** The edge over `node:http` and `ws`. */
export const nodeEdge: EdgeModule = {
  App: () => new NodeApp(),
  TlsApp: (files) => new NodeApp(files),
  us_listen_socket_close: (listener) => (listener as NodeApp).stopListening(),
  us_socket_local_port: (listener) => (listener as NodeApp).port,
};
