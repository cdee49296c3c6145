import type { EventId } from '#libs/inventory/ids.js';

/** Control-plane calls to one shard process, msgpack on subjects.control(incarnation, pattern). */
export interface MoveCall {
  readonly eventId: EventId;
  /** Incarnation of the target. */
  readonly to: string;
}

export type MoveReply =
  | { readonly kind: 'moved'; readonly epoch: number; readonly pauseMs: number }
  /** Nothing changed: the source serves on. */
  | { readonly kind: 'refused'; readonly reason: MoveRefusal }
  /** The event went to somebody; the ownership row says to whom. */
  | { readonly kind: 'lost'; readonly owner: string | null; readonly epoch: number };

export type MoveRefusal =
  'not_owner' | 'already_moving' | 'same_shard' | 'target_not_ready' | 'cancelled' | 'source_busy';

/** Source to target, before the pause: load the event as far as it is durable. */
export interface WarmCall {
  readonly eventId: EventId;
}

export interface WarmReply {
  readonly batchNo: number;
}

/** Source to target, in the pause: it is yours from epoch `fromEpoch` on. */
export interface TakeCall {
  readonly eventId: EventId;
  readonly fromEpoch: number;
  /** The source's last durable batch. */
  readonly batchNo: number;
}

export type TakeReply =
  | { readonly kind: 'taken'; readonly epoch: number }
  | { readonly kind: 'refused'; readonly reason: string };
