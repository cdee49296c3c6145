import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { UserId } from '#libs/inventory/ids.js';

import type { EdgeResponse } from '../edge/edge.js';
import { encodeFrame, errorFrame } from './frames.js';
import type { Viewer, ViewerState } from './viewer.js';

/**
 * A client of the live map by server-sent events, for networks without WebSocket. The same JSON
 * frames, one event each; the event id is the version, so that a browser that reconnects says with
 * Last-Event-ID where it was.
 */
export class StreamViewer implements Viewer {
  readonly format = 'json';
  knownVersion: number | null = null;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';
  drained = true;

  constructor(
    private readonly res: EdgeResponse,
    readonly userId: UserId | null,
    public resumeFrom: number | null,
    /** Whoever ends the stream, the server or the client. */
    private readonly onEnd: () => void,
  ) {}

  /** What fills the client's buffer is still delivered; the client is only not sent any more. */
  send(payload: string | Uint8Array, version: number | null): boolean {
    const id = version === null ? '' : `id: ${version}\n`;
    this.write(`${id}data: ${String(payload)}\n\n`);
    if (version !== null) this.knownVersion = version;
    return this.drained;
  }

  /** A comment that keeps proxies and timeouts quiet. */
  beat(): void {
    if (this.drained) this.write(':\n\n');
  }

  /** The last frame. `retry` is the field that makes a browser's EventSource wait that long. */
  goodbye(code: ErrorCode, extras: ErrorExtras): void {
    const wait = extras.retry_after_ms;
    const retry = wait === undefined ? '' : `retry: ${Math.ceil(wait)}\n`;
    const frame = encodeFrame(errorFrame(code, extras), 'json');
    // Not end(..., true): after the headers it writes another one, into the body.
    this.res.cork(() => this.res.end(`${retry}data: ${String(frame)}\n\n`));
    this.onEnd();
  }

  /** The client went away. */
  gone(): void {
    this.onEnd();
  }

  /** Nothing to do: an audience sends to its live streams one by one. */
  follow(): void {}

  unfollow(): void {}

  private write(text: string): void {
    this.res.cork(() => {
      this.drained = this.res.write(text);
    });
  }
}
