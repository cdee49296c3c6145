import { limits } from '#libs/contracts/limits.js';

import type { EdgeApp, EdgeRequest, EdgeResponse } from '../edge/edge.js';
import { Endpoint, type EndpointPorts } from './endpoint.js';
import type { Exchange } from './exchange.js';
import { RequestRecord } from './request-record.js';
import type { Route } from './route.js';

/**
 * Binds the route table to an app of the edge; everything else is 404, or 405 with Allow. `lost`
 * answers a browser that looks for a page; null: as everybody.
 */
export function bindRoutes(
  app: EdgeApp,
  routes: readonly Route[],
  ports: EndpointPorts,
  lost: ((exchange: Exchange) => void) | null,
): void {
  routes.forEach((route, index) => {
    const endpoint = new Endpoint(route, index, ports);
    const pattern = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const serve = (res: EdgeResponse, req: EdgeRequest): void => endpoint.serve(res, req);
    if (route.method === 'GET') {
      app.get(pattern, serve);
      app.head(pattern, (res, req) => endpoint.serve(res, req, true));
    } else if (route.method === 'POST') app.post(pattern, serve);
    else app.del(pattern, serve);
  });
  const unmatched = new RequestRecord({ operationId: 'unmatched' }, routes.length, ports);
  const unknown = { routes, ports, lost };
  app.any('/*', (res, req) => refuseUnknown(unmatched.begin(res), req, unknown));
}

interface Unknown {
  readonly routes: readonly Route[];
  readonly ports: EndpointPorts;
  readonly lost: ((exchange: Exchange) => void) | null;
}

function refuseUnknown(
  exchange: Exchange,
  req: EdgeRequest,
  { routes, ports: { admission, cors }, lost }: Unknown,
): void {
  exchange.bodyless = req.getMethod() === 'head';
  if (cors !== null) exchange.crossOrigin = cors.headersFor(req);
  exchange.forwarded = admission.forwardedIn(req);
  const waitMs = admission.ofAddress(exchange, 1, exchange.startedMs);
  if (waitMs > 0) {
    exchange.error('rate_limited', { retry_after_ms: waitMs });
    return;
  }
  if (req.getUrl().length > limits.headerBytesMax) {
    exchange.error('headers_too_large');
    return;
  }
  const methods = routes
    .filter((route) => matches(route, req.getUrl()))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  if (cors?.answeredPreflight(exchange, req, methods) === true) return;
  if (methods.length === 0 && lost !== null && wantsPage(req)) lost(exchange);
  else if (methods.length === 0) exchange.error('not_found');
  else exchange.error('method_not_allowed', {}, [['Allow', [...new Set(methods)].join(', ')]]);
}

/** A person who followed a link or typed an address; programs ask for JSON or for anything. */
const wantsPage = (req: EdgeRequest): boolean =>
  ['get', 'head'].includes(req.getMethod()) &&
  !/^\/(v1|assets)\//.test(req.getUrl()) &&
  req.getHeader('accept').includes('text/html');

function matches(route: Route, url: string): boolean {
  const pattern = route.path.split('/');
  const parts = url.split('/');
  return (
    pattern.length === parts.length &&
    pattern.every((part, i) => part.startsWith('{') || part === parts[i])
  );
}
