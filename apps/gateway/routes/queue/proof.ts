import type { Static } from 'typebox';

import { commitmentOf, positionOf, seedOf } from '#libs/room/draw.js';
import { headJson } from '#libs/room/evidence.js';
import { consistencyPath, inclusionPath, type Hash } from '#libs/room/merkle.js';
import type { Place } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { pathFromTiles } from '#libs/room/tiles.js';

import type { KnownRoom } from '../../room/room-book.js';
import type { QueueProof } from './schemas.js';

/** `since`: size of a head he saw before; null: none. */
export async function proofOf(
  store: RoomStore,
  { room, name, signer }: KnownRoom,
  { index, nonce, userId, entry }: Place,
  since: number | null,
): Promise<Static<typeof QueueProof> | 'not_in_draw' | 'not_ready'> {
  const { head, secret, entrants, roomNo } = room;
  if (entrants !== null && index >= entrants) return 'not_in_draw';
  if (head === null || index >= head.size) return 'not_ready';
  const read = (names: Parameters<RoomStore['tiles']>[1]) => store.tiles(roomNo, names);
  const path = await pathFromTiles(read, (source) => inclusionPath(index, head.size, source));
  const grown =
    since === null || since > head.size
      ? null
      : await pathFromTiles(read, (source) => consistencyPath(since, head.size, source));
  const drawn = head.final;
  const position = drawn ? positionOf(seedOf(secret, head.root), head.size, index) : null;
  return {
    ...{ room: name, user_id: userId, nonce, index },
    commitment: commitmentOf(secret).toString('hex'),
    verify_key: room.verifyKey.toString('hex'),
    receipt: signer.receipt({ index, entry }).toString('hex'),
    head: headJson(head),
    path: hex(path),
    secret: drawn ? secret.toString('hex') : null,
    position,
    ...(grown === null ? {} : { since_path: hex(grown) }),
  };
}

const hex = (path: readonly Hash[]): string[] => path.map((hash) => hash.toString('hex'));
