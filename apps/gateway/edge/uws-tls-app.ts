import { createServer } from 'node:net';

import { limits } from '#libs/contracts/limits.js';

import type {
  EdgeApp,
  EdgeBehavior,
  EdgeHandler,
  EdgeListener,
  EdgeTlsApp,
  TlsFiles,
} from './edge.js';

/** What is used of the library. */
export interface UwsTls {
  /** Reads the files at once; throws when they are no pair. */
  SSLApp(options: { key_file_name: string; cert_file_name: string }): EdgeApp;
  us_listen_socket_close(listener: EdgeListener): void;
}

/** Two listeners of this process share the port for a moment (SO_REUSEPORT). */
const sharedPort = 0;

/**
 * uWebSockets.js over TLS, with a certificate that can be renewed. The library cannot give its
 * default context another certificate, and one by name (SNI) would leave out clients that name
 * nobody, and is freed under the connections that use it. So a renewal is another app with the same
 * routes: it listens on the same port, then the one before stops listening and keeps its
 * connections for as long as they last.
 *
 * UT1  The port is never without a listener.
 * UT2  A message is published to the subscribers of every app.
 * UT3  A port that somebody else has is refused, although it is one that can be shared.
 */
export class UwsTlsApp implements EdgeTlsApp {
  private readonly rules: ((app: EdgeApp) => void)[] = [];
  /** Oldest first. */
  private readonly apps: EdgeApp[];
  private listener: EdgeListener | null = null;
  private host = '';
  private boundPort = -1;

  constructor(
    private readonly library: UwsTls,
    private readonly mend: (app: EdgeApp) => EdgeApp,
    private readonly files: TlsFiles,
  ) {
    this.apps = [this.make()];
  }

  get(pattern: string, handler: EdgeHandler): this {
    return this.add((app) => app.get(pattern, handler));
  }

  head(pattern: string, handler: EdgeHandler): this {
    return this.add((app) => app.head(pattern, handler));
  }

  post(pattern: string, handler: EdgeHandler): this {
    return this.add((app) => app.post(pattern, handler));
  }

  del(pattern: string, handler: EdgeHandler): this {
    return this.add((app) => app.del(pattern, handler));
  }

  any(pattern: string, handler: EdgeHandler): this {
    return this.add((app) => app.any(pattern, handler));
  }

  ws<Seed>(pattern: string, behavior: EdgeBehavior<Seed>): this {
    return this.add((app) => app.ws(pattern, behavior));
  }

  publish(topic: string, message: string | Uint8Array, isBinary?: boolean): boolean {
    let anybody = false;
    for (const app of this.apps) anybody = app.publish(topic, message, isBinary) || anybody;
    return anybody;
  }

  listen(
    host: string,
    port: number,
    _options: number,
    done: (listener: EdgeListener | false) => void,
  ): void {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => {
        this.host = host;
        this.boundPort = found;
        this.listenWith(this.apps[0], (listening) => done(listening ? this : false));
      });
    });
  }

  get port(): number {
    return this.listener === null ? -1 : this.boundPort;
  }

  renew(): Promise<void> {
    const next = this.make();
    for (const rule of this.rules) rule(next);
    const before = this.listener;
    return new Promise((resolve, reject) => {
      if (before === null) {
        next.close();
        resolve();
        return;
      }
      this.listenWith(next, (listening) => {
        if (!listening) {
          next.close();
          reject(new Error('the port could not be shared for the renewal'));
          return;
        }
        this.library.us_listen_socket_close(before);
        this.apps.push(next);
        if (this.apps.length > limits.tlsGenerationsMax) this.apps.shift()?.close();
        resolve();
      });
    });
  }

  stopListening(): void {
    if (this.listener !== null) this.library.us_listen_socket_close(this.listener);
    this.listener = null;
  }

  close(): void {
    this.listener = null;
    for (const app of this.apps) app.close();
  }

  private make(): EdgeApp {
    const { cert, key } = this.files;
    return this.mend(this.library.SSLApp({ key_file_name: key, cert_file_name: cert }));
  }

  private add(rule: (app: EdgeApp) => void): this {
    this.rules.push(rule);
    for (const app of this.apps) rule(app);
    return this;
  }

  private listenWith(app: EdgeApp, done: (listening: boolean) => void): void {
    app.listen(this.host, this.boundPort, sharedPort, (listener) => {
      if (listener !== false) this.listener = listener;
      done(listener !== false);
    });
  }
}
