import { Packr } from 'msgpackr';

import { errorTable, type ErrorCode, type ErrorExtras } from '#libs/contracts/errors.js';
import type {
  AreaFrame,
  DiffFrame,
  ErrorFrame,
  HoldFrame,
  LiveFrame,
  PongFrame,
  RoomFrame,
  SnapshotFrame,
} from '#libs/contracts/live-frames.js';
import type { HoldNote } from '#libs/contracts/wire.js';
import { phaseOf } from '#libs/room/room.js';

import { areaState } from '../replica/area-state.js';
import type { EventReplica } from '../replica/event-replica.js';
import type { MapChanges } from '../replica/seat-map.js';
import type { KnownRoom } from '../room/room-book.js';
import { placesLeft } from '../room/places-left.js';
import { isoTime } from '../routes/shared/iso-time.js';

/**
 * The frames of the live map, see docs/live-map.md. The same objects go out as JSON text and as
 * msgpack; each is made at most once per event and tick, however many sockets get it.
 */
export type Format = 'json' | 'msgpack';

const packr = new Packr({ useRecords: false, moreTypes: false, variableMapSize: true });

export const encodeFrame = (frame: LiveFrame | RoomFrame, format: Format): string | Uint8Array =>
  format === 'json' ? JSON.stringify(frame) : packr.pack(frame);

export const decodeMessage = (bytes: Uint8Array): unknown => packr.unpack(bytes) as unknown;

export function areaFrame(replica: EventReplica, area: number): AreaFrame {
  return areaState(replica.entry.detail.areas[area], replica.map.areas[area]);
}

export function snapshotFrame(replica: EventReplica): SnapshotFrame {
  const { map, entry } = replica;
  return {
    type: 'snapshot',
    event_id: entry.detail.eventId,
    version: map.version,
    sale_status: map.saleStatus,
    layout_hash: entry.layout.hash,
    statuses: map.statuses.toString('latin1'),
    areas: map.areas.map((_counts, area) => areaFrame(replica, area)),
  };
}

/** Statuses and counts are those of version `to`, which is the replica's: see Audience.tick(). */
export function diffFrame(
  replica: EventReplica,
  from: number,
  changes: MapChanges,
  notesLost: boolean,
): DiffFrame {
  const { map } = replica;
  return {
    type: 'diff',
    from,
    to: map.version,
    changes: changes.seats.map((seat) => [seat, map.letterOf(seat)]),
    ...(changes.areas.length === 0
      ? {}
      : { areas: changes.areas.map((area) => areaFrame(replica, area)) }),
    ...(changes.saleStatus ? { sale_status: map.saleStatus } : {}),
    ...(notesLost ? { holds_unknown: true } : {}),
  };
}

export const holdFrame = (note: HoldNote): HoldFrame => ({
  type: 'hold',
  reservation_id: note.holdId,
  status: note.what,
  expires_at: isoTime(note.deadlineMs),
});

export const pongFrame = (version: number, nowMs: number): PongFrame => ({
  type: 'pong',
  version,
  now_ms: nowMs,
});

export function roomFrame({ room, name, calledPerMinute }: KnownRoom, nowMs: number): RoomFrame {
  return {
    ...{ type: 'room', room: name, phase: phaseOf(room, nowMs) },
    opens_at: isoTime(room.opensAtMs),
    draws_at: isoTime(room.drawsAtMs),
    ...{ joined: room.nextIndex, serving: room.serving, paused: room.paused },
    called_per_minute: Math.round(calledPerMinute),
    ...{ sold_out: room.soldOut, ...placesLeft(room), message: room.message },
  };
}

export const errorFrame = (code: ErrorCode, extras: ErrorExtras): ErrorFrame => ({
  type: 'error',
  error: { code, message: errorTable[code].message, ...extras },
});
