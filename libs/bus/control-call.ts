import { Packr } from 'msgpackr';
import { limits } from '#libs/contracts/limits.js';
import { isTraceId, type TraceId } from '#libs/platform/trace.js';
import type { Bus } from './bus.js';

/**
 * One control-plane call: a body as msgpack, an answer as msgpack. For what is rare and may be
 * retried by its caller; inventory commands never come this way.
 */
export type ControlReply<Body> =
  | { readonly kind: 'ok'; readonly body: Body }
  /** The handler threw: it may have done part of its work. */
  | { readonly kind: 'error'; readonly message: string }
  /** It never ran: whoever got it has enough to do. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number }
  /** It never ran. */
  | { readonly kind: 'no_responders' }
  | { readonly kind: 'not_sent' }
  /** Unknown: it may have run, or be running still. */
  | { readonly kind: 'timeout' };

const codec = new Packr({ useRecords: false, moreTypes: false, variableMapSize: true });

export async function controlCall<Body>(
  bus: Bus,
  subject: string,
  body: unknown,
  timeoutMs: number,
): Promise<ControlReply<Body>> {
  const reply = await bus.request(subject, encodeBody(body), timeoutMs);
  if (reply.kind !== 'reply') return reply;
  return readAnswer<Body>(reply.payload);
}

export const encodeBody = (body: unknown): Uint8Array => codec.pack(body);

/** A call as it arrived. What travels beside a body has its place here. */
export interface ReceivedCall {
  readonly body: unknown;
  /** Of the request on whose behalf it was sent, if the body names one in a field `trace`. */
  readonly trace?: TraceId;
}

/** The one place that opens what a caller sent; null when it is not readable. */
export function readCall(payload: Uint8Array): ReceivedCall | null {
  try {
    const body = decodeBody(payload);
    const trace = traceIn(body);
    return trace === null ? { body } : { body, trace };
  } catch {
    return null;
  }
}

/** A field of the body, so that processes that do not look for it pass it over. */
function traceIn(body: unknown): TraceId | null {
  if (typeof body !== 'object' || body === null || !('trace' in body)) return null;
  return isTraceId(body.trace) ? body.trace : null;
}

/** Throws when the bytes are not msgpack. */
export const decodeBody = (payload: Uint8Array): unknown => codec.unpack(payload) as unknown;

export const encodeAnswer = (body: unknown): Uint8Array => codec.pack({ body: body ?? null });

export const encodeFailure = (message: string): Uint8Array => codec.pack({ error: message });

/**
 * A call that was refused before it ran. A release that knows no refusals reads an error, which
 * claims less: that it may have run.
 */
export const encodeOverloaded = (retryAfterMs: number): Uint8Array =>
  codec.pack({ error: 'overloaded', refused: { retryAfterMs } });

/** Answers of a handler are trusted to have the type that was agreed; damaged ones are not. */
export function readAnswer<Body>(payload: Uint8Array): ControlReply<Body> {
  let answer: unknown;
  try {
    answer = decodeBody(payload);
  } catch {
    return { kind: 'error', message: 'the answer is not readable' };
  }
  if (typeof answer === 'object' && answer !== null) {
    if ('refused' in answer) return { kind: 'overloaded', retryAfterMs: waitOf(answer.refused) };
    if ('error' in answer) return { kind: 'error', message: String(answer.error) };
    if ('body' in answer) return { kind: 'ok', body: answer.body as Body };
  }
  return { kind: 'error', message: 'the answer is not readable' };
}

function waitOf(refused: unknown): number {
  const named = typeof refused === 'object' && refused !== null && 'retryAfterMs' in refused;
  const waitMs = named ? Number(refused.retryAfterMs) : Number.NaN;
  return waitMs > 0 ? waitMs : limits.controlRetryMs;
}
