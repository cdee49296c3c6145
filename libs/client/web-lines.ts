import type { LineEars, OpenLine, Opening } from './live-connection.js';

/**
 * Lines of the live map over the WebSocket and EventSource that a browser has, or Node in the same
 * words. Neither says why an opening was refused: `closed` is all that is heard of it.
 */
export interface SocketLike {
  readonly readyState: number;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface StreamLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  close(): void;
}

const openState = 1;

/** `base`: origin of the gateway, `https://tickets.example`. */
export function socketLines(
  base: string,
  open: (url: string, protocols: string[]) => SocketLike,
): OpenLine {
  return ({ path, token }, ears) => {
    const protocols = token === null ? [] : ['holdfast.json', `bearer.${token}`];
    const socket = open(base.replace(/^http/, 'ws') + path, protocols);
    socket.onmessage = ({ data }) => hearText(data, ears);
    socket.onclose = ({ code }) => ears.closed(`closed with ${code}`);
    // `close` follows, with all that is told.
    socket.onerror = () => undefined;
    return {
      send: (text) => {
        if (socket.readyState === openState) socket.send(text);
      },
      end: () => socket.close(),
    };
  };
}

/**
 * It would come back by itself, without a bound and without asking for a new token: the connection
 * does that better, so that a stream ends with its first error.
 */
export function streamLines(base: string, open: (url: string) => StreamLike): OpenLine {
  return (opening, ears) => {
    const stream = open(base + withToken(opening));
    const end = () => stream.close();
    stream.onmessage = ({ data }) => hearText(data, ears);
    stream.onerror = () => {
      end();
      ears.closed('the event stream ended');
    };
    return { end };
  };
}

function withToken({ path, token }: Opening): string {
  if (token === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}

function hearText(data: unknown, ears: LineEars): void {
  if (typeof data === 'string') ears.frame(data);
}
