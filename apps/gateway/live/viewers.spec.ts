import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { EdgeResponse, EdgeSocket } from '../edge/edge.js';
import { endSocket, SocketViewer, type SocketSeed } from './socket-viewer.js';
import { LiveSockets, type SocketParts } from './sockets.js';
import { StreamViewer } from './stream-viewer.js';
import { UnreadFrames } from './unread-frames.js';
import type { Viewer } from './viewer.js';

const map = 'x'.repeat(1024 * 1024);
const mapsMax = limits.unreadFramesPerAddressMax / map.length;

/** The line of a client that reads nothing until it is told to. */
class StuckLine {
  waiting = 0;
  closed = 0;
  last = '';

  take(text: string | Uint8Array): boolean {
    this.waiting += text.length;
    this.last = String(text);
    return false;
  }

  asSocket(seed: SocketSeed): EdgeSocket<SocketSeed> {
    return {
      send: (text) => (this.take(text) ? 1 : 0),
      getBufferedAmount: () => this.waiting,
      end: () => undefined,
      close: () => (this.closed += 1),
      subscribe: () => true,
      unsubscribe: () => true,
      getUserData: () => seed,
    };
  }

  asResponse(): EdgeResponse {
    const response: Pick<EdgeResponse, 'write' | 'cork' | 'end' | 'close'> = {
      write: (text) => this.take(text),
      cork: (write) => (write(), response as EdgeResponse),
      end: (text) => (this.take(text ?? ''), response as EdgeResponse),
      close: () => ((this.closed += 1), response as EdgeResponse),
    };
    return response as EdgeResponse;
  }
}

function seedOf(limitKey: string | null): SocketSeed {
  return {
    ...{ eventId: 'evt_a' as EventId, format: 'json', caller: null, resumeFrom: null },
    ...{ addressKey: limitKey ?? '', limitKey, trace: null, bucket: { tokens: 1, atMs: 0 } },
    ...{ place: null, roomOnly: false, roomViewer: null, closed: false, buffered: 0 },
    ...{ admission: '', mapUntilMs: Infinity, cancelAdmission: () => undefined },
    ...{ cancelExpiry: () => undefined, cutOff: () => undefined, leaveRoom: () => undefined },
  };
}

type Kind = (
  line: StuckLine,
  limitKey: string | null,
  frames: UnreadFrames,
) => Viewer & { gone?: () => void };

const kinds: Record<string, Kind> = {
  sockets: (line, limitKey, frames) => {
    const seed = seedOf(limitKey);
    return new SocketViewer({ socket: line.asSocket(seed), seed, frames }, null, 'topic');
  },
  streams: (line, limitKey, frames) => {
    const to = { res: line.asResponse(), userId: null, resumeFrom: null, limitKey, frames };
    return new StreamViewer(to, () => undefined);
  },
};

describe.each(Object.entries(kinds))('%s of people who read nothing', (_kind, viewerOn) => {
  let frames: UnreadFrames;
  beforeEach(() => {
    frames = new UnreadFrames(new VirtualClock());
  });

  it('get maps to the bound of their address, and the next one is closed', () => {
    const lines = Array.from({ length: mapsMax + 10 }, () => new StuckLine());
    for (const line of lines) viewerOn(line, 'a', frames).send(map, 1);
    const waiting = lines.reduce((sum, line) => sum + line.waiting, 0);
    expect(waiting).toBeLessThanOrEqual(limits.unreadFramesPerAddressMax);
    expect(waiting).toBeGreaterThan(limits.unreadFramesPerAddressMax - 2 * map.length);
    expect(frames.cut).toBe(lines.filter(({ closed }) => closed === 1).length);
    expect(frames.cut).toBeGreaterThanOrEqual(10);
    const other = new StuckLine();
    viewerOn(other, 'b', frames).send(map, 1);
    expect([other.closed, other.waiting >= map.length]).toEqual([0, true]);
  });

  it('do not close a map of their neighbours that fits its part', () => {
    const lines = Array.from({ length: mapsMax + 1 }, () => new StuckLine());
    for (const line of lines) viewerOn(line, 'a', frames).send(map, 1);
    const neighbour = new StuckLine();
    viewerOn(neighbour, 'a', frames).send(map.slice(0, 100_000), 1);
    expect([neighbour.closed, neighbour.waiting >= 100_000]).toEqual([0, true]);
  });

  it('are closed without a word that would wait behind what they do not read', () => {
    const line = new StuckLine();
    const viewer = viewerOn(line, 'a', frames);
    viewer.goodbye('shutting_down', {});
    expect([line.closed, line.last.includes('shutting_down')]).toEqual([0, true]);
    const behind = new StuckLine();
    const late = viewerOn(behind, 'a', frames);
    late.send(map, 1);
    late.goodbye('shutting_down', {});
    expect([behind.closed, behind.last.includes('shutting_down')]).toEqual([1, false]);
  });
});

describe('a stream that was written to', () => {
  it('has read it all when another write is taken at once, and counts until then', () => {
    const frames = new UnreadFrames(new VirtualClock());
    const line = new StuckLine();
    const to = { res: line.asResponse(), userId: null, resumeFrom: null, limitKey: 'a', frames };
    let ends = 0;
    const viewer = new StreamViewer(to, () => (ends += 1));
    viewer.send(map, 1);
    viewer.writable();
    expect([viewer.drained, frames.bytes >= map.length]).toEqual([false, true]);
    line.take = () => true;
    viewer.writable();
    expect([viewer.drained, frames.bytes]).toEqual([true, 0]);
    viewer.gone();
    viewer.gone();
    expect(ends).toBe(1);
  });
});

describe('what is unread', () => {
  let clock: VirtualClock;
  let frames: UnreadFrames;
  beforeEach(() => {
    clock = new VirtualClock();
    frames = new UnreadFrames(clock);
  });

  function socketsOf() {
    const events = { get: () => new Promise(() => undefined) };
    const parts = { clock, frames, events, audiences: { sockets: 0 } } as unknown as SocketParts;
    return new LiveSockets(parts, 0, { observe: () => undefined }).behavior();
  }

  it('of a socket that has drained is nothing, before anybody looks at it', () => {
    const [line, seed] = [new StuckLine(), seedOf('a')];
    frames.note(seed, limits.unreadFramesPerAddressMax);
    socketsOf().drain(line.asSocket(seed));
    expect([frames.bytes, seed.buffered, line.closed]).toEqual([0, 0, 0]);
  });

  it('in all is too much: the socket with most is cut at the next look (UF2)', async () => {
    const [line, seed] = [new StuckLine(), seedOf(null)];
    socketsOf().open(line.asSocket(seed));
    line.waiting = limits.unreadFramesMax + 1;
    frames.note(seed, line.waiting);
    await clock.advance(limits.socketLookMs);
    expect([line.closed, frames.cut]).toEqual([1, 1]);
  });

  it('in all is too much: the stream with most is cut at the next look (UF2)', async () => {
    const [line, other] = [new StuckLine(), seedOf(null)];
    const to = { res: line.asResponse(), userId: null, resumeFrom: null, limitKey: 'a', frames };
    const viewer = new StreamViewer(to, () => undefined);
    frames.note(other, limits.unreadFramesMax - map.length);
    other.cutOff = () => void frames.note(other, 0);
    frames.note(viewer, limits.unreadFramesMax);
    await clock.advance(limits.socketLookMs);
    expect([line.closed, viewer.drained, other.buffered > 0]).toEqual([1, true, true]);
  });
});

describe('a socket that ends', () => {
  it('says why while nothing waits in it', () => {
    const line = new StuckLine();
    endSocket(line.asSocket(seedOf(null)), 'token_expired', {});
    expect([line.closed, line.last.includes('token_expired')]).toEqual([0, true]);
  });
});
