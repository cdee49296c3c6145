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
  /** Before what it stands: holds alone (default), or the map as well. */
  readonly scope?: 'hold' | 'map';
  /** Whether everybody may hold where a gateway has not heard of rooms for long. Default: no. */
  readonly failsOpen?: boolean;
}

export interface Room extends Required<RoomSettings> {
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
  /** It closes by itself when positions below it were called; null: it goes on. */
  readonly drainUpto: number | null;
  readonly placesFree: number | null;
  /** By people who have not begun to pay, and by those who have. */
  readonly placesHeld: number | null;
  readonly placesPaying: number | null;
  /** How many parties of one, of two, … could sit together; null: nobody has said. */
  readonly together: readonly number[] | null;
  /** How much of the rate there is, by how quickly the owner and payments answer. */
  readonly pacePercent: number;
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

/**
 * Whether a party can sit together: `now`; `held` when there is no such place and some of what is
 * held or being paid for may come back; or not any more. null: nobody has said.
 */
export function fitOf({ together, placesHeld, placesPaying }: Room, party: number): Fit | null {
  if (together === null) return null;
  if ((together[party - 1] ?? 0) > 0) return 'now';
  return (placesHeld ?? 0) + (placesPaying ?? 0) > 0 ? 'held' : 'no';
}

export type Fit = 'now' | 'held' | 'no';

export interface Admission {
  readonly position: number;
  readonly userId: UserId;
  readonly party: number;
  /** Earlier than it was given for, when its owner has bought what he came for or has left. */
  readonly untilMs: number;
}

/** One that ended before its time: its owner shows a token that says more than he has. */
export interface EndedAdmission {
  readonly roomNo: number;
  readonly userId: UserId;
  /** Until when it was given. */
  readonly givenUntilMs: number;
}

/** Of an admission that is over: places that its owner has bought. */
export interface Settled {
  readonly position: number;
  readonly bought: number;
}

/** What pacing goes by. */
export interface RoomCounts {
  /** Admitted, and their time is not over. */
  readonly active: number;
  /** Positions below it have lapsed, if nobody came. */
  readonly lapsedBelow: number;
  /** Admitted at `lapsedBelow` and above. */
  readonly claimedSince: number;
  /** Admitted below it, at positions that the last call did not give on yet. */
  readonly claimedLapsing: number;
  /** Of the last positions below `lapsedBelow`: how many there are, and how many came. */
  readonly lapsedSample: number;
  readonly claimedSample: number;
  /** People of those who are admitted now. */
  readonly activePeople: number;
  /** Of the last admissions that are over: how many, their people, and what these have bought. */
  readonly settledSample: number;
  readonly settledPeople: number;
  readonly boughtPlaces: number;
}
