import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { Role } from '#libs/contracts/roles.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';

import type { Admission } from '../admission/admission.js';
import type { Authenticator, Caller } from '../auth/authenticator.js';
import type { EdgeRequest, EdgeResponse } from '../edge/edge.js';
import { readBody, readBytes } from './body.js';
import type { Cors } from './cors.js';
import {
  eventStream,
  noHeaders,
  wantsStream,
  type Exchange,
  type RequestHeaders,
} from './exchange.js';
import { KeptQueries } from './kept-queries.js';
import { parseQuery } from './query.js';
import { RequestRecord, type RecordPorts } from './request-record.js';
import type { QuickHandler, RawBody, RequestHeaderName, Route } from './route.js';
import { compiled, type Checked } from './validation.js';

/**
 * The way of every request through its row of the route table: address limit, identity, user
 * limit, role, path, query, body, handler. The first "no" is the answer, and nothing behind it ran.
 *
 * Synchronous from the first byte to the handler unless the token is external and new, or the body
 * comes in pieces: a hold costs no promise before it is on its way to the owner.
 */
export interface EndpointPorts extends RecordPorts {
  readonly admission: Admission;
  readonly authenticator: Authenticator;
  /** null: no page of another origin may read an answer. */
  readonly cors: Cors | null;
}

export class Endpoint {
  private readonly cost: number;
  /** Its answers are for the caller alone: nobody keeps them. */
  private readonly isPrivate: boolean;
  /** It has an answer that an EventSource reads. */
  private readonly isStream: boolean;
  /** Of the optional headers only this one is wanted: no need to read the others. */
  private readonly onlyKey: boolean;
  private readonly wants: Wants;
  private readonly params: Checked | null;
  private readonly paramNames: readonly string[];
  private readonly query: Checked | null;
  private readonly queries: KeptQueries | null;
  private readonly body: Checked | null;
  private readonly quick: QuickHandler | null;
  /** One of these is needed; null: none is. */
  private readonly roles: readonly Role[] | null;
  private readonly record: RequestRecord;

  constructor(
    private readonly route: Route,
    index: number,
    private readonly ports: EndpointPorts,
  ) {
    this.record = new RequestRecord(route, index, ports);
    this.cost = route.cost ?? 1;
    this.roles = typeof route.auth === 'string' ? null : route.auth.roles;
    this.isPrivate = route.method === 'GET' && route.auth !== 'none';
    this.isStream = route.responses[200]?.contentType === eventStream;
    this.onlyKey = route.headers?.join() === 'idempotency-key';
    this.wants = wantsOf(route.headers ?? []);
    this.params = route.params === undefined ? null : compiled(route.params);
    this.paramNames = Object.keys(route.params?.properties ?? {});
    this.query = route.query === undefined ? null : compiled(route.query, 'query.');
    this.queries = route.askedAlike === true ? new KeptQueries() : null;
    this.body = route.body === undefined ? null : compiled(route.body);
    this.quick = route.quick === undefined ? null : this.guarded(route.quick);
  }

  /** `bodyless`: a HEAD, which is answered as the GET would be. */
  serve(res: EdgeResponse, req: EdgeRequest, bodyless = false): void {
    const exchange = this.record.begin(res);
    exchange.bodyless = bodyless;
    exchange.private = this.isPrivate;
    exchange.last = this.ports.traffic.leaving;
    exchange.hear(req.getHeader('traceparent'));
    this.record.sample(exchange);
    exchange.forwarded = this.ports.admission.forwardedIn(req);
    const { cors } = this.ports;
    if (cors !== null) exchange.crossOrigin = cors.headersFor(req);
    const hasBody = this.body !== null || this.route.raw !== undefined;
    if (hasBody && this.refuseFraming(exchange, req)) return;
    if (this.isStream) exchange.streams = wantsStream(req.getHeader('accept'));
    if ((this.cost > 0 || hasBody) && this.refuseWhenFull(exchange)) return;
    if (this.route.headers !== undefined) exchange.headers = this.readHeaders(req);
    // A stream has no end, and so no head of its own.
    if (bodyless && this.isStream) exchange.headers = { ...exchange.headers, accept: '' };
    const identity = this.admit(exchange, req);
    if (exchange.finished) return;
    if (this.params !== null && !this.readParams(exchange, req, this.params)) return;
    if (this.query !== null && !this.readQuery(exchange, req, this.query)) return;
    if (this.route.raw !== undefined) this.whenBytesAreThere(exchange, identity, this.route.raw);
    else if (this.body === null) this.whenKnown(exchange, identity);
    else this.whenRead(exchange, identity, this.body);
  }

  /**
   * Only one coding says where a body ends, alone. Of two headers the first is all that can be seen
   * here; docs/security.md says what is left to the proxy. Answered only after this packet was
   * read: uWebSockets.js would serve what stands behind it, and keep the connection for that. While
   * an answer is pending it ends the connection at the next request instead.
   */
  private refuseFraming(exchange: Exchange, req: EdgeRequest): boolean {
    const coding = req.getHeader('transfer-encoding');
    if (coding === '' || coding.toLowerCase() === 'chunked') return false;
    const extras = { field: 'header.transfer-encoding' };
    setImmediate(() => exchange.errorAndClose('ambiguous_framing', extras));
    return true;
  }

  private refuseWhenFull(exchange: Exchange): boolean {
    const { traffic } = this.ports;
    if (traffic.inFlight > limits.requestsInFlightMax) {
      exchange.error('overloaded', { retry_after_ms: 1_000 });
    }
    return exchange.finished;
  }

  /** Answers at once what is known at once; a promise is returned to be awaited with the body. */
  private admit(exchange: Exchange, req: EdgeRequest): Promise<Caller | ErrorCode> | null {
    if (this.route.auth === 'none') {
      this.admitAddress(exchange, this.cost);
      return null;
    }
    const { authenticator } = this.ports;
    const authorization = req.getHeader('authorization');
    const known = authenticator.known(authorization);
    if (known !== undefined) {
      this.admitKnown(exchange, known);
      return null;
    }
    if (!this.admitAddress(exchange, this.cost)) return null;
    if (authorization.length > limits.headerBytesMax) {
      exchange.error('headers_too_large', { field: 'header.authorization' });
      return null;
    }
    const identity = authenticator.authenticate(authorization);
    if (identity instanceof Promise) return identity;
    this.admitCaller(exchange, identity);
    return null;
  }

  /**
   * A known caller's requests are charged to its address several at a time: asking the socket for
   * its address is the dearest part of a limit, and a token is worth more than a few requests.
   */
  private admitKnown(exchange: Exchange, caller: Caller): void {
    if (caller.prepaid < this.cost) {
      const key = this.ports.admission.keyOf(exchange);
      if (!this.admitKey(exchange, key, limits.addressPrepaidRequests)) return;
      caller.prepaid += limits.addressPrepaidRequests;
      caller.addressKey = key;
    }
    caller.prepaid -= this.cost;
    this.admitCaller(exchange, caller);
  }

  private admitAddress(exchange: Exchange, cost: number): boolean {
    return cost === 0 || this.admitKey(exchange, this.ports.admission.keyOf(exchange), cost);
  }

  private admitKey(exchange: Exchange, key: string | null, cost: number): boolean {
    const waitMs = this.ports.admission.ofKey(key, cost, exchange.startedMs);
    if (waitMs > 0) exchange.error('rate_limited', { retry_after_ms: waitMs });
    return waitMs === 0;
  }

  private admitCaller(exchange: Exchange, caller: Caller | ErrorCode): void {
    if (typeof caller === 'string') {
      const wait = caller === 'unavailable' ? { retry_after_ms: 1_000 } : {};
      exchange.error(caller, { ...wait, field: 'header.authorization' });
      return;
    }
    const waitMs = this.ports.admission.ofUser(caller.bucket, this.cost, exchange.startedMs);
    if (waitMs > 0) exchange.error('rate_limited', { retry_after_ms: waitMs });
    else if (this.roles === null || hasOneOf(caller, this.roles)) exchange.caller = caller;
    else exchange.error('forbidden', { roles: this.roles });
  }

  private readHeaders(req: EdgeRequest): RequestHeaders {
    const { wants } = this;
    const idempotencyKey = wants.idempotencyKey ? req.getHeader('idempotency-key') : '';
    if (this.onlyKey) return idempotencyKey === '' ? noHeaders : { ...noHeaders, idempotencyKey };
    return {
      idempotencyKey,
      authorization: wants.authorization ? req.getHeader('authorization') : '',
      accept: wants.accept ? req.getHeader('accept') : '',
      acceptEncoding: wants.acceptEncoding ? req.getHeader('accept-encoding') : '',
      ifNoneMatch: wants.ifNoneMatch ? req.getHeader('if-none-match') : '',
      lastEventId: wants.lastEventId ? req.getHeader('last-event-id') : '',
      stripeSignature: wants.stripeSignature ? req.getHeader('stripe-signature') : '',
    };
  }

  private readParams(exchange: Exchange, req: EdgeRequest, params: Checked): boolean {
    const values: Record<string, string> = {};
    const list: string[] = [];
    this.paramNames.forEach((name, i) => {
      const value = req.getParameter(i);
      values[name] = value;
      list.push(value);
    });
    exchange.params = list;
    if (params.check(values)) return true;
    exchange.error('invalid_request', params.problem(values));
    return false;
  }

  private readQuery(exchange: Exchange, req: EdgeRequest, query: Checked): boolean {
    const schema = this.route.query;
    const text = req.getQuery() ?? '';
    const known = this.queries?.of(text);
    const values = known ?? (schema === undefined ? {} : parseQuery(text, schema));
    exchange.query = values;
    if (known !== undefined) return true;
    if (query.check(values)) {
      this.queries?.keep(text, values);
      return true;
    }
    exchange.error('invalid_request', query.problem(values));
    return false;
  }

  private whenRead(
    exchange: Exchange,
    identity: Promise<Caller | ErrorCode> | null,
    schema: Checked,
  ): void {
    const optional = this.route.bodyOptional ?? false;
    const quick = identity === null ? this.quick : null;
    readBody(exchange, optional, quick, (value) => {
      if (!schema.check(value)) {
        exchange.error('invalid_request', schema.problem(value));
        return;
      }
      exchange.body = value;
      this.whenKnown(exchange, identity);
    });
  }

  private whenBytesAreThere(
    exchange: Exchange,
    identity: Promise<Caller | ErrorCode> | null,
    { bytesMax }: RawBody,
  ): void {
    readBytes(exchange, bytesMax, (bytes) => {
      exchange.body = bytes;
      this.whenKnown(exchange, identity);
    });
  }

  private whenKnown(exchange: Exchange, identity: Promise<Caller | ErrorCode> | null): void {
    if (identity === null) {
      this.handle(exchange);
      return;
    }
    const { clock } = this.ports;
    const sinceMs = clock.monotonicMs();
    identity
      .then((caller) => {
        exchange.waitedMs += clock.monotonicMs() - sinceMs;
        this.admitCaller(exchange, caller);
        if (!exchange.finished) this.handle(exchange);
      })
      .catch((error: unknown) => this.failed(exchange, error));
  }

  private handle(exchange: Exchange): void {
    try {
      const running = this.route.handle(exchange);
      if (running !== undefined) running.catch((error: unknown) => this.failed(exchange, error));
    } catch (error) {
      this.failed(exchange, error);
    }
  }

  private guarded(quick: QuickHandler): QuickHandler {
    return (exchange, body) => {
      try {
        return quick(exchange, body);
      } catch (error) {
        this.failed(exchange, error);
        return true;
      }
    };
  }

  private failed(exchange: Exchange, error: unknown): void {
    const { requests } = this.ports;
    // Nothing is written to the database from here, so nothing happened.
    if (isDatabaseAway(error)) {
      requests.databaseAway(this.route, exchange, error);
      exchange.error('unavailable', { retry_after_ms: 1_000 });
      return;
    }
    requests.failed(this.route, exchange, error);
    exchange.error('internal', { retry_after_ms: 1_000 });
  }
}

const hasOneOf = ({ powers }: Caller, roles: readonly Role[]): boolean =>
  roles.some((role) => powers.roles.includes(role));

/** Which of the optional headers are read: each costs a look through all that came. */
type Wants = Readonly<Record<keyof RequestHeaders, boolean>>;

const wantsOf = (names: readonly RequestHeaderName[]): Wants => ({
  authorization: names.includes('authorization'),
  accept: names.includes('accept'),
  acceptEncoding: names.includes('accept-encoding'),
  ifNoneMatch: names.includes('if-none-match'),
  idempotencyKey: names.includes('idempotency-key'),
  lastEventId: names.includes('last-event-id'),
  stripeSignature: names.includes('stripe-signature'),
});
