import type { EventId, UserId } from '#libs/inventory/ids.js';
import { positionOf, seedOf } from './draw.js';
import type { SignedHead } from './signed.js';

/** A waiting room as its row has it, and what follows from it. Pure. */
export interface RoomSettings {
  readonly opensAtMs: number;
  /** Who came before is drawn by lot, who comes later stands behind. */
  readonly drawsAtMs: number;
  /** Called at most. */
  readonly ratePerMinute: number;
  /** Admitted at once, at most. */
  readonly activeMax: number;
  /** Within which who was called must come. */
  readonly claimMs: number;
  /** How long he may hold seats then. */
  readonly admissionMs: number;
  readonly partyMax: number;
}

export interface Room extends RoomSettings {
  readonly roomNo: number;
  readonly eventId: EventId;
  /** Grows with each change of what the keeper and operators say. */
  readonly revision: number;
  readonly secret: Buffer;
  readonly signKey: Buffer;
  readonly verifyKey: Buffer;
  readonly nextIndex: number;
  /** How many are drawn from; null: the draw is still to come. */
  readonly entrants: number | null;
  readonly head: SignedHead | null;
  /** Of the tree at `head`, see Frontier. */
  readonly peaks: Buffer;
  /** Positions below it were called. */
  readonly serving: number;
  readonly pacedUntilMs: number | null;
  readonly paused: boolean;
  readonly placesFree: number | null;
  readonly soldOut: boolean;
  readonly message: string;
  readonly closedAtMs: number | null;
}

/**
 * - `scheduled`: nobody can come yet
 * - `lobby`: who comes now takes part in the draw
 * - `drawing`: the draw is due, and nobody is added to it; for a second
 * - `serving`: those who wait are called in the order of their positions
 * - `closed`: nobody needs it any more
 */
export type Phase = 'scheduled' | 'lobby' | 'drawing' | 'serving' | 'closed';

export function phaseOf(room: Room, nowMs: number): Phase {
  if (room.closedAtMs !== null) return 'closed';
  if (room.head?.final === true) return 'serving';
  if (room.entrants !== null) return 'drawing';
  return nowMs < room.opensAtMs ? 'scheduled' : 'lobby';
}

/** What the outside calls it, and what its key signs for. */
export const roomName = ({ eventId, roomNo }: Pick<Room, 'eventId' | 'roomNo'>): string =>
  `${eventId}/${roomNo}`;

export interface Place {
  readonly index: number;
  /** Of who stands behind the draw; null: he took part in it. */
  readonly position: number | null;
  readonly party: number;
  readonly nonce: string;
  readonly userId: UserId;
  readonly entry: Buffer;
}

/** How many are before him in all; null: it is not drawn yet. */
export function placedAt(room: Room, { index, position }: Place): number | null {
  if (position !== null) return position;
  const { head, secret } = room;
  return head?.final === true ? positionOf(seedOf(secret, head.root), head.size, index) : null;
}

export interface Admission {
  readonly position: number;
  readonly userId: UserId;
  readonly party: number;
  readonly untilMs: number;
}

/** What pacing goes by. */
export interface RoomCounts {
  /** Admitted, and their time is not over. */
  readonly active: number;
  /** Positions below it have lapsed, if nobody came. */
  readonly lapsedBelow: number;
  /** Admitted at `lapsedBelow` and above. */
  readonly claimedSince: number;
  /** Of the last positions below `lapsedBelow`: how many there are, and how many came. */
  readonly lapsedSample: number;
  readonly claimedSample: number;
  /** People of those who are admitted now. */
  readonly activePeople: number;
}
