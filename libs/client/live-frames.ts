import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';

/**
 * What a gateway says on a live map, as docs/live-map.md shows it. Seats are named by their index
 * in the layout document, areas by their public name.
 */
export type LiveFrame = SnapshotFrame | DiffFrame | HoldFrame | PongFrame | ErrorFrame;
/** Those that make or change the map. */
export type MapFrame = SnapshotFrame | DiffFrame;

export type SaleStatus = 'scheduled' | 'open' | 'closed';

export interface AreaCounts {
  readonly area: string;
  readonly capacity: number;
  readonly free: number;
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
}

export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly version: number;
  readonly sale_status: SaleStatus;
  readonly layout_hash: string;
  /** One letter a seat: f, h, b or x. */
  readonly statuses: string;
  readonly areas: readonly AreaCounts[];
}

export interface DiffFrame {
  readonly type: 'diff';
  readonly from: number;
  readonly to: number;
  /** Each changed seat once, with its letter at `to`. */
  readonly changes: readonly (readonly [seat: number, letter: string])[];
  /** Absent: no area, no sale status changed. */
  readonly areas?: readonly AreaCounts[];
  readonly sale_status?: SaleStatus;
  /** Hold frames may have been lost. */
  readonly holds_unknown?: boolean;
}

/** What became of a reservation of whoever gave the token. */
export interface HoldFrame {
  readonly type: 'hold';
  readonly reservation_id: string;
  readonly status: 'held' | 'extended' | 'paying' | 'released' | 'expired' | 'booked' | 'cancelled';
  readonly expires_at: string;
}

export interface PongFrame {
  readonly type: 'pong';
  readonly version: number;
}

/** The last frame of a connection. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly error: ErrorBody;
}

export interface ErrorBody extends ErrorExtras {
  readonly code: ErrorCode;
  readonly message: string;
}

const known: ReadonlySet<string> = new Set<LiveFrame['type']>([
  'snapshot',
  'diff',
  'hold',
  'pong',
  'error',
]);

/**
 * A frame from its JSON text; null when it is of no type that is known here: a newer gateway may
 * have more to say, and says nothing in it that the map needs.
 */
export function readFrame(text: string): LiveFrame | null {
  const frame = JSON.parse(text) as LiveFrame | null;
  return frame !== null && known.has(frame.type) ? frame : null;
}
