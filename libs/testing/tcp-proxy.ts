import { connect, createServer, type Socket } from 'node:net';
import { Pipe } from './tcp-pipe.js';

/**
 * Stands between a client and a server and does what networks do, at a chosen moment instead of by
 * luck: cuts connections, delays bytes, keeps them back, closes one half.
 */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** New connections go to this port from now on. */
  retarget(port: number): void;
  /** The next bytes from any client are dropped and its connection is reset. */
  cutBeforeNextRequest(): void;
  /** The next bytes from any client arrive; the answer does not: the connection is reset. */
  cutBeforeNextAnswer(): void;
  /** Resets all connections now. */
  cutAll(): void;
  /** Bytes of both directions arrive this much later, in their order. 0: at once again. */
  delay(ms: number): void;
  /** No byte arrives any more, and no connection breaks; flow() delivers all of them. */
  jam(): void;
  flow(): void;
  /** Ends one direction of every connection: the server hears the end, the client does not. */
  halfClose(): void;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Where it listens. Default: 127.0.0.1. */
  readonly host?: string;
}

type Cut = 'none' | 'request' | 'answer';

interface Connection {
  readonly up: Pipe;
  readonly down: Pipe;
  readonly server: Socket;
  readonly reset: () => void;
}

export async function startTcpProxy(
  firstTargetPort: number,
  { host = '127.0.0.1' }: TcpProxyOptions = {},
): Promise<TcpProxy> {
  const open = new Set<Connection>();
  let targetPort = firstTargetPort;
  let cut: Cut = 'none';
  let delayMs = 0;
  let jammed = false;

  const server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    client.setNoDelay(true);
    let answersAreCut = false;
    const connection: Connection = {
      up: new Pipe(client, target),
      down: new Pipe(target, client),
      server: target,
      reset: () => {
        open.delete(connection);
        end(client);
        end(target);
      },
    };
    open.add(connection);
    const { up, down, reset } = connection;
    for (const pipe of [up, down]) pipe.set(delayMs, jammed);
    for (const socket of [client, target]) {
      socket.on('error', reset);
      socket.on('close', reset);
    }
    client.on('data', (bytes) => {
      const now = cut;
      if (now !== 'none') cut = 'none';
      if (now === 'request') return reset();
      answersAreCut ||= now === 'answer';
      up.write(bytes);
    });
    target.on('data', (bytes) => {
      if (answersAreCut) return reset();
      down.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');

  const all = (what: (connection: Connection) => void): void => [...open].forEach(what);
  const shape = () => {
    all(({ up, down }) => {
      up.set(delayMs, jammed);
      down.set(delayMs, jammed);
    });
  };
  const cutAll = () => all((connection) => connection.reset());
  return {
    port: address.port,
    get connections() {
      return open.size;
    },
    retarget: (port) => void (targetPort = port),
    cutBeforeNextRequest: () => void (cut = 'request'),
    cutBeforeNextAnswer: () => void (cut = 'answer'),
    cutAll,
    delay(ms) {
      delayMs = ms;
      shape();
    },
    jam() {
      jammed = true;
      shape();
    },
    flow() {
      jammed = false;
      shape();
    },
    halfClose: () => all((connection) => connection.server.end()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}

/** A socket that is being shut down cannot be reset: Node would leave it open, and spin on it. */
function end(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
