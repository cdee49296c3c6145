import type { LiveError, PongFrame, RoomFrame } from '#libs/contracts/live-frames.js';
import { BackOff, type Pace } from './back-off.js';
import type { Line, LivePorts } from './live-connection.js';

/**
 * Hears how a waiting room goes on, over a line that breaks: no map comes with it, so that waiting
 * for hours costs a phone little. The rules of docs/live-map.md, for `?only=room`.
 *
 * RML1  There is one line at a time; what an older one still says is not heard.
 * RML2  It comes back when it was told to and never earlier; by its own back-off when it was not
 *       told.
 * RML3  `live` only while frames can come: whoever asks instead asks while it is not.
 */
export interface RoomListener {
  readonly onRoom: (frame: RoomFrame) => void;
  readonly onLive?: (live: boolean) => void;
}

const pace: Pace = { firstMs: 500, mostMs: 30_000 };
const pulseMs = 10_000;
/** Pulses without a sign of life. */
const silentMax = 3;

interface Session {
  line: Line | null;
  silent: number;
  /** Told by the gateway. */
  waitMs: number | null;
}

export class RoomLine {
  live = false;
  readonly #backOff: BackOff;
  #session: Session | null = null;
  #cancel: () => void = () => undefined;

  constructor(
    private readonly eventId: string,
    private readonly ports: LivePorts,
    private readonly listener: RoomListener,
  ) {
    this.#backOff = new BackOff(pace, ports.random);
  }

  open(): void {
    if (this.#session !== null) return;
    this.#cancel();
    const session: Session = { line: null, silent: 0, waitMs: null };
    this.#session = session;
    const path = `/v1/events/${encodeURIComponent(this.eventId)}/live?only=room`;
    const line = this.ports.open(
      { path, token: null },
      {
        frame: (text) => this.#hear(session, text),
        refused: ({ retry_after_ms: ms }) => {
          if (ms !== undefined) session.waitMs = this.#backOff.spread(ms);
        },
        closed: () => this.#lost(session),
      },
    );
    if (this.#session !== session) return line.end();
    session.line = line;
    this.#pulse(session);
  }

  close(): void {
    const line = this.#session?.line;
    this.#session = null;
    this.#cancel();
    line?.end();
    this.#tell(false);
  }

  #hear(session: Session, text: string): void {
    if (this.#session !== session) return;
    session.silent = 0;
    const frame = JSON.parse(text) as RoomFrame | PongFrame | { type: 'error'; error: LiveError };
    if (frame.type === 'error') session.waitMs = frame.error.retry_after_ms ?? null;
    if (frame.type !== 'room') return;
    this.#backOff.reset();
    this.#tell(true);
    this.listener.onRoom(frame);
  }

  /** RML1, RML2 */
  #lost(session: Session): void {
    if (this.#session !== session) return;
    this.close();
    const waitMs = session.waitMs ?? this.#backOff.next();
    this.#cancel = this.ports.after(waitMs, () => this.open());
  }

  /** A line that goes one way cannot be asked; its silence says nothing. */
  #pulse(session: Session): void {
    this.#cancel = this.ports.after(pulseMs, () => {
      const { line } = session;
      if (line?.send !== undefined) {
        session.silent += 1;
        if (session.silent > silentMax) return this.#lost(session);
        line.send('{"type":"ping"}');
      }
      this.#pulse(session);
    });
  }

  #tell(live: boolean): void {
    if (this.live === live) return;
    this.live = live;
    this.listener.onLive?.(live);
  }
}
