import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import type { LineEars, OpenLine } from '#libs/client/live-connection.js';
import type { LiveError } from '#libs/contracts/live-frames.js';

/** Lines of the live map over `ws`, to the gateway whose turn it is. `ca`: who may sign for it. */
export function webSocketLines(
  nextBase: () => URL,
  handshakeMs: number,
  ca: string | null = null,
): OpenLine {
  return ({ path, token }, ears) => {
    const url = new URL(path, nextBase());
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const protocols = token === null ? [] : ['holdfast.json', `bearer.${token}`];
    const trust = ca === null ? {} : { ca };
    const options = { perMessageDeflate: false, handshakeTimeout: handshakeMs, ...trust };
    const socket = new WebSocket(url, protocols, options);
    let trouble = '';
    socket.on('message', (data: Buffer) => ears.frame(data.toString()));
    socket.on('error', (error) => (trouble = error.message));
    socket.on('unexpected-response', (_request, response) => hearRefusal(response, socket, ears));
    socket.on('close', (code) => {
      ears.closed(code === 1006 && trouble !== '' ? trouble : `closed with ${code}`);
    });
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      end: () => socket.terminate(),
    };
  };
}

function hearRefusal(response: IncomingMessage, socket: WebSocket, ears: LineEars): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => {
    const error = errorIn(text);
    if (error !== null) ears.refused(error);
    socket.terminate();
  });
  response.on('error', () => socket.terminate());
}

/** null: it was not the gateway that answered. */
function errorIn(text: string): LiveError | null {
  try {
    return (JSON.parse(text) as { error?: LiveError }).error ?? null;
  } catch {
    return null;
  }
}
