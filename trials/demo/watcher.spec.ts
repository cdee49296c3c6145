import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, type WebSocket } from 'ws';
import { until } from '#libs/testing/until.js';
import { Watcher } from './watcher.js';

let server: WebSocketServer | undefined;
let watcher: Watcher | undefined;

afterEach(() => {
  watcher?.stop();
  server?.clients.forEach((client) => client.terminate());
  server?.close();
});

/** `onSocket` plays the gateway; it gets the path that was asked for. */
async function watch(onSocket: (socket: WebSocket, path: string) => void): Promise<Watcher> {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const listening = server;
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  server.on('connection', (socket, request) => onSocket(socket, request.url ?? ''));
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  watcher = new Watcher('w1', 'evt_x', ['A-1', 'A-2'], () => base);
  return watcher;
}

const snapshot = (version: number, statuses: string) =>
  JSON.stringify({ type: 'snapshot', version, statuses, areas: [] });
const diff = (from: number, to: number, changes: readonly (readonly [number, string])[]) =>
  JSON.stringify({ type: 'diff', from, to, changes });

describe('A watcher of the demo', () => {
  it('follows the map and ignores frames that are about something else', async () => {
    const seen = await watch((socket) => {
      socket.send(snapshot(4, 'ff'));
      socket.send(JSON.stringify({ type: 'pong', version: 4 }));
      socket.send(diff(4, 6, [[1, 'h']]));
    });
    await seen.ready;
    await until(() => seen.map.version === 6, 'version 6 is there');
    expect(seen.evidence()).toMatchObject({ name: 'w1', frames: [{ to: 4 }, { from: 4, to: 6 }] });
    expect([...seen.evidence().finalMap]).toEqual([['A-2', 'held']]);
  });

  it('comes back after a cut connection and resumes from the version it has', async () => {
    const paths: string[] = [];
    const seen = await watch((socket, path) => {
      paths.push(path);
      if (paths.length === 1) socket.send(snapshot(4, 'hf'), () => socket.terminate());
      else socket.send(diff(4, 5, [[0, 'b']]));
    });
    await until(() => seen.map.version === 5, 'version 5 is there');
    expect(paths).toEqual(['/v1/events/evt_x/live', '/v1/events/evt_x/live?version=4']);
    expect(seen.reconnects).toBe(1);
  });
});
