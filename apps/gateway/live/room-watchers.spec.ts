import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { EventId } from '#libs/inventory/ids.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { createRoomKeys } from '#libs/room/signed.js';
import { until } from '#libs/testing/until.js';

import { loadedEdges } from '../edge/testing/loaded-edges.js';
import type { KnownRoom } from '../room/room-book.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../testing/harness.js';
import { LiveClient, refusedUpgrade, type Frame } from '../testing/live-client.js';
import { RoomWatchers } from './room-watchers.js';

const hourMs = 3_600_000;
const nonce = 'a-nonce-of-sixteen-or-more';

function openRoom(rooms: MemoryRooms) {
  const nowMs = Date.now();
  const times = { opensAtMs: nowMs - 1_000, drawsAtMs: nowMs + hourMs };
  const bounds = { ratePerMinute: 600, activeMax: 10, claimMs: 60_000, admissionMs: 60_000 };
  return rooms.open(fakeEventId, { ...times, ...bounds, partyMax: 4 }, createRoomKeys());
}

describe.each(loadedEdges)('a waiting room that is watched over %s', (edge) => {
  let harness: Harness;
  let url: string;

  beforeEach(async () => {
    harness = await startHarness({ edge });
    url = `/v1/events/${fakeEventId}/live?only=room`;
  });
  afterEach(() => harness.stop());

  const known = async (): Promise<boolean> =>
    (await harness.call('GET', `/v1/events/${fakeEventId}/queue/serving`)).status === 200;
  async function join(): Promise<void> {
    const { token } = await harness.session();
    await harness.call('POST', `/v1/events/${fakeEventId}/queue`, { token, body: { nonce } });
  }

  it('is heard at once and with each change, without any map', async () => {
    await openRoom(harness.rooms);
    await until(known, 'the gateway knows the room');
    const client = new LiveClient(harness.wsUrl + url);
    await client.untilFrame('room');
    expect(client.frame('room')).toMatchObject({ phase: 'lobby', joined: 0, serving: 0 });
    await join();
    await until(() => client.frame('room')?.joined === 1, 'the change was heard');
    client.send({ type: 'ping' });
    await client.untilFrame('pong');
    expect(client.frames.map(({ type }) => type)).toEqual(['room', 'room', 'pong']);
    expect(harness.inventory.statuses.every((status) => status === 0)).toBe(true);
    client.close();
  });

  it('is heard as events where no WebSocket gets through', async () => {
    await openRoom(harness.rooms);
    await until(known, 'the gateway knows the room');
    const abort = new AbortController();
    const headers = { accept: 'text/event-stream' };
    const response = await fetch(harness.url + url, { headers, signal: abort.signal });
    const frames: Frame[] = [];
    const read = async (): Promise<void> => {
      let text = '';
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString();
        frames.length = 0;
        for (const [, data] of text.matchAll(/^data: (.*)$/gm)) {
          frames.push(JSON.parse(data) as Frame);
        }
      }
    };
    const reading = read().catch(() => undefined);
    await until(() => frames.length === 1, 'the first frame came');
    await join();
    await until(() => frames.at(-1)?.joined === 1, 'the change was heard');
    abort.abort();
    await reading;
  });

  it('is refused where there is none, and what is no room is no line', async () => {
    const none = { status: 404, code: 'room_not_found' };
    expect(await refusedUpgrade(harness.wsUrl + url)).toEqual(none);
    const headers = { accept: 'text/event-stream' };
    expect(await harness.call('GET', url, { headers })).toMatchObject(none);
    const other = url.replace('only=room', 'only=map');
    const invalid = { status: 400, code: 'invalid_request' };
    expect(await refusedUpgrade(harness.wsUrl + other)).toEqual(invalid);
    expect(await harness.call('GET', other, { headers })).toMatchObject(invalid);
  });
});

describe('those who watch a waiting room', () => {
  const eventId = 'evt_a' as EventId;

  async function scene() {
    const published: string[] = [];
    const room = (await openRoom(new MemoryRooms()))!;
    let now: KnownRoom | null = { room, name: 'evt_a/1', calledPerMinute: 0 } as KnownRoom;
    const watchers = new RoomWatchers({
      app: { publish: (topic, text) => (published.push(`${topic} ${String(text)}`), true) },
      rooms: { of: () => now },
      clock: { nowMs: () => room.opensAtMs },
    });
    const change = (nextIndex: number | null): void => {
      now = nextIndex === null ? null : { ...now!, room: { ...room, nextIndex } };
      watchers.tell();
    };
    const viewer = () => {
      const sent: string[] = [];
      const send = (text: string | Uint8Array): boolean => sent.push(String(text)) > 0;
      return { sent, send, follow: () => undefined };
    };
    return { watchers, published, change, viewer };
  }

  it('are told once of each change, and of nothing while it stands still (RWT1)', async () => {
    const { watchers, published, change, viewer } = await scene();
    change(1);
    expect(published).toEqual([]);
    const [socket, stream] = [viewer(), viewer()];
    const leave = watchers.add(eventId, socket, 'socket');
    watchers.add(eventId, stream, 'stream');
    change(1);
    expect([published.length, socket.sent.length, stream.sent.length]).toEqual([0, 1, 1]);
    change(2);
    change(2);
    expect([published.length, socket.sent.length, stream.sent.length]).toEqual([1, 1, 2]);
    leave();
    change(3);
    expect([published.length, stream.sent.length]).toEqual([1, 3]);
  });

  it('hear how it is now when they come, and no more of a room that is gone (RWT2)', async () => {
    const { watchers, published, change, viewer } = await scene();
    watchers.add(eventId, viewer(), 'socket')();
    change(5);
    const late = viewer();
    watchers.add(eventId, late, 'socket');
    expect(JSON.parse(late.sent[0])).toMatchObject({ type: 'room', room: 'evt_a/1', joined: 5 });
    change(null);
    expect(published).toEqual([]);
  });
});
