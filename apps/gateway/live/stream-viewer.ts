import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';

import type { EdgeResponse } from '../edge/edge.js';
import { encodeFrame, errorFrame } from './frames.js';
import type { FrameReader, UnreadFrames } from './unread-frames.js';
import type { Viewer, ViewerState } from './viewer.js';

/** Keeps proxies and timeouts quiet. */
const comment = ':\n\n';

export interface StreamSeed {
  readonly res: EdgeResponse;
  readonly userId: UserId | null;
  readonly resumeFrom: number | null;
  /** Whose limit its unread frames share; null: it has none. */
  readonly limitKey: string | null;
  readonly frames: UnreadFrames;
}

/**
 * A client of the live map by server-sent events, for networks without WebSocket. The same JSON
 * frames, one event each; the event id is the version, so that a browser that reconnects says with
 * Last-Event-ID where it was.
 */
export class StreamViewer implements Viewer, FrameReader {
  readonly format = 'json';
  knownVersion: number | null = null;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';
  /** At most: all that was written since it last had taken everything. */
  buffered = 0;
  readonly userId: UserId | null;
  readonly limitKey: string | null;
  resumeFrom: number | null;
  private readonly res: EdgeResponse;
  private readonly frames: UnreadFrames;
  private ended = false;

  /** `onEnd`: whoever ends the stream, the server or the client. */
  constructor(
    seed: StreamSeed,
    private readonly onEnd: () => void,
  ) {
    this.userId = seed.userId;
    this.limitKey = seed.limitKey;
    this.resumeFrom = seed.resumeFrom;
    this.res = seed.res;
    this.frames = seed.frames;
  }

  get drained(): boolean {
    return this.buffered === 0;
  }

  /** What fills the client's buffer is still delivered; the client is only not sent any more. */
  send(payload: string | Uint8Array, version: number | null): boolean {
    if (!this.frames.admits(this, payload.length)) return this.cut();
    const id = version === null ? '' : `id: ${version}\n`;
    if (!this.write(`${id}data: ${String(payload)}\n\n`)) return this.cut();
    if (version !== null) this.knownVersion = version;
    return this.drained;
  }

  beat(): void {
    if (this.drained) this.write(comment);
  }

  /** The last frame. `retry` is the field that makes a browser's EventSource wait that long. */
  goodbye(code: ErrorCode, extras: ErrorExtras): void {
    const wait = extras.retry_after_ms;
    const retry = wait === undefined ? '' : `retry: ${Math.ceil(wait)}\n`;
    const frame = encodeFrame(errorFrame(code, extras), 'json');
    if (this.buffered > limits.unreadBeforeLastWordMax) {
      this.cutOff();
      return;
    }
    // Not end(..., true): after the headers it writes another one, into the body.
    this.res.cork(() => this.res.end(`${retry}data: ${String(frame)}\n\n`));
    this.gone();
  }

  /** The network took something; whether all, only another write can tell. */
  writable(): void {
    if (!this.write(comment)) this.cut();
  }

  cutOff(): void {
    this.gone();
    this.res.close();
  }

  /** The client went away, or was sent away. */
  gone(): void {
    if (this.ended) return;
    this.ended = true;
    this.frames.note(this, 0);
    this.onEnd();
  }

  /** Nothing to do: an audience sends to its live streams one by one. */
  follow(): void {}

  unfollow(): void {}

  /** False: too much is left unread. */
  private write(text: string): boolean {
    let taken = true;
    this.res.cork(() => {
      taken = this.res.write(text);
    });
    return this.frames.note(this, taken ? 0 : this.buffered + text.length);
  }

  /** It misses nothing any more. */
  private cut(): true {
    this.frames.cut += 1;
    this.cutOff();
    return true;
  }
}
