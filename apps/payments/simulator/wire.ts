import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Answer } from './errors.js';
import { apiVersion } from './events.js';
import type { Shown } from './three-d-secure.js';

/** What becomes of a request. */
export interface Fate {
  readonly answer: Answer;
  readonly requestId: string;
  readonly replayed: boolean;
  readonly drop: boolean;
}

const bodyBytesMax = 64 * 1024;

export function send(
  response: ServerResponse,
  request: IncomingMessage,
  fate: Fate,
  closing: boolean,
): void {
  const key = headerOf(request, 'idempotency-key');
  response.writeHead(fate.answer.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(fate.answer.body),
    'request-id': fate.requestId,
    'stripe-version': apiVersion,
    ...(key === null ? {} : { 'idempotency-key': key }),
    ...(fate.replayed ? { 'idempotent-replayed': 'true', 'original-request': fate.requestId } : {}),
    ...(closing ? { connection: 'close' } : {}),
  });
  response.end(fate.answer.body);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** null when the body is over the bound (G8) or the client went away. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > bodyBytesMax) return null;
      parts.push(part);
    }
  } catch {
    return null;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** `Bearer sk_test_…`, or HTTP basic with the key as the user name and no password. */
export function keyOf(authorization: string | undefined): string {
  const [scheme, value = ''] = (authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return value;
  return Buffer.from(value, 'base64').toString('utf8').replace(/:$/, '');
}

export const isTestKey = (key: string): boolean => /^(sk|rk)_[A-Za-z0-9_]+/.test(key);

export function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Nothing of it is kept by anybody, and nothing in it is fetched or framed. */
export function sendPage(response: ServerResponse, { status, html, location }: Shown): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
    ...(location === null ? {} : { location }),
  });
  response.end(html);
}
