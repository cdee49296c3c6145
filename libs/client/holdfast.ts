import { withFallback } from './line-fallback.js';
import {
  LiveConnection,
  type LiveListener,
  type LiveOptions,
  type LivePorts,
  type OpenLine,
} from './live-connection.js';
import { LiveMap, type SeatListener } from './live-map.js';
import { RoomLine, type RoomListener } from './room-line.js';
import { RestClient } from './rest-client.js';
import { ServerClock } from './server-clock.js';
import { TypedClient } from './typed-client.js';
import { socketLines, streamLines, type SocketLike, type StreamLike } from './web-lines.js';
import { webSender, type Fetch } from './web-sender.js';

/**
 * A gateway as a page or a program sees it: typed calls, live maps, and the server's time. It needs
 * nothing but what every browser and Node has, and is given it: see docs/how-to/embed.md.
 */
export class Holdfast {
  readonly clock: ServerClock;
  readonly api: TypedClient;
  readonly #platform: Platform;
  readonly #kinds: readonly OpenLine[];
  readonly #open: OpenLine;

  /** `base`: origin of the gateway, `https://tickets.example`. */
  constructor(base: string, platform: Platform) {
    const { after, nowMs, random } = platform;
    this.#platform = platform;
    this.clock = new ServerClock(nowMs);
    const pause = (ms: number) => new Promise<void>((resolve) => void after(ms, resolve));
    const send = webSender(base, { fetch: platform.fetch, after, nowMs, clock: this.clock });
    this.api = new TypedClient(new RestClient({ send, pause, now: nowMs, random }));
    this.#kinds = [
      ...(platform.openSocket === null ? [] : [socketLines(base, platform.openSocket)]),
      ...(platform.openStream === null ? [] : [streamLines(base, platform.openStream)]),
    ];
    this.#open = withFallback(this.#kinds, { after });
  }

  /** The event's live map: `open()` begins, `close()` ends it. */
  follow(
    eventId: string,
    listener: FollowListener = {},
    options: LiveOptions = {},
  ): LiveConnection {
    const map = new LiveMap(listener.onSeat);
    const more = { clock: this.clock, ...options };
    return new LiveConnection(eventId, map, this.#livePorts(this.#open), listener, more);
  }

  /** How the event's waiting room goes on, and nothing of the map. */
  followRoom(eventId: string, listener: RoomListener): RoomLine {
    const { after } = this.#platform;
    // That a room refuses a line says nothing of the lines of maps.
    const open = withFallback(this.#kinds, { after });
    return new RoomLine(eventId, this.#livePorts(open), listener);
  }

  #livePorts(open: OpenLine): LivePorts {
    const { after, nowMs, random } = this.#platform;
    return { open, after, nowMs, random };
  }
}

export interface FollowListener extends LiveListener {
  readonly onSeat?: SeatListener;
}

export interface Platform {
  readonly fetch: Fetch;
  /** null: has none. At least one of the two. */
  readonly openSocket: ((url: string, protocols: string[]) => SocketLike) | null;
  readonly openStream: ((url: string) => StreamLike) | null;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly nowMs: () => number;
  readonly random: () => number;
}

/** What a browser's `window` has, and Node's `globalThis`; of the two lines one is enough. */
export interface WebGlobals {
  readonly fetch: Fetch;
  readonly WebSocket?: new (url: string, protocols: string[]) => SocketLike;
  readonly EventSource?: new (url: string) => StreamLike;
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
  readonly Date: { now(): number };
  readonly Math: { random(): number };
}

export function webPlatform(web: WebGlobals): Platform {
  const { WebSocket, EventSource } = web;
  if (WebSocket === undefined && EventSource === undefined) {
    throw new Error('neither WebSocket nor EventSource: give a Platform of your own');
  }
  return {
    fetch: (url, init) => web.fetch(url, init),
    openSocket: WebSocket === undefined ? null : (url, protocols) => new WebSocket(url, protocols),
    openStream: EventSource === undefined ? null : (url) => new EventSource(url),
    after: (delayMs, callback) => {
      const timer = web.setTimeout(callback, delayMs);
      return () => web.clearTimeout(timer as never);
    },
    nowMs: () => web.Date.now(),
    random: () => web.Math.random(),
  };
}
