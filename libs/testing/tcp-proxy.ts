import { connect, createServer, type Socket } from 'node:net';

/**
 * Stands between a client and a server and cuts connections where a test needs it cut: the faults
 * of a network, at a chosen moment instead of by luck.
 */
export interface TcpProxy {
  readonly port: number;
  /** The next bytes from any client are dropped and its connection is reset. */
  cutBeforeNextRequest(): void;
  /** The next bytes from any client arrive; the answer does not: the connection is reset. */
  cutBeforeNextAnswer(): void;
  /** Resets all connections now. */
  cutAll(): void;
  close(): Promise<void>;
}

type Cut = 'none' | 'request' | 'answer';

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let cut: Cut = 'none';

  const server = createServer((client) => {
    const target = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    client.setNoDelay(true);
    let answersAreCut = false;
    const reset = () => {
      end(client);
      end(target);
    };
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', reset);
      socket.on('close', () => {
        sockets.delete(socket);
        reset();
      });
    }
    client.on('data', (bytes) => {
      const now = cut;
      if (now !== 'none') cut = 'none';
      if (now === 'request') return reset();
      answersAreCut ||= now === 'answer';
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      if (answersAreCut) return reset();
      client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');

  const cutAll = () => {
    for (const socket of sockets) end(socket);
  };
  return {
    port: address.port,
    cutBeforeNextRequest: () => void (cut = 'request'),
    cutBeforeNextAnswer: () => void (cut = 'answer'),
    cutAll,
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
