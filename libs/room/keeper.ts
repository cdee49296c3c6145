import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import { Frontier, leafHash } from './merkle.js';
import { advance, noDemand, type Demand } from './pacing.js';
import { roomName, type Room, type Settled } from './room.js';
import type { Growth, RoomChange, RoomStore } from './room-store.js';
import { RoomSigner } from './signed.js';
import { growTiles } from './tiles.js';

/**
 * One step of a room: what is due is done, one thing at a time, each a change of the row that names
 * the revision it was made from (RS3). Keeps nothing between steps, so it may die anywhere, and
 * anybody may go on.
 *
 * KP1  The lobby ends at its time by the row that hands out indexes: who is in is in the draw.
 * KP2  A head is published with the leaves it stands for, and never goes back. The final one has
 *      all who were in.
 * KP3  Nobody is called before the final head is there.
 * KP4  An admission is over when its owner has bought all his party and holds nothing more, and not
 *      first at its end. What he has is what his event's owner has made durable.
 */
export interface Places {
  readonly free: number;
  /** Held or being paid for: they may come back. */
  readonly held: number;
  /** Absent: it is only known how many there are. */
  readonly detail?: PlacesDetail;
}

export interface PlacesDetail {
  /** Of those that are held. */
  readonly paying: number;
  /** Of those that are held: whose time is over within a claim. */
  readonly ending: number;
  /** How many parties of one, of two, … could sit together. */
  readonly together: readonly number[];
  /** What these have of the event, as far as it is durable. */
  readonly buyers: (users: readonly UserId[]) => readonly Purchase[];
}

export interface Purchase {
  readonly held: number;
  /** null: being written. */
  readonly booked: number | null;
}

export interface KeeperPorts {
  readonly rooms: RoomStore;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How much of its rate a room has now (Brake). Absent: all. */
  readonly pacePercent?: number;
}

/** True: something was done, and more may be due. `places`: null where the owner is elsewhere. */
export async function keepRoom(
  { rooms, clock, pacePercent = 100 }: KeeperPorts,
  room: Room,
  places: Places | null,
): Promise<boolean> {
  const nowMs = clock.nowMs();
  if (room.closedAtMs !== null || nowMs < room.opensAtMs) return false;
  if (room.entrants === null && nowMs >= room.drawsAtMs) return rooms.endLobby(room);
  if (room.head?.final !== true) return growTree(rooms, room, nowMs);
  const news = newsOf(room, { pacePercent, ...(places === null ? {} : said(places)) });
  if (news !== null) return rooms.change(room, news);
  if (isDrained(room)) return rooms.change(room, { closedAtMs: nowMs });
  const people = await admittedPeople(rooms, room, places?.detail, nowMs);
  if (people.settled.length > 0) {
    await rooms.settle(room.roomNo, people.settled, nowMs);
    return true;
  }
  const counted = await rooms.counts(room, nowMs);
  const next = advance(room, counted, nowMs, people);
  return next !== null && rooms.call(room, { ...next, atMs: nowMs, counted });
}

/** Whoever stood in it when that was asked for was called, or waits for nothing. */
const isDrained = ({ drainUpto, serving, soldOut }: Room): boolean =>
  drainUpto !== null && (serving >= drainUpto || soldOut);

/** KP4, and what those who are in may still hold. */
async function admittedPeople(
  rooms: RoomStore,
  { roomNo }: Room,
  detail: PlacesDetail | undefined,
  nowMs: number,
): Promise<Demand & { readonly settled: readonly Settled[] }> {
  if (detail === undefined) return { ...noDemand, settled: [] };
  const admitted = await rooms.unsettled(roomNo, limits.roomSettledPerStepMax);
  const purchases = detail.buyers(admitted.map(({ userId }) => userId));
  const settled: Settled[] = [];
  let [seeking, looked] = [0, 0];
  for (const [i, { position, party, untilMs }] of admitted.entries()) {
    const { held, booked } = purchases[i];
    const isDone = held === 0 && booked !== null && (booked >= party || untilMs <= nowMs);
    if (isDone) settled.push({ position, bought: Math.min(booked, party) });
    if (untilMs <= nowMs) continue;
    looked += party;
    seeking += Math.max(0, party - held - (booked ?? 0));
  }
  return { settled, seeking, looked, ending: detail.ending };
}

async function growTree(rooms: RoomStore, room: Room, nowMs: number): Promise<boolean> {
  const size = room.head?.size ?? 0;
  const most = Math.min(limits.roomLeavesPerStepMax, (room.entrants ?? Infinity) - size);
  const entries = most === 0 ? [] : await rooms.entries(room.roomNo, size, most);
  if (entries.length === 0 && room.entrants === null) return false;
  const frontier = Frontier.of(size, room.peaks);
  const hashes = growTiles(frontier, entries.map(leafHash));
  const final = frontier.size === room.entrants;
  const head = { size: frontier.size, root: frontier.root(), atMs: nowMs, final };
  const signed = new RoomSigner(roomName(room), room.signKey).head(head);
  const growth: Growth = { head: signed, peaks: frontier.bytes(), hashes };
  return rooms.grow(room, growth);
}

const said = ({ free, held, detail }: Places): RoomChange => ({
  placesFree: free,
  placesHeld: held - (detail?.paying ?? 0),
  placesPaying: detail?.paying ?? 0,
  together: detail?.together ?? null,
  soldOut: free + held === 0,
});

/** null: the room says all of it already. */
function newsOf(room: Room, change: RoomChange): RoomChange | null {
  const fields = Object.keys(change) as (keyof RoomChange)[];
  const isSaid = fields.every((field) => String(room[field]) === String(change[field]));
  return isSaid ? null : change;
}
