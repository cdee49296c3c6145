import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Type } from 'typebox';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import { sameText } from './same-text.js';

/**
 * `/metrics`, `/livez` and `/readyz` for the processes that serve no public HTTP. `alive` says that
 * the process still does its work (a loop that turns, not a process that exists); `ready` that it
 * can take more of it. With a token, numbers are for those who bring it (`Authorization: Bearer`);
 * probes say one word and are for everybody.
 */
export interface MetricsServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host?: string;
  /** Absent: numbers are for everybody who reaches the port. */
  readonly token?: string | undefined;
  readonly metrics: Metrics;
  readonly alive: () => boolean;
  readonly ready: () => boolean;
  readonly log: Log;
}

/** Of every process that has numbers. */
export const metricsVariables = {
  /** 0: any free port, told in the ready line. */
  HOLDFAST_METRICS_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
  HOLDFAST_METRICS_HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  HOLDFAST_METRICS_TOKEN: Type.Optional(
    Type.String({ minLength: 32, description: 'at least 32 characters are needed' }),
  ),
};

export interface MetricsConfig {
  readonly HOLDFAST_METRICS_PORT: number;
  readonly HOLDFAST_METRICS_HOST: string;
  readonly HOLDFAST_METRICS_TOKEN?: string;
}

/** What of the options is configuration. */
export const metricsAddress = (config: MetricsConfig) => ({
  port: config.HOLDFAST_METRICS_PORT,
  host: config.HOLDFAST_METRICS_HOST,
  token: config.HOLDFAST_METRICS_TOKEN,
});

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
  if (!isAllowed(request.headers.authorization, options.token)) {
    response.setHeader('www-authenticate', 'Bearer');
    return reply(response, 401, 'a token is needed');
  }
  response.setHeader('content-type', options.metrics.contentType);
  response.end(await options.metrics.text());
}

const isAllowed = (given: string | undefined, token: string | undefined): boolean =>
  token === undefined || sameText(given ?? '', `Bearer ${token}`);

const verdict = (response: ServerResponse, good: boolean): void =>
  reply(response, good ? 200 : 503, good ? 'ok' : 'not ok');

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
