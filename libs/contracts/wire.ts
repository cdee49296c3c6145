import type { By } from '#libs/inventory/by.js';
import type { Answer } from '#libs/inventory/rules/decision.js';
import type { Command } from '#libs/inventory/commands.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type {
  CommandId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
  Version,
} from '#libs/inventory/ids.js';
import type { FrameVersion } from './wire-frame.js';

/**
 * What travels between the clients of the inventory (gateways, payments) and the shards.
 * Frames are binary and written by hand, see wire-codec.ts; these are their decoded shapes.
 */

/** One batch a shard in flight: the first reply frame that names it releases the next. */
export interface CommandBatch {
  /** In which it is written; the answer comes in the same. */
  readonly version: FrameVersion;
  readonly clientId: string;
  readonly batchNo: number;
  readonly items: readonly CommandItem[];
}

export interface CommandItem {
  /** Chosen by the client, unique among its commands in flight; answers are matched by it. */
  readonly correlation: number;
  readonly eventId: EventId;
  readonly commandId: CommandId;
  readonly keyed: boolean;
  readonly userId: UserId;
  /** Wall clock. A shard drops what is past it before deciding. */
  readonly deadlineMs: number;
  readonly request: Command | Query;
  /** Absent: who usually sends such a command. */
  readonly by?: By;
  /** W3C trace id, 32 hex digits. Absent: the one that is made of the command id. */
  readonly trace?: string;
  /** Keyed hash of the buyer's address: 11 letters and digits. Absent: not counted by it. */
  readonly address?: string;
  /** Of the call, 16 hex digits: its request is traced. Absent: it is not (TC1). */
  readonly span?: string;
}

/** Reads that must come from the owner; answered behind the output gate like commands. */
export type Query =
  | { readonly type: 'GetHold'; readonly holdId: HoldId }
  /** The whole seat map, for a gateway's replica. */
  | { readonly type: 'GetSeatMap' }
  /** Owner, epoch, version, counters; for operators. */
  | { readonly type: 'DescribeEvent' };

export interface ReplyBatch {
  readonly version: FrameVersion;
  readonly incarnation: string;
  /** The batch that is released by this frame, 0 when none is. */
  readonly releasedBatchNo: number;
  readonly replies: readonly ItemReply[];
}

export interface ItemReply {
  readonly correlation: number;
  readonly reply: Reply;
}

/** What a shard says to one command or query. Only `answered` and `found` were executed. */
export type Reply =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly replayed: boolean }
  | { readonly kind: 'found'; readonly view: HoldView | SeatMapView | EventView }
  /** Not the owner. `owner` is an incarnation, or null when the asker should choose again. */
  | { readonly kind: 'moved'; readonly owner: string | null; readonly epoch: number }
  | { readonly kind: 'unknown_event' }
  /** A bound was reached (G8). Not executed. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number }
  /** The owner cannot reach the journal, or is starting. Not executed, or outcome unknown. */
  | {
      readonly kind: 'unavailable';
      readonly retryAfterMs: number;
      readonly executed: 'no' | 'unknown';
    }
  /** The command's deadline had passed when its turn came. Not executed. */
  | { readonly kind: 'too_late' };

export interface HoldView {
  readonly type: 'hold_view';
  readonly holdId: HoldId;
  readonly userId: UserId;
  readonly status: 'held' | 'paying';
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: number;
  readonly deadlineMs: number;
}

/** Statuses: one byte a seat, see SeatStatus. */
export interface SeatMapView {
  readonly type: 'seat_map';
  readonly epoch: number;
  readonly version: Version;
  readonly saleStatus: SaleStatusCode;
  readonly statuses: Uint8Array;
  readonly areas: readonly AreaCounts[];
}

export interface AreaCounts {
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
}

export interface EventView {
  readonly type: 'event_view';
  /** Who owns it. Empty: nobody, it is at rest, and this is what its journal says. */
  readonly incarnation: string;
  readonly epoch: number;
  readonly version: Version;
  readonly batchNo: number;
  readonly mailbox: number;
  readonly holds: number;
  readonly free: number;
  readonly held: number;
  readonly booked: number;
  readonly blocked: number;
  readonly saleStatus: SaleStatusCode;
}

/** scheduled: opens by itself or by command. */
export type SaleStatusCode = 'scheduled' | 'open' | 'closed';

/**
 * Changes of one event's map from one version to another, in the order of the journal (G6).
 * A receiver whose version is not `from` must fetch the map. Sent only when durable.
 */
export interface SeatDiff {
  readonly eventId: EventId;
  readonly epoch: number;
  readonly from: Version;
  readonly to: Version;
  /** Flat pairs: seat index, new status, ... Each seat at most once, final status. */
  readonly seats: readonly number[];
  /** Flat groups of four: area index, held, booked, blocked. Absolute counts. */
  readonly areas: readonly number[];
  /** Present when it changed. */
  readonly saleStatus?: SaleStatusCode;
  /** What happened to buyers' holds, for their private frames. */
  readonly notes: readonly HoldNote[];
}

export interface HoldNote {
  readonly userId: UserId;
  readonly holdId: HoldId;
  readonly what: 'held' | 'extended' | 'released' | 'expired' | 'paying' | 'booked' | 'cancelled';
  readonly deadlineMs: number;
}

/** Every limits.heartbeatMs from each shard, and once more when its state changes. */
export interface ShardBeat {
  readonly shardId: string;
  /** shardId and a random suffix; a restarted process has a new one. */
  readonly incarnation: string;
  /** cordoned: takes no new events, keeps those it has. draining: gives them away. */
  readonly state: 'active' | 'cordoned' | 'draining' | 'stopped';
  readonly weight: number;
  readonly host: string;
  readonly pid: number;
  readonly events: number;
  readonly commandsPerSecond: number;
  readonly sentAtMs: number;
}
