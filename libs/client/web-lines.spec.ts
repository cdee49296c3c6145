import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LineEars } from './live-connection.js';
import { socketLines, streamLines, type SocketLike, type StreamLike } from './web-lines.js';

describe('lines of a browser', () => {
  let told: string[];
  const ears: LineEars = {
    frame: (text) => void told.push(text),
    refused: ({ code }) => void told.push(code),
    closed: (why) => void told.push(`closed: ${why}`),
  };

  beforeEach(() => {
    told = [];
  });

  it('open a WebSocket with the token as a subprotocol, and send when it is open', () => {
    const asked: unknown[] = [];
    const sent: string[] = [];
    const socket = { readyState: 0, onmessage: null, onclose: null, onerror: null } as {
      -readonly [K in keyof SocketLike]: SocketLike[K];
    };
    socket.send = (text) => void sent.push(text);
    socket.close = () => void told.push('ended');
    const open = socketLines('https://a.example', (url, protocols) => {
      asked.push([url, protocols]);
      return socket;
    });
    const line = open({ path: '/live?version=4', token: 't1' }, ears);
    expect(asked).toEqual([['wss://a.example/live?version=4', ['holdfast.json', 'bearer.t1']]]);
    line.send?.('too early');
    socket.readyState = 1;
    line.send?.('ping');
    expect(sent).toEqual(['ping']);
    socket.onmessage?.({ data: 'frame' });
    socket.onmessage?.({ data: new Uint8Array(1) });
    socket.onerror?.({});
    socket.onclose?.({ code: 1006 });
    line.end();
    expect(told).toEqual(['frame', 'closed: closed with 1006', 'ended']);
  });

  it('open an event stream with the token in the query, and end it with its first error', () => {
    const asked: string[] = [];
    const stream: StreamLike = {
      onmessage: null,
      onerror: null,
      close: () => void told.push('ended'),
    };
    const open = streamLines('http://a.example', (url) => {
      asked.push(url);
      return stream;
    });
    const line = open({ path: '/live?version=4', token: 'a.b+c' }, ears);
    open({ path: '/live', token: 'x' }, ears);
    open({ path: '/live', token: null }, ears);
    expect(asked).toEqual([
      'http://a.example/live?version=4&token=a.b%2Bc',
      'http://a.example/live?token=x',
      'http://a.example/live',
    ]);
    expect(line.send).toBeUndefined();
    stream.onmessage?.({ data: 'frame' });
    stream.onerror?.({});
    expect(told).toEqual(['frame', 'ended', 'closed: the event stream ended']);
  });
});
