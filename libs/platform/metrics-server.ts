import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/**
 * `/metrics`, `/livez` and `/readyz` for the processes that serve no public HTTP. `alive` says that
 * the process still does its work (a loop that turns, not a process that exists); `ready` that it
 * can take more of it.
 */
export interface MetricsServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host?: string;
  readonly metrics: Metrics;
  readonly alive: () => boolean;
  readonly ready: () => boolean;
  readonly log: Log;
}

export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000 },
    (request, response) => {
      answer(options, request, response).catch((error: unknown) => {
        options.log.error({ err: error }, 'a scrape failed');
        response.destroy();
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  options.log.info({ port }, 'metrics');
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: MetricsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return reply(response, 405, 'GET only');
  if (path === '/livez') return verdict(response, options.alive());
  if (path === '/readyz') return verdict(response, options.ready());
  if (path !== '/metrics') return reply(response, 404, 'not found');
  response.setHeader('content-type', options.metrics.contentType);
  response.end(await options.metrics.text());
}

const verdict = (response: ServerResponse, good: boolean): void =>
  reply(response, good ? 200 : 503, good ? 'ok' : 'not ok');

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
