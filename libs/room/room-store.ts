import type { EventId, UserId } from '#libs/inventory/ids.js';
import type {
  Admission,
  EndedAdmission,
  Place,
  Room,
  RoomCounts,
  RoomSettings,
  Settled,
} from './room.js';
import type { RoomKeys, SignedHead } from './signed.js';
import type { TileHashes, TileName } from './tiles.js';

/**
 * Where waiting rooms are kept; what must survive. No rule is here but those that need its order:
 *
 * RS1  A person has one place in a room, at whichever gateway and however often he asks, and an
 *      index is used for nothing but a place: indexes have no gaps.
 * RS2  A join is before the draw, and in it, or behind it.
 * RS3  A change names the revision it was made from; of two at once one is refused. So it does not
 *      matter how many believe to be the keeper.
 * RS4  Nobody is admitted at a position that he has left: of putting him behind and letting him in
 *      at once, one is done.
 * RS5  Nor at one that was given on because he did not come in time: of calling others in his place
 *      and letting him in at once, one is done.
 */
export interface RoomStore {
  /** Of each event the newest: those that are open, and those that closed since `sinceMs`. */
  rooms(sinceMs: number): Promise<readonly Room[]>;
  /** null: the event has one that is open. */
  open(eventId: EventId, settings: RoomSettings, keys: RoomKeys): Promise<Room | null>;
  /** False: the room is another by now. */
  change(room: Room, change: RoomChange): Promise<boolean>;
  /** Ends the time in which who comes takes part in the draw (RS2). */
  endLobby(room: Room): Promise<boolean>;
  /** Of all of them, in any order; none at all: the room is closed. */
  join(roomNo: number, people: readonly Joining[]): Promise<readonly Place[]>;
  place(roomNo: number, userId: UserId): Promise<Place | null>;
  /** Never more than it was; null: he has no place. */
  lowerParty(roomNo: number, userId: UserId, party: number): Promise<Place | null>;
  /** Behind all others, whose turn at `before` is over by now; null: the room is closed. */
  requeue(roomNo: number, userId: UserId, before: number, nowMs: number): Promise<Place | null>;
  /** From index `from` on, in their order. */
  entries(roomNo: number, from: number, most: number): Promise<readonly Buffer[]>;
  /** The tree with more leaves; false: the room is another by now. */
  grow(room: Room, growth: Growth): Promise<boolean>;
  /** Hashes by tile, as far as there are any. */
  tiles(roomNo: number, names: readonly TileName[]): Promise<readonly Buffer[]>;
  /** More are called; false: the room is another by now, or somebody came since it was counted. */
  call(room: Room, call: Call): Promise<boolean>;
  /** null: not yet. */
  calledAt(roomNo: number, position: number): Promise<number | null>;
  /**
   * The first time counts; null: somebody else has it, or he stands elsewhere by now, or came too
   * late (RS4, RS5).
   */
  admit(roomNo: number, admission: Admission): Promise<Admission | null>;
  admission(roomNo: number, position: number): Promise<Admission | null>;
  /** Its owner gives it back. */
  leave(roomNo: number, position: number, nowMs: number): Promise<void>;
  /** Of which it is not known yet what became of them, in the order of positions. */
  unsettled(roomNo: number, most: number): Promise<readonly Admission[]>;
  /** They are over, at the latest now. Of two who say so the first counts. */
  settle(roomNo: number, settled: readonly Settled[], nowMs: number): Promise<void>;
  /** Since then, in any room, of those that were given for longer than until now. */
  endedSince(sinceMs: number, nowMs: number): Promise<readonly EndedAdmission[]>;
  counts(room: Room, nowMs: number): Promise<RoomCounts>;
  /** Removes rows of rooms that were closed before, `most` at a time; how many it removed. */
  sweep(closedBeforeMs: number, most: number): Promise<number>;
}

export interface Call {
  /** Positions below it are called. */
  readonly serving: number;
  readonly pacedUntilMs: number;
  readonly atMs: number;
  /** What it was decided by. */
  readonly counted: Pick<RoomCounts, 'lapsedBelow' | 'claimedLapsing'>;
}

export interface Joining {
  readonly userId: UserId;
  readonly nonce: string;
  readonly party: number;
  readonly entry: Buffer;
}

export interface Growth {
  readonly head: SignedHead;
  readonly peaks: Buffer;
  readonly hashes: readonly TileHashes[];
}

export type RoomChange = Partial<
  Pick<
    Room,
    | 'ratePerMinute'
    | 'activeMax'
    | 'paused'
    | 'drainUpto'
    | 'message'
    | 'placesFree'
    | 'placesHeld'
    | 'placesPaying'
    | 'together'
    | 'pacePercent'
    | 'soldOut'
    | 'closedAtMs'
  >
>;

/** By how many lapsed calls the turnout is told, and by how many admissions how many buy. */
export const turnoutSample = 1_000;
export const settledSample = 1_000;
/** So long an ended admission counts still, until every gateway has heard of it. */
export const endedHeardMs = 2_000;
