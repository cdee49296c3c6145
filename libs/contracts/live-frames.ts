import type { ErrorCode, ErrorExtras } from './errors.js';
import type { HoldNote, SaleStatusCode } from './wire.js';

/**
 * What a gateway says on a live map, as docs/live-map.md shows it: made by apps/gateway/live, read
 * by libs/client. Seats are named by their index in the layout document, areas by their name.
 */
export type LiveFrame = SnapshotFrame | DiffFrame | HoldFrame | PongFrame | ErrorFrame;
/** Those that make or change the map. */
export type MapFrame = SnapshotFrame | DiffFrame;

export interface AreaFrame {
  readonly area: string;
  readonly capacity: number;
  readonly free: number;
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
}

export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly event_id: string;
  readonly version: number;
  readonly sale_status: SaleStatusCode;
  readonly layout_hash: string;
  /** One letter a seat: f, h, b or x. */
  readonly statuses: string;
  readonly areas: readonly AreaFrame[];
}

export interface DiffFrame {
  readonly type: 'diff';
  readonly from: number;
  readonly to: number;
  /** Each changed seat once, with its letter at `to`. */
  readonly changes: readonly (readonly [seat: number, letter: string])[];
  /** Those that changed; absent: none. */
  readonly areas?: readonly AreaFrame[];
  /** Absent: as before. */
  readonly sale_status?: SaleStatusCode;
  /** Hold frames may have been lost. */
  readonly holds_unknown?: boolean;
}

/** What became of a reservation of whoever gave the token. */
export interface HoldFrame {
  readonly type: 'hold';
  readonly reservation_id: string;
  readonly status: HoldNote['what'];
  readonly expires_at: string;
}

/** How the waiting room of an event stands, whole; on lines that were opened with `only=room`. */
export interface RoomFrame {
  readonly type: 'room';
  /** Another one: another room. */
  readonly room: string;
  readonly phase: 'scheduled' | 'lobby' | 'drawing' | 'serving' | 'closed';
  readonly opens_at: string;
  readonly draws_at: string;
  readonly joined: number;
  /** Positions below it were called. */
  readonly serving: number;
  readonly called_per_minute: number;
  readonly paused: boolean;
  readonly sold_out: boolean;
  readonly places_free: number | null;
  readonly places_held: number | null;
  readonly places_paying: number | null;
  /** How many parties of one, of two, … could sit together. */
  readonly together: number[] | null;
  readonly message: string;
}

export interface PongFrame {
  readonly type: 'pong';
  readonly version: number;
  /** The gateway's clock, milliseconds since 1970; absent: of an older one. */
  readonly now_ms?: number;
}

/** The last frame of a connection. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly error: LiveError;
}

export interface LiveError extends ErrorExtras {
  readonly code: ErrorCode;
  readonly message: string;
}
