import { connect } from 'node:net';
import type { Door } from './doors.js';

/** Two ways to say where a body ends: who reads the other one takes the rest for a request. */
const heads: readonly (readonly [string, string])[] = [
  ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked'],
  ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 4'],
  ['a list of lengths', 'Content-Length: 4, 40'],
  ['a length with a sign', 'Content-Length: +4'],
  ['another coding', 'Transfer-Encoding: identity'],
  ['a coding twice', 'Transfer-Encoding: chunked, chunked'],
];

/**
 * On a connection that a proxy shares among its clients: the ambiguous request is refused once,
 * and the connection closed, since nobody can tell what would stand behind it.
 */
export async function framings(url: string): Promise<Door> {
  const holes: string[] = [];
  for (const [what, framing] of heads) {
    const from = 'X-Forwarded-For: 198.51.100.20\r\nContent-Type: application/json';
    const head = `POST /v1/sessions HTTP/1.1\r\nHost: x\r\n${from}\r\n${framing}\r\n\r\n`;
    const said = await say(url, `${head}0\r\n\r\n`);
    const statuses = said.text.match(/HTTP\/1\.1 \d{3}/g) ?? [];
    const refused = statuses.length <= 1 && statuses.every((line) => line.endsWith('400'));
    if (!refused || !said.closed) {
      const end = said.closed ? 'closed' : 'left open';
      holes.push(`${what}: ${statuses.join(', ') || 'no answer'}, ${end}`);
    }
  }
  return { name: 'bodies that end in two ways', tried: heads.length, holes };
}

const waitMs = 5_000;

/** All that is said until the other side closes, or for a while. */
function say(url: string, text: string): Promise<{ text: string; closed: boolean }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let said = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
    const end = (closed: boolean): void => {
      socket.destroy();
      resolve({ text: said, closed });
    };
    socket.setTimeout(waitMs, () => end(false));
    socket.on('data', (data) => (said += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.once('close', () => end(true));
  });
}
