import { errorTable, type ErrorCode, type ErrorExtras } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import type { TraceId } from '#libs/platform/trace.js';

import type { Bucket } from '../admission/token-buckets.js';
import type { Caller } from '../auth/authenticator.js';
import type { EdgeSocket } from '../edge/edge.js';
import { encodeFrame, errorFrame } from './frames.js';
import type { Format } from './frames.js';
import type { Audience } from './audience.js';
import type { UnreadFrames } from './unread-frames.js';
import type { Viewer, ViewerState } from './viewer.js';

/**
 * What an upgrade hands to its socket. uWebSockets.js makes it one object with the socket: a field
 * may not be named like one of the socket's methods.
 */
export interface SocketSeed {
  readonly eventId: EventId;
  readonly format: Format;
  /** A promise for an external token that was not seen before; null = anonymous. */
  readonly caller: Caller | null | Promise<Caller | ErrorCode>;
  resumeFrom: number | null;
  readonly addressKey: string;
  /** Whose limit its messages share; null: it has none. */
  readonly limitKey: string | null;
  /** As the client named it. */
  readonly trace: TraceId | null;
  /** What the client may still say; see limits.socketMessagesPerSecond. */
  readonly bucket: Bucket;
  /** null until the socket was let in, and after it was closed. */
  place: { readonly viewer: SocketViewer; readonly audience: Audience } | null;
  /** It asked for the waiting room alone: it has no place at a map. */
  readonly roomOnly: boolean;
  /** null: it does not watch a room, or not yet. */
  roomViewer: SocketViewer | null;
  leaveRoom: () => void;
  closed: boolean;
  /** Bytes that waited when it was last looked at. */
  buffered: number;
  /** As the client sent it; empty: nothing. */
  readonly admission: string;
  /** Until when a waiting room lets it see the map; Infinity: there was none. */
  mapUntilMs: number;
  cancelAdmission: () => void;
  /** Forgets when its token runs out. */
  cancelExpiry: () => void;
  /** Does nothing until it is open. */
  cutOff: () => void;
}

interface SocketPort {
  readonly socket: EdgeSocket<SocketSeed>;
  readonly seed: SocketSeed;
  readonly frames: UnreadFrames;
}

const sendDropped = 2;

/** A WebSocket as a viewer: diffs reach it by its topic, everything else by send(). */
export class SocketViewer implements Viewer {
  readonly format: Format;
  readonly knownVersion = null;
  resumeFrom: number | null;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';

  constructor(
    private readonly to: SocketPort,
    readonly userId: UserId | null,
    private readonly topic: string,
  ) {
    this.format = to.seed.format;
    this.resumeFrom = to.seed.resumeFrom;
  }

  get drained(): boolean {
    return this.to.socket.getBufferedAmount() === 0;
  }

  send(payload: string | Uint8Array): boolean {
    const { socket, seed, frames } = this.to;
    if (frames.admits(seed, payload.length)) {
      if (socket.send(payload, typeof payload !== 'string') === sendDropped) return false;
      if (frames.note(seed, socket.getBufferedAmount())) return true;
    }
    frames.cut += 1;
    socket.close();
    return true;
  }

  follow(): void {
    this.to.socket.subscribe(this.topic);
  }

  unfollow(): void {
    this.to.socket.unsubscribe(this.topic);
  }

  goodbye(code: ErrorCode, extras: ErrorExtras): void {
    endSocket(this.to.socket, code, extras);
  }
}

/**
 * The table's close code, after a frame that says more than a close code can. Behind unread frames
 * neither would arrive, and what the library keeps of a closed socket nobody counts.
 */
export function endSocket(
  socket: EdgeSocket<SocketSeed>,
  code: ErrorCode,
  extras: ErrorExtras,
): void {
  if (socket.getBufferedAmount() > limits.unreadBeforeLastWordMax) {
    socket.close();
    return;
  }
  socket.send(encodeFrame(errorFrame(code, extras), 'json'), false);
  socket.end(errorTable[code].wsCloseCode ?? 1011, code);
}
