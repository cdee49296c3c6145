import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

let server: Server;
let proxy: TcpProxy;
let client: Socket;
let serverHeardEnd: boolean;
let heard: string;

/** The server says everything back. */
beforeEach(async () => {
  serverHeardEnd = false;
  heard = '';
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('end', () => (serverHeardEnd = true));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startTcpProxy((server.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  client.on('data', (bytes) => (heard += bytes.toString()));
  client.on('error', () => undefined);
  client.write('0');
  await until(() => heard === '0', 'the first echo');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  server.close();
});

describe('the proxy', () => {
  it('keeps bytes back while it is jammed, and delivers all of them in order', async () => {
    proxy.jam();
    for (let i = 1; i < 10; i++) client.write(String(i));
    const other = connect(proxy.port, '127.0.0.1');
    await until(() => proxy.connections === 2, 'connections are still taken');
    other.destroy();
    expect([heard, client.closed]).toEqual(['0', false]);
    proxy.flow();
    await until(
      () => heard === '0123456789',
      () => `all bytes, got ${heard}`,
    );
  });

  it('delays both directions, and nothing overtakes when the delay ends', async () => {
    proxy.delay(60);
    const startedAtMs = performance.now();
    client.write('1');
    await until(() => heard === '01', 'the delayed echo');
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(119);
    client.write('2');
    proxy.delay(0);
    client.write('3');
    await until(
      () => heard === '0123',
      () => `the rest in order, got ${heard}`,
    );
  });

  it('closes one half: the server hears the end, and the client may still listen', async () => {
    proxy.halfClose();
    await until(() => serverHeardEnd, 'the server hears the end');
    expect(client.closed).toBe(false);
  });

  it('cuts the answer of the next request, which has arrived', async () => {
    proxy.cutBeforeNextAnswer();
    client.write('1');
    await until(() => client.closed, 'the client is cut');
    expect(heard).toBe('0');
  });
});
