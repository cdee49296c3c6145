import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import type { UserId } from '#libs/inventory/ids.js';

import type { Format } from './frames.js';

/** One client of a live map, by WebSocket or by event stream. */
export interface Viewer {
  readonly format: Format;
  /** null: anonymous, gets no private frames. */
  readonly userId: UserId | null;
  /** The version the client says it has; null = it has nothing. */
  resumeFrom: number | null;
  /** What it certainly got, where the transport tells; null = unknown, a snapshot is due. */
  readonly knownVersion: number | null;
  /** Since when a client that is ahead of this replica waits for it; null = it does not. */
  waitsSinceMs: number | null;
  state: ViewerState;
  /** False: it was not taken, or it filled the client's buffer; the viewer is stale from here. */
  send(payload: string | Uint8Array, version: number | null): boolean;
  /** True when nothing waits for the network any more. */
  readonly drained: boolean;
  /** From now on the viewer gets the diffs that follow. */
  follow(): void;
  unfollow(): void;
  /** The last frame, and the end of the connection. */
  goodbye(code: ErrorCode, extras: ErrorExtras): void;
}

/**
 * joining: gets a snapshot or a resume at the next tick. live: has the published version and gets
 * every diff. stale: missed something; gets a snapshot when its buffer has drained. closed: gone.
 */
export type ViewerState = 'joining' | 'live' | 'stale' | 'closed';
