import type { EdgeRequest } from '../edge/edge.js';
import type { Format } from './frames.js';

/** What a client says when it opens a live map; read while the request is alive. */
export interface Opening {
  readonly eventId: string;
  /** '' = anonymous. */
  readonly token: string;
  /** Of a waiting room that stands before the map; '' = none. */
  readonly admission: string;
  /** The version the client has, as text. */
  readonly version: string;
  /** 'room': of the waiting room alone; '' = the map. */
  readonly only: string;
  readonly format: Format;
  /** The subprotocol that is agreed to; '' = none. The one with the token is never echoed. */
  readonly protocol: string;
  readonly key: string;
  readonly extensions: string;
}

export const jsonProtocol = 'holdfast.json';
export const msgpackProtocol = 'holdfast.msgpack';
/** Browsers cannot set headers on a WebSocket: the token comes as a subprotocol or in the query. */
const bearerPrefix = 'bearer.';

export function openingOf(req: EdgeRequest): Opening {
  const offered = req
    .getHeader('sec-websocket-protocol')
    .split(',')
    .map((protocol) => protocol.trim());
  const bearer = offered.find((protocol) => protocol.startsWith(bearerPrefix));
  const query = new URLSearchParams(req.getQuery());
  const format: Format = offered.includes(msgpackProtocol) ? 'msgpack' : 'json';
  const authorization = req.getHeader('authorization').replace(/^Bearer /i, '');
  return {
    eventId: req.getParameter(0),
    token: query.get('token') ?? bearer?.slice(bearerPrefix.length) ?? authorization,
    admission: query.get('admission') ?? '',
    version: query.get('version') ?? '',
    only: query.get('only') ?? '',
    format,
    protocol: protocolOf(offered, format),
    key: req.getHeader('sec-websocket-key'),
    extensions: req.getHeader('sec-websocket-extensions'),
  };
}

/** null = none given, undefined = not a version. */
export function versionOf(text: string): number | null | undefined {
  if (text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function protocolOf(offered: readonly string[], format: Format): string {
  if (format === 'msgpack') return msgpackProtocol;
  return offered.includes(jsonProtocol) ? jsonProtocol : '';
}
