import {
  errorBody,
  errorTable,
  hasTrace,
  type ErrorCode,
  type ErrorExtras,
} from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookingId } from '#libs/inventory/ids.js';
import {
  derivedTrace,
  readTraceParent,
  type SpanId,
  type TraceId,
  type TraceIds,
  type TraceParent,
} from '#libs/platform/trace.js';
import type { Tracer } from '#libs/platform/tracer.js';
import type { InventoryCall } from '#libs/routing/inventory-call.js';

import type { Caller } from '../auth/authenticator.js';
import type { EdgeResponse } from '../edge/edge.js';
import { jsonStatusLines, statusLines } from './status.js';

/** What a request may need besides its body; read while the request is alive. */
export interface RequestHeaders {
  /** Of a route for everybody, where it is optional to say who one is. */
  readonly authorization: string;
  readonly accept: string;
  readonly acceptEncoding: string;
  readonly ifNoneMatch: string;
  readonly idempotencyKey: string;
  readonly lastEventId: string;
  readonly stripeSignature: string;
}

export const noHeaders: RequestHeaders = {
  authorization: '',
  accept: '',
  acceptEncoding: '',
  ifNoneMatch: '',
  idempotencyKey: '',
  lastEventId: '',
  stripeSignature: '',
};

export type ExtraHeaders = readonly (readonly [name: string, value: string])[];

/** Whoever began the exchange. */
export interface ExchangeOwner {
  /** Called once, with status 0 when the client went away first. */
  finished(exchange: Exchange, status: number): void;
  readonly traces: Pick<TraceIds, 'next'>;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Pick<Tracer, 'spanId'> | null;
}

/**
 * One request and its one answer.
 *
 * EX1  Answered at most once: what comes after the first answer, or after the client has gone, is
 *      dropped. A late callback can therefore always answer without asking.
 * EX2  Every answer is corked: status, headers and body leave in one write.
 * EX3  Its owner hears exactly once that it has finished.
 * EX4  All that is logged about it has one trace: the client's, or else its command's (TR1), or
 *      else one of its own. It is made when somebody asks for it, for nearly all never.
 */
export class Exchange {
  params: readonly string[] = [];
  query: Readonly<Record<string, unknown>> = {};
  body: unknown = undefined;
  headers: RequestHeaders = noHeaders;
  caller: Caller | null = null;
  /** What the answer says to pages of other origins (Cors); null: nothing is configured. */
  crossOrigin: ExtraHeaders | null = null;
  /** What a proxy says of whom it asks for (Admission). */
  forwarded = '';
  /** The connection ends with this answer: the server is going, and others are there. */
  last = false;
  /** Asked by an EventSource, which never comes back after a 429 or a 503. */
  streams = false;
  /** The answer to a HEAD: a body would be taken for the next answer on the connection. */
  bodyless = false;
  /** An answer to a GET that no cache may keep. */
  private = false;
  /** The command that was sent for it, and what became of it, for the log. */
  call: InventoryCall | null = null;
  errorCode: ErrorCode | null = null;
  booking: BookingId | null = null;
  /** Milliseconds that it waited for others before its command was sent; they count (C8). */
  waitedMs = 0;
  /** What the client's header says of who asks. */
  parent: TraceParent | null = null;
  /** Of a request that is traced (TC1); null: it is not. */
  span: SpanId | null = null;
  private knownTrace: TraceId | null = null;
  private done = false;

  constructor(
    readonly res: EdgeResponse,
    readonly routeIndex: number,
    readonly startedMs: number,
    private readonly owner: ExchangeOwner,
  ) {
    res.onAborted(() => this.finish(0));
  }

  get finished(): boolean {
    return this.done;
  }

  /** A `traceparent` header; what is not valid is ignored (TR2). */
  hear(traceparent: string): void {
    if (traceparent === '') return;
    this.parent = readTraceParent(traceparent);
    this.knownTrace = this.parent?.trace ?? null;
  }

  /** The trace is made of what other processes know as well, unless the client named one. */
  traceAs(seed: string): TraceId {
    return (this.knownTrace ??= derivedTrace(seed));
  }

  get trace(): TraceId {
    const { call } = this;
    if (call !== null) return this.traceAs(call.commandId);
    return (this.knownTrace ??= this.owner.traces.next());
  }

  /** The trace that was named by the client, or asked for before; null = none yet. */
  get namedTrace(): TraceId | null {
    return this.knownTrace;
  }

  /** As it is sent: with this trace, where it has another, and the time that is left. */
  follow(call: InventoryCall): InventoryCall {
    this.call = call;
    const { knownTrace } = this;
    const named = knownTrace === null ? call : { ...call, trace: knownTrace };
    const timed = this.waitedMs === 0 ? named : { ...named, withinMs: this.leftMs };
    return this.span === null ? timed : this.traced(timed, this.span);
  }

  private traced(call: InventoryCall, parent: SpanId): InventoryCall {
    const span = this.owner.tracer?.spanId();
    return span === undefined ? call : { ...call, traced: { span, parent } };
  }

  /** Of the time in which it is answered (limits.commandDeadlineMs). */
  get leftMs(): number {
    return Math.max(0, limits.commandDeadlineMs - this.waitedMs);
  }

  json(status: number, body: string, extra?: ExtraHeaders): void {
    this.answer(status, null, body, extra);
  }

  send(status: number, contentType: string, body: string | Uint8Array, extra?: ExtraHeaders): void {
    this.answer(status, contentType, body, extra);
  }

  /** `contentType` null: JSON, whose status line has it. */
  private answer(
    status: number,
    contentType: string | null,
    body: string | Uint8Array,
    extra: ExtraHeaders | undefined,
  ): void {
    if (!this.finish(status)) return;
    const { res } = this;
    res.cork(() => {
      if (contentType === null) res.writeStatus(jsonStatusLines[status]);
      else res.writeStatus(statusLines[status]).writeHeader('Content-Type', contentType);
      if (this.private) res.writeHeader('Cache-Control', 'no-store');
      this.writeCrossOrigin();
      if (extra !== undefined) for (const [name, value] of extra) res.writeHeader(name, value);
      if (this.bodyless) this.endBodyless(Buffer.byteLength(body));
      else res.end(body, this.last);
    });
  }

  /** A length that uWebSockets.js is told is one it waits for: no request could follow. */
  private endBodyless(length: number): void {
    const { res } = this;
    if (this.last) res.endWithoutBody(length, true);
    else res.writeHeader('Content-Length', String(length)).endWithoutBody();
  }

  notModified(tag: string, extra: ExtraHeaders): void {
    if (!this.finish(304)) return;
    const { res } = this;
    res.cork(() => {
      res.writeStatus(statusLines[304]).writeHeader('ETag', tag);
      this.writeCrossOrigin();
      for (const [name, value] of extra) res.writeHeader(name, value);
      // A length that is undefined would be written as 2^63.
      if (this.last) res.endWithoutBody(0, true);
      else res.endWithoutBody();
    });
  }

  noContent(extra: ExtraHeaders): void {
    if (!this.finish(204)) return;
    const { res } = this;
    res.cork(() => {
      res.writeStatus(statusLines[204]);
      this.writeCrossOrigin();
      for (const [name, value] of extra) res.writeHeader(name, value);
      if (this.last) res.writeHeader('Connection', 'close');
      res.endWithoutBody();
    });
  }

  /** To be called between status and body. */
  writeCrossOrigin(): void {
    const { crossOrigin, res } = this;
    if (crossOrigin === null) return;
    for (const [name, value] of crossOrigin) res.writeHeader(name, value);
  }

  error(code: ErrorCode, extras?: ErrorExtras, extra?: ExtraHeaders): void {
    if (this.done) return;
    const { status, body, headers } = this.errorAnswer(code, extras);
    const all = extra === undefined ? headers : [...headers, ...extra];
    if (this.streams && errorTable[code].retry && !this.bodyless) this.endStream(body, extras, all);
    else this.json(status, body, all);
  }

  /** A stream that ends as it begins: `retry` is what a browser obeys by itself (live-map.md). */
  private endStream(body: string, extras: ErrorExtras | undefined, headers: ExtraHeaders): void {
    const retryMs = Math.ceil(extras?.retry_after_ms ?? retryAfterMs);
    const text = `retry: ${retryMs}\ndata: {"type":"error",${body.slice(1)}\n\n`;
    this.send(200, eventStream, text, [...headers, ['Cache-Control', 'no-store']]);
  }

  /** For answers whose client must not reuse the connection: its body was not read to the end. */
  errorAndClose(code: ErrorCode, extras?: ErrorExtras): void {
    if (this.done) return;
    const { status, body, headers } = this.errorAnswer(code, extras);
    this.last = true;
    this.json(status, body, headers);
  }

  /** `bytes` that leave as the client reads: `hand` is called once, and sees to them from there. */
  sendLarge(
    contentType: string,
    extra: ExtraHeaders,
    bytes: number,
    hand: (res: EdgeResponse) => void,
  ): void {
    if (!this.finish(200)) return;
    const { res } = this;
    res.cork(() => {
      res.writeStatus(statusLines[200]).writeHeader('Content-Type', contentType);
      this.writeCrossOrigin();
      for (const [name, value] of extra) res.writeHeader(name, value);
      if (this.bodyless) return this.endBodyless(bytes);
      // Who hands it over has no other way to say so; the client ends the connection.
      if (this.last) res.writeHeader('Connection', 'close');
      hand(res);
    });
  }

  /** The answer goes on beyond this exchange (a stream, an upgrade): nothing more is sent here. */
  detach(status: number): boolean {
    return this.finish(status);
  }

  private finish(status: number): boolean {
    if (this.done) return false;
    this.done = true;
    this.owner.finished(this, status);
    return true;
  }

  private errorAnswer(code: ErrorCode, extras: ErrorExtras | undefined): ErrorAnswer {
    const status = errorTable[code].httpStatus;
    const headers = errorHeaders(code, extras);
    this.errorCode = code;
    if (!hasTrace(code)) return { status, body: errorBody(code, extras), headers };
    const body = errorBody(code, { ...extras, trace_id: this.trace });
    return { status, body, headers: [...headers, traceHeader(this)] };
  }
}

interface ErrorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: ExtraHeaders;
}

/** There is no standard for it: W3C Trace Context has only headers of requests so far. */
export const traceHeader = ({ trace }: Exchange): ExtraHeaders[number] => ['Trace-Id', trace];

/** What an EventSource asks for, and all that it takes. */
export const eventStream = 'text/event-stream';
export const wantsStream = (accept: string): boolean => accept.includes(eventStream);

/** Unless the caller knows better. */
const retryAfterMs = 1_000;

/** Every 429 and 503 says when to come back. */
function errorHeaders(code: ErrorCode, extras: ErrorExtras | undefined): ExtraHeaders {
  if (code === 'unauthorized') return [['WWW-Authenticate', 'Bearer']];
  // RFC 6750, section 3.1.
  if (code === 'forbidden') return [['WWW-Authenticate', 'Bearer error="insufficient_scope"']];
  const { httpStatus } = errorTable[code];
  const loaded = httpStatus === 429 || httpStatus === 503;
  const waitMs = extras?.retry_after_ms ?? (loaded ? retryAfterMs : undefined);
  if (waitMs === undefined) return [];
  return [['Retry-After', String(Math.max(1, Math.ceil(waitMs / 1000)))]];
}
