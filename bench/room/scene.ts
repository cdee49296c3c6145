import type pg from 'pg';
import { openPool } from '#libs/database/pool.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { createPostgresRooms, openRoom } from '#libs/room/postgres-rooms.js';
import { roomName, type Room, type RoomSettings } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { createRoomKeys, entryOf } from '#libs/room/signed.js';
import type { FoundSystem } from '#ops/system/own-system.js';
import { BenchEvents } from '../bench-events.js';
import { Generator } from '../load/generator.js';
import { oneGateway } from '../measured-system.js';
import { JsonLine } from './json-line.js';
import { residentMiB } from '../resident.js';

/** A system of one gateway and one shard, and what the bench does behind its back. */
export interface RoomScene {
  readonly found: FoundSystem;
  readonly pool: pg.Pool;
  readonly rooms: RoomStore;
  readonly events: BenchEvents;
  readonly generators: readonly Generator[];
  readonly url: URL;
  readonly line: JsonLine;
}

export async function openScene(): Promise<RoomScene> {
  const found = await oneGateway(null, null);
  const { system } = found;
  const options = { applicationName: 'hf-bench', max: 6, answerWithinMs: 60_000 };
  const pool = openPool(system.databaseUrl, options);
  const url = new URL(system.gatewayUrls[0]);
  return {
    ...{ found, pool, url, rooms: createPostgresRooms(pool) },
    events: BenchEvents.prepare(pool),
    generators: [new Generator(), new Generator(), new Generator()],
    line: new JsonLine(url),
  };
}

export async function closeScene({ found, pool, generators, line }: RoomScene): Promise<void> {
  line.close();
  await Promise.all(generators.map((generator) => generator.stop()));
  await pool.end();
  await found.release();
}

/** Of one gateway, one shard and all of Postgres, in MiB. */
export function memoryOf({ found }: RoomScene): {
  readonly gateway: number;
  readonly shard: number;
} {
  const of = (role: string): number =>
    found.system.children
      .filter(({ name }) => name.startsWith(role))
      .reduce((sum, { pid }) => sum + residentMiB(pid), 0);
  return { gateway: of('gateway'), shard: of('shard') };
}

/** An event of its own with a room that is open. */
export async function newRoom(
  { events, pool, line }: RoomScene,
  settings: Omit<RoomSettings, 'opensAtMs' | 'drawsAtMs'>,
): Promise<Room> {
  const eventId = (await events.add()) as EventId;
  const nowMs = Date.now();
  const times = { opensAtMs: nowMs - 1_000, drawsAtMs: nowMs + 86_400_000 };
  const room = await openRoom(pool, eventId, { ...settings, ...times }, createRoomKeys());
  if (room === null) throw new Error('the event has a room');
  await line.until(eventId, ({ phase }) => phase === 'lobby');
  return room;
}

/** Many at once, as gateways write them: `lines` statements on their way, of `each` people. */
export async function fill(
  { rooms }: RoomScene,
  room: Room,
  people: number,
  { lines, each }: { readonly lines: number; readonly each: number },
): Promise<void> {
  const name = roomName(room);
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < people) {
      const from = next;
      next = Math.min(people, next + each);
      const joining = Array.from({ length: next - from }, (_, i) => {
        const userId = `usr_filled${String(from + i).padStart(9, '0')}` as UserId;
        const nonce = `nonce-of-${from + i}-chosen-at-random`;
        return { userId, nonce, party: 2, entry: entryOf(name, userId, nonce) };
      });
      await rooms.join(room.roomNo, joining);
    }
  };
  await Promise.all(Array.from({ length: lines }, line));
}

/** The hour of the draw has come. */
export async function drawNow({ pool, line }: RoomScene, room: Room): Promise<void> {
  await pool.query('UPDATE room SET draws_at = now(), revision = revision + 1 WHERE room_no = $1', [
    room.roomNo,
  ]);
  await line.until(room.eventId, ({ phase }) => phase === 'serving');
}
