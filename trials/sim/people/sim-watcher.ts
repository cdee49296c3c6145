import type { Audience } from '#apps/gateway/live/audience.js';
import type { Viewer, ViewerState } from '#apps/gateway/live/viewer.js';
import { readFrame } from '#libs/client/read-frame.js';
import type { WatcherEvidence } from '#libs/oracle/evidence.js';
import { MapRecord } from '#libs/testing/map-record.js';
import type { Ground } from '../ground/ground.js';
import type { SimEvent } from '../ground/hall.js';
import type { SimGateway } from '../site/sim-gateway.js';

/** A client of the live map: when its gateway dies it goes on at another one. */
export class SimWatcher {
  private readonly record: MapRecord;
  private viewer: SocketViewer | null = null;

  constructor(
    readonly name: string,
    readonly event: SimEvent,
    private readonly ground: Ground,
  ) {
    this.record = new MapRecord(name, event.seatIds);
  }

  /** Joins a gateway; later another one, when this one is gone. */
  connect(gateway: SimGateway): void {
    const audience = gateway.audienceOf(this.event);
    if (audience === null) return;
    const { version } = this.record.map;
    const viewer: SocketViewer = new SocketViewer(gateway, audience, version, (payload) =>
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
    return this.record.evidence();
  }

  private hear(viewer: SocketViewer, payload: string): void {
    if (viewer !== this.viewer) return;
    const frame = readFrame(payload);
    if (frame?.type !== 'snapshot' && frame?.type !== 'diff') return;
    if (!this.record.apply(frame, this.ground.nowMs)) viewer.resume(this.record.map.version);
  }
}

/** A socket of the audience, whose buffer can be full. */
class SocketViewer implements Viewer {
  readonly format = 'json';
  readonly userId = null;
  readonly knownVersion = null;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';
  private full = false;
  private readonly published = (payload: string): void => {
    // As the WebSocket server does: a topic's frame for a full socket is dropped, and told.
    if (this.full) this.audience.missed(this);
    else this.hear(payload);
  };

  constructor(
    private readonly gateway: SimGateway,
    private readonly audience: Audience,
    public resumeFrom: number | null,
    private readonly hear: (payload: string) => void,
  ) {}

  get drained(): boolean {
    return !this.full;
  }

  /** Its audience follows a replica that is gone: nothing will come any more. */
  get orphan(): boolean {
    return this.state === 'closed' || this.audience.replica.gone;
  }

  opened(): void {
    this.audience.join(this);
  }

  send(payload: string | Uint8Array): boolean {
    if (this.full) return false;
    this.hear(payload as string);
    return true;
  }

  follow(): void {
    this.gateway.follow(this.audience, this, this.published);
  }

  unfollow(): void {
    this.gateway.unfollow(this.audience, this, this.published);
  }

  goodbye(): void {
    this.left();
  }

  /** As the client's message would have it. */
  resume(version: number | null): void {
    this.gateway.process.clock.soon(() => this.audience.resume(this, version));
  }

  choke(): void {
    this.full = true;
  }

  drain(): void {
    this.full = false;
    this.gateway.process.run(() => this.audience.drained(this));
  }

  left(): void {
    this.unfollow();
    this.audience.leave(this);
  }
}
