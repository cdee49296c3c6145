import { limits } from '#libs/contracts/limits.js';

import type { EdgeRequest } from '../edge/edge.js';
import type { Exchange, ExtraHeaders } from './exchange.js';

/** What pages may send of what routes read, and may read of answers beyond the usual. */
const allowedHeaders =
  'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, traceparent';
const exposedHeaders = 'ETag, Link, Location, Retry-After, Trace-Id, X-Total-Count';

const forNobody: ExtraHeaders = [['Vary', 'Origin']];

/**
 * Which pages of other origins may read answers.
 *
 * CO1  Exactly the origins that are configured, letter by letter; by default there are none, and
 *      nothing is looked at. A wildcard is refused.
 * CO2  Credentials that a browser adds by itself are never allowed: a token is in a header that the
 *      page writes, so that it needs no cookie, and no other page can use it.
 * CO3  Every answer varies by `Origin` once there is one, so that no cache gives the answer for one
 *      origin to another.
 */
export class Cors {
  private readonly byOrigin: ReadonlyMap<string, ExtraHeaders>;

  constructor(origins: readonly string[]) {
    const headersOf = (origin: string): ExtraHeaders => [
      ...forNobody,
      ['Access-Control-Allow-Origin', origin],
      ['Access-Control-Expose-Headers', exposedHeaders],
    ];
    this.byOrigin = new Map(origins.map((origin) => [origin, headersOf(origin)]));
  }

  /** What every answer to that request says. */
  headersFor(req: EdgeRequest): ExtraHeaders {
    return this.byOrigin.get(req.getHeader('origin')) ?? forNobody;
  }

  /** True: it was one of a page that may ask, and is answered. `methods`: of that path. */
  answeredPreflight(exchange: Exchange, req: EdgeRequest, methods: readonly string[]): boolean {
    if (req.getMethod() !== 'options' || !this.byOrigin.has(req.getHeader('origin'))) return false;
    if (req.getHeader('access-control-request-method') === '' || methods.length === 0) return false;
    exchange.noContent([
      ['Vary', 'Access-Control-Request-Method, Access-Control-Request-Headers'],
      ['Access-Control-Allow-Methods', methods.join(', ')],
      ['Access-Control-Allow-Headers', allowedHeaders],
      ['Access-Control-Max-Age', String(limits.corsMaxAgeSeconds)],
    ]);
    return true;
  }
}

/** null: one of them is no origin, which is scheme, host and port and nothing else. */
export function originsOf(text: string): readonly string[] | null {
  const origins = text.split(',').map((part) => part.trim());
  return origins.every(isOrigin) ? origins : null;
}

const isOrigin = (text: string): boolean =>
  /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
