import { request, Agent, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import WebSocket from 'ws';
import { encodeBody } from '#libs/bus/control-call.js';
import type { EdgeKind } from '#apps/gateway/edge/open-edge.js';
import { startHarness, type Harness } from '#apps/gateway/testing/harness.js';
import { errorCodes, errorTable, type ErrorCode } from '#libs/contracts/errors.js';
import { drawn, promise, textBytes, type FuzzTarget, type OpenTarget } from '../target.js';
import { requests, wireRequests, type PlainRequest } from './requests.js';

/**
 * A real gateway on a port of its own, asked in three ways: by requests whose parts are wrong, by
 * bytes that need not be HTTP at all, and by frames on a live map. What is refused has a row in the
 * error table and changes nothing; afterwards the gateway still answers.
 */
export const edgeTargets: readonly FuzzTarget[] = [
  { name: 'rest', open: () => openEdge(requests, askOnce) },
  { name: 'http', open: () => openEdge(wireRequests, sendRaw) },
  { name: 'http-node', open: () => openEdge(wireRequests, sendRaw, 'node') },
  { name: 'sockets', open: () => openEdge(messages(), sayOnce) },
  { name: 'sockets-node', open: () => openEdge(messages(), sayOnce, 'node') },
];

type Run = (edge: Edge, input: Uint8Array) => ReturnType<OpenTarget['run']>;

interface Edge {
  readonly harness: Harness;
  readonly token: string;
  readonly agent: Agent;
}

async function openEdge(
  valid: fc.Arbitrary<Uint8Array>,
  run: Run,
  edge?: EdgeKind,
): Promise<OpenTarget> {
  const harness = await startHarness(edge === undefined ? {} : { edge });
  const { token } = await harness.session();
  const clients = { harness, token, agent: new Agent({ keepAlive: true, maxSockets: 4 }) };
  let inputs = 0;
  return {
    valid: drawn(valid),
    run: async (input) => {
      const outcome = await run(clients, input);
      if (++inputs % 50 === 0) await alive(harness);
      return outcome;
    },
    close: async () => {
      clients.agent.destroy();
      await harness.stop();
    },
  };
}

async function alive(harness: Harness): Promise<void> {
  const { status } = await harness.call('GET', '/livez');
  promise(status === 200, 'the gateway does not answer any more');
}

async function askOnce(edge: Edge, input: Uint8Array): Promise<'accepted' | 'refused'> {
  const wanted = plainRequest(Buffer.from(input).toString());
  if (wanted === null) return 'refused';
  const before = edge.harness.inventory.version;
  const answer = await ask(edge, wanted);
  if (answer === null) return 'refused';
  const { status, headers, text } = answer;
  if (status < 400) return 'accepted';
  if (!isHead(wanted.method)) checkError(status, headers, text);
  promise(edge.harness.inventory.version === before, 'a refused request changed the inventory');
  return 'refused';
}

/** ER1 of the error table, and that an error says where and when to come back. */
function checkError(status: number, headers: IncomingMessage['headers'], text: string): void {
  // The edge turns away what is not HTTP before it reaches a route.
  if ((text === '' || text.startsWith('<h1>')) && status !== 500) return;
  const { error } = JSON.parse(text) as { error: { code: ErrorCode; field?: string } };
  promise(errorCodes.includes(error.code), `no row for ${error.code}`);
  promise(errorTable[error.code].httpStatus === status, `${error.code} with status ${status}`);
  promise(status !== 500, 'an internal error');
  const loaded = status === 429 || status === 503;
  promise(!loaded || headers['retry-after'] !== undefined, 'no Retry-After');
  const named = typeof error.field === 'string' && error.field !== '';
  promise(error.code !== 'invalid_request' || named, 'no field is named');
}

/** A damaged request that is still JSON of our shape; the rest is for the target `http`. */
function plainRequest(text: string): PlainRequest | null {
  try {
    const value = JSON.parse(text) as PlainRequest;
    if (typeof value.path !== 'string' || typeof value.headers !== 'object') return null;
    return Object.keys(value.headers).every((name) => knownName.test(name)) ? value : null;
  } catch {
    return null;
  }
}

const answerMsMax = 4_000;
/** uWebSockets.js waits for more after any other character in a name, until the idle time is up. */
const knownName = /^[a-z0-9-]+$/i;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const isHead = (method: unknown): boolean => String(method).toUpperCase() === 'HEAD';

/** null: node itself would not send it. */
function ask(edge: Edge, { method, path, headers, body }: PlainRequest): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const { port } = edge.harness.gateway;
    const { token, agent } = edge;
    let sent;
    try {
      const all = { authorization: `Bearer ${token}`, ...headers, host: 'x', connection: 'close' };
      const timeout = answerMsMax;
      sent = request({ port, host: '127.0.0.1', agent, method, path, headers: all, timeout });
    } catch {
      resolve(null);
      return;
    }
    // A target that is no path gets the HTTP library's own page, after a HEAD too.
    sent.on('error', (error) =>
      !path.startsWith('/') || /hang up|ECONNRESET/.test(error.message)
        ? resolve(null)
        : reject(error),
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(null);
    });
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      // A stream never ends by itself.
      if (response.headers['content-type'] === 'text/event-stream') {
        response.destroy();
        resolve({ status, headers: response.headers, text: '' });
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status, headers: response.headers, text }));
      response.on('error', reject);
    });
    // Node writes methods in capitals, and of a HEAD no length: its body would be a request.
    if (isHead(method)) sent.end();
    else sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** Any bytes. What comes back is HTTP or nothing, and only a 2xx may have changed something. */
function sendRaw(edge: Edge, input: Uint8Array): Promise<'accepted' | 'refused'> {
  const { inventory, gateway } = edge.harness;
  const before = inventory.version;
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port: gateway.port, host: '127.0.0.1', noDelay: true });
    const finish = (): void => {
      socket.destroy();
      try {
        promise(text === '' || text.startsWith('HTTP/1.1 '), 'an answer that is not HTTP');
        const good = /^HTTP\/1\.1 2/m.test(text);
        promise(good || inventory.version === before, 'a refused request changed the inventory');
        promise(!text.includes('HTTP/1.1 500'), 'an internal error');
        resolve(good ? 'accepted' : 'refused');
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const auth = `Authorization: Bearer ${edge.token}`;
    const bytes = Buffer.from(Buffer.from(input).toString('latin1').replace('X-Token: 1', auth));
    socket.setTimeout(40, finish);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      socket.setTimeout(5);
    });
    socket.on('close', finish);
    socket.on('error', () => undefined);
    socket.write(bytes);
  });
}

function messages(): fc.Arbitrary<Uint8Array> {
  const type = fc.constantFrom('ping', 'resume', 'pong', '', 7);
  const version = fc.constantFrom(0, 1, -1, 1.5, 2 ** 53, '1', null);
  const value = fc.oneof(
    fc.constantFrom({ type: 'ping' }, { type: 'resume', version: 0 }),
    fc.record({ type, version }),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const packed = value.map((one) => Buffer.from([1, ...encodeBody(one)]));
  return fc.oneof(
    packed,
    value.map((one) => textBytes(`\u0000${JSON.stringify(one)}`)),
  );
}

/** The first byte says whether the rest goes as text or binary. */
function sayOnce(edge: Edge, input: Uint8Array): Promise<'accepted' | 'refused'> {
  const { inventory, wsUrl } = edge.harness;
  const before = inventory.version;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${wsUrl}/v1/events/evt_show1/live`);
    let pongs = 0;
    socket.on('open', () => {
      socket.send(input.subarray(1), { binary: (input[0] ?? 0) % 2 === 1 });
      socket.send('{"type":"ping"}');
    });
    socket.on('message', (data: Buffer) => {
      if (!data.toString().includes('"pong"') || ++pongs > 1) return;
      socket.close();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (inventory.version !== before) reject(new Error('a message changed the inventory'));
      // 1006, 1009: too large or no UTF-8, ended by the library without a word.
      else if (pongs === 0 && ![4400, 1006, 1007, 1009].includes(code)) {
        reject(new Error(`closed with ${code}`));
      } else resolve(pongs > 0 ? 'accepted' : 'refused');
    });
  });
}
