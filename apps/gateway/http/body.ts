import { limits } from '#libs/contracts/limits.js';

import type { Exchange } from './exchange.js';
import type { QuickHandler } from './route.js';

/**
 * Reads a JSON body, bounded (G8). Nearly every body comes in one piece, which is then parsed in
 * place: the chunk is valid only during the callback, so text is made of it there. What counts is
 * whether it is JSON, not what Content-Type says (curl says "form" of every -d).
 *
 * `quick` is offered a body in one piece first, and takes it by returning true.
 */
export function readBody(
  exchange: Exchange,
  optional: boolean,
  quick: QuickHandler | null,
  done: (value: unknown) => void,
): void {
  let parts: Buffer[] | null = null;
  let length = 0;
  exchange.res.onData((chunk, isLast) => {
    if (exchange.finished) return;
    length += chunk.byteLength;
    if (length > limits.bodyBytesMax) {
      exchange.errorAndClose('body_too_large', { limit: limits.bodyBytesMax });
    } else if (parts === null && isLast) {
      if (quick === null || !quick(exchange, new Uint8Array(chunk))) {
        parse(exchange, optional, Buffer.from(chunk), done);
      }
    } else {
      parts ??= [];
      parts.push(Buffer.from(Buffer.from(chunk)));
      if (isLast) parse(exchange, optional, Buffer.concat(parts), done);
    }
  });
}

/** A body as it came, bounded (G8). The bytes are the caller's own. */
export function readBytes(
  exchange: Exchange,
  bytesMax: number,
  done: (bytes: Buffer) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  exchange.res.onData((chunk, isLast) => {
    if (exchange.finished) return;
    length += chunk.byteLength;
    if (length > bytesMax) {
      parts.length = 0;
      exchange.errorAndClose('body_too_large', { limit: bytesMax });
      return;
    }
    parts.push(Buffer.from(Buffer.from(chunk)));
    if (isLast) done(Buffer.concat(parts));
  });
}

function parse(
  exchange: Exchange,
  optional: boolean,
  bytes: Buffer,
  done: (value: unknown) => void,
): void {
  if (optional && bytes.length === 0) {
    done({});
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    exchange.error('malformed_json', { field: 'body' });
    return;
  }
  done(value);
}
