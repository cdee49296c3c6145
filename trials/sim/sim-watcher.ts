import type { Room } from '#apps/gateway/live/room.js';
import type { Viewer, ViewerState } from '#apps/gateway/live/viewer.js';
import type { SeatWord, WatchedFrame, WatcherEvidence } from '#libs/oracle/evidence.js';
import { MapHash } from '#libs/oracle/map-hash.js';
import type { Ground } from './ground.js';
import type { SimEvent } from './hall.js';
import type { SimGateway } from './sim-gateway.js';

const words: Readonly<Record<string, SeatWord>> = {
  f: 'free',
  h: 'held',
  b: 'booked',
  x: 'blocked',
};

/** A client of the live map: folds frames, and when its gateway dies goes on at another one. */
export class SimWatcher {
  private readonly frames: WatchedFrame[] = [];
  private readonly words: SeatWord[];
  private readonly hash = new MapHash();
  private version: number | null = null;
  private viewer: SocketViewer | null = null;

  constructor(
    readonly name: string,
    readonly event: SimEvent,
    private readonly ground: Ground,
  ) {
    this.words = event.seatIds.map(() => 'free');
  }

  /** Joins a gateway; later another one, when this one is gone. */
  connect(gateway: SimGateway): void {
    const room = gateway.roomOf(this.event);
    if (room === null) return;
    const viewer: SocketViewer = new SocketViewer(gateway, room, this.version, (payload) =>
      this.hear(viewer, payload),
    );
    this.viewer = viewer;
    viewer.opened();
    gateway.process.onDeath(() => {
      if (this.viewer === viewer) this.viewer = null;
    });
  }

  get connected(): boolean {
    return this.viewer !== null && !this.viewer.orphan;
  }

  /** The socket's buffer is full: frames are lost until it drains. */
  choke(forMs: number): void {
    this.viewer?.choke();
    const { viewer } = this;
    this.ground.clock.after(forMs, () => viewer?.drain());
  }

  leave(): void {
    this.viewer?.left();
    this.viewer = null;
  }

  evidence(): WatcherEvidence {
    const taken = this.words.flatMap((word, seat): [string, SeatWord][] =>
      word === 'free' ? [] : [[this.event.seatIds[seat], word]],
    );
    return { name: this.name, frames: this.frames, finalMap: new Map(taken) };
  }

  private hear(viewer: SocketViewer, payload: string): void {
    if (viewer !== this.viewer) return;
    const frame = JSON.parse(payload) as Frame;
    if (frame.type === 'snapshot') {
      [...frame.statuses].forEach((letter, seat) => this.set(seat, letter));
      this.record('snapshot', frame.version, frame.version);
    } else if (frame.type === 'diff') {
      for (const [seat, letter] of frame.changes) this.set(seat, letter);
      this.record('diff', frame.from, frame.to);
    }
  }

  private record(kind: WatchedFrame['kind'], from: number, to: number): void {
    const receivedAtMs = this.ground.nowMs;
    this.frames.push({ kind, from, to, mapHash: this.hash.value, receivedAtMs });
    this.version = to;
  }

  private set(seat: number, letter: string): void {
    this.hash.change(this.event.seatIds[seat], this.words[seat], words[letter]);
    this.words[seat] = words[letter];
  }
}

type Frame =
  | { readonly type: 'snapshot'; readonly version: number; readonly statuses: string }
  | {
      readonly type: 'diff';
      readonly from: number;
      readonly to: number;
      readonly changes: readonly (readonly [number, string])[];
    }
  | { readonly type: 'hold' };

/** A socket of the room, whose buffer can be full. */
class SocketViewer implements Viewer {
  readonly format = 'json';
  readonly userId = null;
  readonly knownVersion = null;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';
  private full = false;
  private readonly published = (payload: string): void => {
    // As the WebSocket server does: a topic's frame for a full socket is dropped, and told.
    if (this.full) this.room.missed(this);
    else this.hear(payload);
  };

  constructor(
    private readonly gateway: SimGateway,
    private readonly room: Room,
    public resumeFrom: number | null,
    private readonly hear: (payload: string) => void,
  ) {}

  get drained(): boolean {
    return !this.full;
  }

  /** Its room follows a replica that is gone: nothing will come any more. */
  get orphan(): boolean {
    return this.state === 'closed' || this.room.replica.gone;
  }

  opened(): void {
    this.room.join(this);
  }

  send(payload: string | Uint8Array): boolean {
    if (this.full) return false;
    this.hear(payload as string);
    return true;
  }

  follow(): void {
    this.gateway.follow(this.room, this, this.published);
  }

  unfollow(): void {
    this.gateway.unfollow(this.room, this, this.published);
  }

  goodbye(): void {
    this.left();
  }

  choke(): void {
    this.full = true;
  }

  drain(): void {
    this.full = false;
    this.gateway.process.run(() => this.room.drained(this));
  }

  left(): void {
    this.unfollow();
    this.room.leave(this);
  }
}
