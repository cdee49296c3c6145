import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoadPlan } from './plan.js';
import { runLoad } from './run-load.js';

/** A server that answers each request as the test says; it sees the raw text of the request. */
type Behaviour = (request: string, socket: Socket) => void;

let server: Server | undefined;
const sockets = new Set<Socket>();

async function serve(behave: Behaviour): Promise<number> {
  server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => behave(bytes.toString(), socket));
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return (listening.address() as AddressInfo).port;
}

afterEach(() => {
  sockets.forEach((socket) => socket.destroy());
  sockets.clear();
  server?.close();
});

const answer = (status: string, body = '{}') =>
  [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

const plan = (port: number, more: Partial<LoadPlan> = {}): LoadPlan => ({
  host: '127.0.0.1',
  port,
  connections: 2,
  warmUpMs: 0,
  measureMs: 10_000,
  timeoutMs: 300,
  arrivals: { kind: 'closed' },
  requests: {
    method: 'POST',
    path: '/v1/reservations',
    users: [['Authorization: Bearer a'], ['Authorization: Bearer b'], ['Authorization: Bearer c']],
    bodyBefore: '{"seat_ids":["',
    bodyAfter: '"]}',
    values: Array.from({ length: 40 }, (_, i) => `s${String(i).padStart(3, '0')}`),
  },
  ...more,
});

describe('The load generator in a closed loop', () => {
  it('sends every value once, in well-formed requests, with its users in turn', async () => {
    const seen: string[] = [];
    const users = new Set<string>();
    const port = await serve((request, socket) => {
      const [head, body] = request.split('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
      seen.push(...(JSON.parse(body.slice(0, length)) as { seat_ids: string[] }).seat_ids);
      users.add(/Bearer (.)/.exec(head)?.[1] ?? '');
      socket.write(answer('201 Created', '{"reservation_id":"r"}'));
    });
    const result = await runLoad(plan(port));
    expect([...seen].sort()).toEqual(plan(port).requests.values);
    expect([...users].sort()).toEqual(['a', 'b', 'c']);
    expect(result.total).toEqual({ accepted: 40, refused: 0, errors: 0, timeouts: 0 });
    expect(result.exhausted).toBe(true);
    expect(result.sampleBody).toBe('{"reservation_id":"r"}');
    expect(result.latencyUs.p50).toBeGreaterThan(0);
  });

  it('counts refusals and errors apart from what was accepted', async () => {
    const statuses = ['201 Created', '409 Conflict', '503 Service Unavailable', '200 OK'];
    let n = 0;
    const port = await serve((_, socket) => socket.write(answer(statuses[n++ % 4])));
    const result = await runLoad(plan(port));
    expect(result.total).toEqual({ accepted: 20, refused: 10, errors: 10, timeouts: 0 });
    expect(result.statuses).toEqual({ 200: 10, 201: 10, 409: 10, 503: 10 });
  });

  it('puts an answer together that comes in pieces', async () => {
    const port = await serve((_, socket) => {
      const text = answer('201 Created', '{"seat_ids":["s001"]}');
      socket.write(text.slice(0, 30), () => {
        socket.write(text.slice(30, 90), () => socket.write(text.slice(90)));
      });
    });
    const result = await runLoad(plan(port));
    expect(result.total.accepted).toBe(40);
    expect(result.sampleBody).toBe('{"seat_ids":["s001"]}');
  });

  it('counts a connection that breaks as an error, and goes on with a new one', async () => {
    let n = 0;
    const port = await serve((_, socket) => {
      if (n++ === 5) socket.destroy();
      else socket.write(answer('201 Created'));
    });
    const result = await runLoad(plan(port));
    expect(result.total).toEqual({ accepted: 39, refused: 0, errors: 1, timeouts: 0 });
  });

  it('gives up on an answer that does not come, and counts it once', async () => {
    let n = 0;
    const port = await serve((_, socket) => {
      if (n++ !== 5) socket.write(answer('201 Created'));
    });
    const result = await runLoad(plan(port));
    expect(result.total).toEqual({ accepted: 39, refused: 0, errors: 0, timeouts: 1 });
  });

  it('keeps the warm-up out of the measured window', async () => {
    const port = await serve((_, socket) => socket.write(answer('201 Created')));
    const values = Array.from({ length: 90_000 }, (_, i) => String(i).padStart(5, '0'));
    const requests = { ...plan(port).requests, values };
    const result = await runLoad(plan(port, { warmUpMs: 100, measureMs: 100, requests }));
    expect(result.measuredMs).toBeCloseTo(100, 0);
    expect(result.window.accepted).toBeGreaterThan(0);
    expect(result.window.accepted).toBeLessThan(result.total.accepted);
  });

  it('refuses to run without enough users, or with values of unequal width', async () => {
    const { requests } = plan(1);
    await expect(runLoad(plan(1, { connections: 4 }))).rejects.toThrow('users');
    const values = ['a', 'bb'];
    await expect(runLoad(plan(1, { requests: { ...requests, values } }))).rejects.toThrow('width');
  });

  it('says so when the server cannot be reached', async () => {
    const port = await serve(() => undefined);
    server?.close();
    await expect(runLoad(plan(port))).rejects.toThrow('0 of 2 connections');
  });
});

describe('The load generator in an open loop', () => {
  const arrivals = { kind: 'open', perSecond: 200 } as const;

  it('keeps the rate it was given', async () => {
    const port = await serve((_, socket) => socket.write(answer('201 Created')));
    const result = await runLoad(plan(port, { arrivals, measureMs: 150 }));
    expect(result.total.accepted).toBeGreaterThanOrEqual(27);
    expect(result.total.accepted).toBeLessThanOrEqual(31);
  });

  it('charges a stall to every request that was due meanwhile', async () => {
    let n = 0;
    const port = await serve((_, socket) => {
      const delayMs = n++ === 0 ? 150 : 0;
      setTimeout(() => socket.write(answer('201 Created')), delayMs);
    });
    const result = await runLoad(plan(port, { arrivals, connections: 1, measureMs: 1_000 }));
    // 30 of 40 requests were due while the only connection waited for the first answer.
    expect(result.latencyUs.p50).toBeGreaterThan(30_000);
    expect(result.latencyUs.max).toBeGreaterThan(140_000);
  });
});
