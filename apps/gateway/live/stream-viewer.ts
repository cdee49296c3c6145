import type { HttpResponse } from 'uWebSockets.js';

import type { UserId } from '#libs/inventory/ids.js';

import type { Viewer, ViewerState } from './viewer.js';

/**
 * A client of the live map by server-sent events, for networks without WebSocket. The same JSON
 * frames, one event each; the event id is the version, so that a browser that reconnects says with
 * Last-Event-ID where it was.
 */
export class StreamViewer implements Viewer {
  readonly format = 'json';
  knownVersion: number | null = null;
  waitUntilMs = 0;
  state: ViewerState = 'joining';
  drained = true;

  constructor(
    private readonly res: HttpResponse,
    readonly userId: UserId | null,
    public resumeFrom: number | null,
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

  end(): void {
    this.res.cork(() => this.res.end());
  }

  /** Nothing to do: a room sends to its live streams one by one. */
  follow(): void {}

  unfollow(): void {}

  private write(text: string): void {
    this.res.cork(() => {
      this.drained = this.res.write(text);
    });
  }
}
