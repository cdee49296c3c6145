import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import { Frontier, leafHash } from './merkle.js';
import { advance } from './pacing.js';
import { roomName, type Room } from './room.js';
import type { Growth, RoomStore } from './room-store.js';
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
 */
export interface Places {
  readonly free: number;
  /** Held or being paid for: they may come back. */
  readonly held: number;
}

export interface KeeperPorts {
  readonly rooms: RoomStore;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** True: something was done, and more may be due. `places`: null where the owner is elsewhere. */
export async function keepRoom(
  { rooms, clock }: KeeperPorts,
  room: Room,
  places: Places | null,
): Promise<boolean> {
  const nowMs = clock.nowMs();
  if (room.closedAtMs !== null || nowMs < room.opensAtMs) return false;
  if (room.entrants === null && nowMs >= room.drawsAtMs) return rooms.endLobby(room);
  if (room.head?.final !== true) return growTree(rooms, room, nowMs);
  if (places !== null && isNews(room, places)) return rooms.change(room, said(places));
  const next = advance(room, await rooms.counts(room, nowMs), nowMs);
  return next !== null && rooms.call(room, next.serving, next.pacedUntilMs, nowMs);
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

const said = ({ free, held }: Places) => ({ placesFree: free, soldOut: free + held === 0 });

const isNews = (room: Room, places: Places): boolean =>
  room.placesFree !== places.free || room.soldOut !== said(places).soldOut;
