import { expect, it } from '@jest/globals';
import WebSocket from 'ws';

import { until } from '#libs/testing/until.js';

import type { World } from './edge.features.js';
import { get } from './testing/raw-client.js';
import { backpressureMax, payloadMax, umlauts, type SampleSeed } from './testing/sample-app.js';

interface Watcher {
  readonly socket: WebSocket;
  readonly got: string[];
  code: number | null;
}

const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const handshake = (path: string): string =>
  get(path, 'Connection: Upgrade', 'Upgrade: websocket', key, 'Sec-WebSocket-Version: 13');

interface Watchers {
  readonly watch: (room: string, protocols?: string[]) => Watcher;
  /** Once the server knows it too. */
  readonly opened: (room: string) => Promise<Watcher & { seed: SampleSeed }>;
}

function watchersOf(world: World): Watchers {
  function watch(room: string, protocols: string[] = []): Watcher {
    const { sample, leavings } = world();
    const socket = new WebSocket(`ws://127.0.0.1:${sample.port}/live/${room}`, protocols);
    const watcher: Watcher = { socket, got: [], code: null };
    socket.on('message', (data: Buffer, isBinary) => {
      watcher.got.push(`${isBinary ? 'bytes' : 'text'} ${data.toString()}`);
    });
    socket.on('close', (code) => (watcher.code = code));
    socket.on('error', () => undefined);
    leavings.push(() => socket.terminate());
    return watcher;
  }

  async function opened(room: string): Promise<Watcher & { seed: SampleSeed }> {
    const { seeds } = world().sample;
    const before = seeds.length;
    const watcher = watch(room);
    await until(() => watcher.socket.readyState === WebSocket.OPEN, 'the socket is open');
    await until(() => seeds.length > before, 'the server knows it');
    return Object.assign(watcher, { seed: seeds[before] });
  }

  return { watch, opened };
}

/** The WebSockets of EG3 to EG6. */
export function socketFeatures(world: World): void {
  const watchers = watchersOf(world);
  messageFeatures(world, watchers);
  topicFeatures(world, watchers);
  endFeatures(watchers);
  pingFeatures(world, watchers);
}

const ended = (watcher: Watcher): Promise<void> =>
  until(() => watcher.code !== null, 'the client saw the end');

function messageFeatures(world: World, { watch }: Watchers): void {
  it('carry text and bytes both ways, under the protocol that was chosen', async () => {
    const watcher = watch('a', ['first', 'second', 'bearer.token']);
    await until(() => watcher.socket.readyState === WebSocket.OPEN, 'it is open');
    expect(watcher.socket.protocol).toBe('second');
    watcher.socket.send('n\u00e4mes');
    watcher.socket.send(Buffer.from('raw'));
    await until(() => watcher.got.length === 2, 'both came back');
    expect(watcher.got).toEqual(['text n\u00e4mes', 'bytes raw']);
    const long = 'l'.repeat(70_000);
    world().sample.seeds[0].socket?.send(long);
    world().sample.app.publish('to/a', umlauts.repeat(30));
    await until(() => watcher.got.length === 4, 'long ones came');
    expect(watcher.got.slice(2)).toEqual([`text ${long}`, `text ${umlauts.repeat(30)}`]);
  });

  it('can be refused with a status, and are never open then', async () => {
    const client = world().client();
    await client.say(handshake('/live/closed'));
    await client.untilSaid('{"why":"closed"}');
    expect(client.statuses).toEqual(['403']);
    expect(world().sample.seeds).toEqual([]);
  });

  it('are not begun behind a request that waits for its answer (EG2)', async () => {
    const { sample, client } = world();
    const eager = client();
    await eager.say(get('/late'), handshake('/live/a'));
    await eager.untilClosed();
    expect(eager.text).toBe('');
    expect(sample.seeds).toEqual([]);
    expect(sample.aborted).toBe(1);
  });

  it('need a key: without one the request is like any other', async () => {
    const client = world().client();
    await client.say(handshake('/live/a').replace(`${key}\r\n`, ''));
    await client.untilSaid('no socket');
    expect(client.statuses).toEqual(['200']);
  });
}

function topicFeatures(world: World, { watch, opened }: Watchers): void {
  it('get what is published to their topics, in order, and nothing else', async () => {
    const { app } = world().sample;
    const [one, two, other] = [await opened('a'), await opened('a'), await opened('b')];
    app.publish('to/a', 'first');
    one.seed.socket?.send('between');
    app.publish('to/a', Buffer.from('second'), true);
    await until(() => one.got.length === 3 && two.got.length === 2, 'they came');
    expect(one.got).toEqual(['text first', 'text between', 'bytes second']);
    two.socket.send('leave');
    await until(() => two.seed.events.includes('text leave'), 'one left');
    app.publish('to/a', 'third');
    app.publish('to/b', 'for b');
    await until(() => one.got.length === 4 && other.got.length === 1, 'they came');
    expect(two.got).toHaveLength(2);
    expect(other.got).toEqual(['text for b']);
  });

  it('that are slow are skipped from a bound on, and get the next when they drained', async () => {
    const { app } = world().sample;
    const slow = await opened('a');
    const quick = await opened('a');
    slow.socket.pause();
    const frame = 'f'.repeat(32 * 1024);
    let published = 0;
    await until(() => {
      if (quick.got.length >= published - 4 && !slow.seed.events.includes('dropped')) {
        app.publish('to/a', frame);
        published += 1;
      }
      return slow.seed.events.includes('dropped') && quick.got.length === published;
    }, 'the slow one was skipped');
    const waiting = slow.seed.socket?.getBufferedAmount() ?? 0;
    expect(waiting).toBeGreaterThan(backpressureMax);
    expect(waiting).toBeLessThanOrEqual(backpressureMax + frame.length + 64);
    expect(slow.seed.socket?.send('dropped too')).toBe(2);
    slow.socket.resume();
    await until(() => slow.seed.events.at(-1) === 'drained', 'it drained');
    expect(slow.got.length).toBeLessThan(published);
    app.publish('to/a', 'next');
    await until(() => slow.got.at(-1) === 'text next', 'the next one came');
    expect(slow.got.at(-2)?.length).toBe(frame.length + 5);
  });

  it('of one loop may end and begin while others are written to', async () => {
    const { app, seeds } = world().sample;
    const rooms = Array.from({ length: 20 }, () => watch('a'));
    await until(() => seeds.length === 20, 'all are open');
    rooms.slice(0, 10).forEach(({ socket }) => socket.terminate());
    for (let i = 0; i < 50; i++) app.publish('to/a', `${i}`);
    await until(() => rooms.slice(10).every(({ got }) => got.length === 50), 'all came');
    await until(() => seeds.filter(({ socket }) => socket === null).length === 10, 'ten are gone');
    expect(seeds.filter(({ events }) => events.length > 2)).toEqual([]);
  });
}

function endFeatures({ opened }: Watchers): void {
  it('are told the code of who ended them, once', async () => {
    const byServer = await opened('a');
    byServer.seed.socket?.end(4404, 'event_not_found');
    expect(byServer.seed.events).toEqual(['open', 'close 4404']);
    await ended(byServer);
    expect(byServer.code).toBe(4404);
    const byClient = await opened('a');
    byClient.socket.close(4000);
    await until(() => byClient.seed.events.includes('close 4000'), 'the server saw it');
    const lost = await opened('a');
    lost.socket.terminate();
    await until(() => lost.seed.events.includes('close 1006'), 'the server saw it');
    expect([byServer, byClient, lost].map(({ seed }) => seed.events.length)).toEqual([2, 2, 2]);
  });

  it('are closed by the server at once, with all that waits', async () => {
    const watcher = await opened('a');
    watcher.socket.pause();
    watcher.seed.socket?.send('x'.repeat(16 * 1024 * 1024));
    expect(watcher.seed.socket?.getBufferedAmount()).toBeGreaterThan(0);
    watcher.seed.socket?.close();
    expect(watcher.seed.events).toEqual(['open', 'close 1006']);
    watcher.socket.resume();
    await ended(watcher);
    expect([watcher.code, watcher.got]).toEqual([1006, []]);
  });

  it('tell of pings and pongs', async () => {
    const watcher = await opened('a');
    watcher.socket.ping();
    watcher.socket.pong();
    await until(() => watcher.seed.events.length === 3, 'the server heard both');
    expect(watcher.seed.events).toEqual(['open', 'ping', 'pong']);
  });

  it('end by a message over the limit', async () => {
    const watcher = await opened('a');
    watcher.socket.send('x'.repeat(payloadMax));
    await until(() => watcher.got.length === 1, 'the longest one came back');
    watcher.socket.send('x'.repeat(payloadMax + 1));
    await ended(watcher);
    await until(
      () => watcher.seed.events.at(-1)?.startsWith('close') ?? false,
      'the server saw it',
    );
    expect(watcher.seed.events).toHaveLength(3);
  });
}

function pingFeatures(world: World, { opened }: Watchers): void {
  it('answer pings, also while nobody reads, but in bounded memory', async () => {
    const watcher = await opened('quiet');
    let pongs = 0;
    watcher.socket.on('pong', () => (pongs += 1));
    watcher.socket.ping('x');
    await until(() => pongs === 1, 'the pong came');
    watcher.socket.pause();
    const payload = Buffer.alloc(100);
    const most = (backpressureMax * 12) / payload.length;
    let sent = 0;
    await until(() => {
      for (let i = 0; i < 200; i++) watcher.socket.ping(payload);
      return (sent += 200) > most;
    }, 'many pings were sent');
    watcher.socket.send('after the pings');
    const told = 'text after the pings';
    await until(() => watcher.seed.events.includes(told), 'they were read', 10_000);
    const waiting = watcher.seed.socket?.getBufferedAmount() ?? 0;
    expect(waiting).toBeLessThan(backpressureMax + 64 * 1024);
  });

  it('are pinged when they are quiet, and ended when they do not answer (EG6)', async () => {
    const { sample, client } = world();
    const answers = await opened('quiet');
    let pings = 0;
    answers.socket.on('ping', () => (pings += 1));
    const silent = client();
    await silent.say(handshake('/live/quiet'));
    await silent.untilAnswers(1);
    await until(() => sample.seeds.length === 2, 'the server knows both');
    const [, seed] = sample.seeds;
    await until(() => seed.events.length === 2, 'the silent one was ended', 25_000);
    expect(silent.text).toContain('\x89\x00');
    expect(seed.events).toEqual(['open', 'close 1006']);
    await until(() => pings > 0, 'the other one was pinged too');
    expect(answers.seed.events).toEqual(['open']);
  }, 40_000);
}
