import { idsAsAttributes, type Span, type Tracer } from '#libs/platform/tracer.js';

import type { Exchange } from './exchange.js';
import { describeRequest, type NamedRoute } from './request-log.js';

/** A request from its first byte to its answer, named as in the log. */
export function requestSpan(
  tracer: Tracer,
  route: NamedRoute,
  exchange: Exchange,
  status: number,
  tookMs: number,
): Span {
  const { span, parent, startedMs: fromMs, errorCode } = exchange;
  const named = describeRequest(route, exchange);
  const error = errorOf(exchange, status);
  return {
    trace: named.trace,
    id: span ?? tracer.spanId(),
    parent: parent?.span ?? null,
    name: route.path === undefined ? route.operationId : `${route.method} ${route.path}`,
    kind: 'server',
    fromMs,
    toMs: fromMs + tookMs,
    ...(error === null ? {} : { error }),
    attributes: {
      ...(route.path === undefined
        ? {}
        : { 'http.request.method': route.method ?? '', 'http.route': route.path }),
      ...(status === 0 ? {} : { 'http.response.status_code': status }),
      ...(errorCode === null ? {} : { 'holdfast.code': errorCode }),
      ...idsAsAttributes(named),
    },
  };
}

/** A "no" of the sale is an answer, as OpenTelemetry has it for servers. */
function errorOf({ errorCode }: Exchange, status: number): string | null {
  if (status === 0) return 'the client went away first';
  return status < 500 ? null : (errorCode ?? String(status));
}
