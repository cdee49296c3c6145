import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

import { Connection } from './connection.js';
import type { EdgeBehavior } from './edge.js';
import { NodeSocket } from './node-socket.js';
import { Topics } from './topics.js';
import { FrameOnce } from './websocket-frames.js';

const maxBackpressure = 1_000;
const payload = Buffer.alloc(100);

/** A network that takes nothing. */
class StuckLine extends Duplex {
  override _write(): void {}
  override _read(): void {}
}

describe('a WebSocket over node:http whose client reads nothing', () => {
  const events: string[] = [];
  const behavior: EdgeBehavior<null> = {
    maxPayloadLength: 100,
    maxBackpressure,
    idleTimeout: 8,
    sendPingsAutomatically: true,
    upgrade: () => undefined,
    open: () => undefined,
    message: () => undefined,
    ping: () => undefined,
    pong: () => undefined,
    dropped: () => void events.push('dropped'),
    drain: () => void events.push('drained'),
    close: () => void events.push('closed'),
  };

  it('is not answered pings beyond what may wait, and misses nothing by it (EG4)', () => {
    const ws = new EventEmitter();
    const connection = new Connection(new StuckLine() as unknown as Socket);
    const around = {
      topics: new Topics(),
      frames: new FrameOnce(),
      nowMs: () => 0,
      onClosed: () => undefined,
    };
    const socket = new NodeSocket(connection, ws as unknown as WebSocket, behavior, null, around);
    for (let i = 0; i < 1_000; i++) ws.emit('ping', payload);
    expect(socket.getBufferedAmount()).toBeGreaterThan(maxBackpressure);
    expect(socket.getBufferedAmount()).toBeLessThanOrEqual(maxBackpressure + payload.length + 2);
    expect(events).toEqual([]);
  });
});
