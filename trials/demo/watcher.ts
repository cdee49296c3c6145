import { LiveConnection, type LiveListener } from '#libs/client/live-connection.js';
import type { LiveMap } from '#libs/client/live-map.js';
import type { WatcherEvidence } from '#libs/oracle/evidence.js';
import { systemClock } from '#libs/platform/clock.js';
import { MapRecord } from '#libs/testing/map-record.js';
import { webSocketLines } from '#libs/testing/websocket-line.js';
import { now } from './api.js';

/** Far less patient than a visitor's page: what breaks here is mended while somebody looks on. */
const pace = { firstMs: 100, mostMs: 1_000 };
const silentMs = 5_000;
const pulsesMax = 4;

/**
 * One visitor who follows the live seat map over WebSocket. When the connection is lost it comes
 * back by itself, to any gateway, and resumes from the version it has.
 */
export class Watcher {
  readonly #record: MapRecord;
  readonly #connection: LiveConnection;
  #ready: () => void = () => undefined;
  /** Resolves with the first map. */
  readonly ready = new Promise<void>((resolve) => (this.#ready = resolve));

  constructor(
    name: string,
    /** The event that is watched. */
    readonly of: string,
    seatIds: readonly string[],
    nextBase: () => URL,
    ca: string | null = null,
  ) {
    this.#record = new MapRecord(name, seatIds);
    const ports = {
      open: webSocketLines(nextBase, silentMs, ca),
      after: systemClock.after.bind(systemClock),
      random: Math.random,
      nowMs: Date.now,
    };
    const listener: LiveListener = {
      onMap: (frame) => {
        this.#record.note(frame, now());
        this.#ready();
      },
    };
    const options = { pace, pulseMs: silentMs / pulsesMax, pulsesMax };
    this.#connection = new LiveConnection(of, this.#record.map, ports, listener, options);
    this.#connection.open();
  }

  get map(): LiveMap {
    return this.#record.map;
  }

  /** Connections that were lost or could not be made. */
  get reconnects(): number {
    return this.#connection.reconnects;
  }

  /** Why that happened last; empty when it never did. */
  get problem(): string {
    return this.#connection.problem;
  }

  stop(): void {
    this.#connection.close();
  }

  evidence(): WatcherEvidence {
    return this.#record.evidence();
  }
}
