import { afterEach, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { nodeEdge } from './node-edge.js';
import { get, RawClient } from './testing/raw-client.js';
import { SampleApp } from './testing/sample-app.js';

const leavings: (() => void)[] = [];

afterEach(() => leavings.splice(0).forEach((leave) => leave()));

it('keeps nothing of offers that it does not take, however many come', async () => {
  const sockets: Socket[] = [];
  const opened = (message: unknown): unknown =>
    sockets.push((message as { socket: Socket }).socket);
  subscribe('net.server.socket', opened);
  const sample = new SampleApp(nodeEdge);
  leavings.push(
    () => void unsubscribe('net.server.socket', opened),
    () => sample.stop(),
  );
  expect(await sample.listen()).toBe(true);
  const client = new RawClient(sample.port);
  leavings.push(() => client.close());
  const listeners: number[] = [];
  for (let i = 1; i <= 20; i++) {
    await client.say(get('/plain', 'Connection: Upgrade', 'Upgrade: h2c'));
    await client.untilAnswers(i);
    const [socket] = sockets;
    const names = socket.eventNames();
    listeners.push(names.reduce((sum, name) => sum + socket.listenerCount(name), 0));
  }
  expect(listeners[19]).toBe(listeners[1]);
});

it('asks for a body that waits to be asked for, and passes over other expectations', async () => {
  const sample = new SampleApp(nodeEdge);
  leavings.push(() => sample.stop());
  expect(await sample.listen()).toBe(true);
  const client = new RawClient(sample.port);
  leavings.push(() => client.close());
  await client.say(`${get('/plain', 'Expect: the unexpected')}`);
  await client.untilSaid('HTTP/1.1 200 OK');
  await client.say(
    'POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
  );
  await client.untilSaid('HTTP/1.1 100 Continue\r\n\r\n');
  await client.say('hello');
  await client.untilSaid('hello');
});
