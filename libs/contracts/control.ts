import type { EventId } from '#libs/inventory/ids.js';
import type { ShardBeat } from './wire.js';

/** Control-plane calls to one shard process, msgpack on subjects.control(incarnation, pattern). */
export interface MoveCall {
  readonly eventId: EventId;
  /** Incarnation of the target. */
  readonly to: string;
  /** Refuse if the event is at another epoch by now. */
  readonly expectEpoch?: number;
  /** Default: operator. */
  readonly reason?: MoveReason;
}

export type MoveReason = 'operator' | 'drain' | 'rebalance';

export type MoveReply =
  | { readonly kind: 'moved'; readonly epoch: number; readonly pauseMs: number }
  /** Nothing changed: the source serves on. */
  | { readonly kind: 'refused'; readonly reason: MoveRefusal }
  /** The event went to somebody; the ownership row says to whom. */
  | { readonly kind: 'lost'; readonly owner: string | null; readonly epoch: number };

export type MoveRefusal =
  | 'not_owner'
  | 'already_moving'
  | 'same_shard'
  | 'target_not_ready'
  | 'cancelled'
  | 'source_busy'
  | 'too_many_moves'
  | 'epoch_changed';

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

/** What a shard knows of itself and of a page of its events. */
export interface DescribeCall {
  /** `busy`: most commands first, one page. `id`: the pages together are all events. */
  readonly order: 'id' | 'busy';
  /** Events with a greater id only; for the next page. */
  readonly after: EventId | null;
  /** At most limits.describedEventsMax. */
  readonly limit: number;
  /** This one alone. */
  readonly only?: EventId;
}

export interface ShardDescription {
  readonly shardId: string;
  readonly incarnation: string;
  readonly pid: number;
  readonly host: string;
  readonly state: ShardBeat['state'];
  readonly weight: number;
  /** All of them, not only those of this page. */
  readonly eventsOwned: number;
  readonly commandsPerSecond: number;
  readonly leaseAgeMs: number;
  readonly drain: DrainView | null;
  /**
   * Levels of the fact format: the newest it can read, and the one it writes. Absent: a release
   * that knows level 1 alone.
   */
  readonly facts?: { readonly reads: number; readonly writes: number };
  readonly events: readonly DescribedEvent[];
  readonly more: boolean;
}

/** Counts may run ahead of the journal by what is being committed: for operators, not buyers. */
export interface DescribedEvent {
  readonly eventId: EventId;
  readonly epoch: number;
  readonly batchNo: number;
  readonly version: number;
  readonly mailbox: number;
  /** Age of the oldest command that waits, 0 when none does. */
  readonly oldestMailMs: number;
  readonly holds: number;
  readonly free: number;
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
  readonly commandsPerSecond: number;
  /** Since the last command, null when there was none on this shard. */
  readonly idleMs: number | null;
  /** Since this shard began to serve it. */
  readonly ownedMs: number;
  readonly onSale: boolean;
  readonly moving: boolean;
}

export interface DrainCall {
  readonly concurrency: number;
  /** How long it may take, milliseconds. */
  readonly withinMs: number;
}

/** `stuck`: no other shard takes the rest. The shard stays cordoned whatever the end. */
export interface DrainView {
  readonly state: 'running' | 'done' | 'cancelled' | 'late' | 'stuck';
  readonly moved: number;
  readonly left: number;
  readonly elapsedMs: number;
  /** The last refusals, newest last. */
  readonly failures: readonly { readonly eventId: EventId; readonly reason: string }[];
}

/** A move as its source knows it. Times are wall clock, durations milliseconds. */
export interface MoveView {
  readonly eventId: EventId;
  readonly from: string;
  readonly to: string;
  readonly reason: MoveReason;
  readonly startedAtMs: number;
  readonly phase: 'warming' | 'flushing' | 'taking' | 'ended';
  readonly warmMs: number | null;
  /** From the last command that was admitted to the answer of the target. */
  readonly pauseMs: number | null;
  readonly totalMs: number | null;
  readonly outcome: 'moved' | 'lost' | MoveRefusal | null;
  readonly epoch: number | null;
}

/** Asked of every gateway on subjects.watchers. */
export interface WatchersCall {
  readonly eventId: EventId;
}

export interface WatchersReply {
  readonly watchers: number;
}

/** Asked of every gateway on subjects.gateways; those that are not meant answer as well. */
export interface GatewayCall {
  readonly action: 'describe' | 'lame_duck' | 'cancel';
  /** Name of the one that is meant; null = all. */
  readonly name: string | null;
}

export interface GatewayView {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly port: number;
  /** What serves HTTP and WebSocket; older gateways do not say. */
  readonly edge?: 'uws' | 'node';
  /** It lets nobody past a waiting room; older gateways know of none. */
  readonly rooms?: true;
  readonly state: GatewayState;
  /** Since when it is in this state, milliseconds. */
  readonly stateMs: number;
  readonly sockets: number;
  readonly streams: number;
  readonly requestsInFlight: number;
  /** The call meant this gateway and changed its state. */
  readonly changed: boolean;
}

/** `lame_duck`: not ready, still serving. `stopping`: on its way out, cannot be called back. */
export type GatewayState = 'serving' | 'lame_duck' | 'stopping';
