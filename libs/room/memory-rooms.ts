import type { EventId, UserId } from '#libs/inventory/ids.js';
import { assert } from '#libs/platform/assert.js';
import type {
  Admission,
  EndedAdmission,
  Place,
  Room,
  RoomCounts,
  RoomSettings,
  Settled,
} from './room.js';
import {
  endedHeardMs,
  settledSample,
  turnoutSample,
  type Call,
  type Growth,
  type Joining,
  type RoomChange,
  type RoomStore,
} from './room-store.js';
import type { RoomKeys } from './signed.js';
import type { TileName } from './tiles.js';

/** The store of waiting rooms without a database: for tests and for the simulator. */
export class MemoryRooms implements RoomStore {
  private all: Kept[] = [];
  private roomsMade = 0;

  rooms(sinceMs: number): Promise<readonly Room[]> {
    const newest = new Map<EventId, Room>();
    for (const { room } of this.all) newest.set(room.eventId, room);
    const shown = [...newest.values()].filter(
      ({ closedAtMs }) => closedAtMs === null || closedAtMs >= sinceMs,
    );
    return Promise.resolve(shown);
  }

  open(eventId: EventId, settings: RoomSettings, keys: RoomKeys): Promise<Room | null> {
    const isOpen = ({ room }: Kept): boolean =>
      room.eventId === eventId && room.closedAtMs === null;
    if (this.all.some(isOpen)) return Promise.resolve(null);
    this.roomsMade += 1;
    const room: Room = {
      ...{ roomNo: this.roomsMade, eventId, revision: 1, scope: 'hold', failsOpen: false },
      ...{ ...settings, ...keys },
      ...{ nextIndex: 0, entrants: null, head: null, peaks: Buffer.alloc(0), serving: 0 },
      ...{ pacedUntilMs: null, paused: false, placesFree: null, soldOut: false, message: '' },
      ...{ placesHeld: null, placesPaying: null, together: null, pacePercent: 100 },
      drainUpto: null,
      closedAtMs: null,
    };
    this.all.push({
      ...{ room, places: new Map(), tiles: new Map(), calls: [], admissions: new Map() },
      lapsedBelow: 0,
    });
    return Promise.resolve(room);
  }

  change(room: Room, change: RoomChange): Promise<boolean> {
    return Promise.resolve(this.revise(room, change) !== null);
  }

  endLobby(room: Room): Promise<boolean> {
    const { nextIndex } = this.of(room.roomNo).room;
    return Promise.resolve(this.revise(room, { entrants: nextIndex }) !== null);
  }

  join(roomNo: number, people: readonly Joining[]): Promise<readonly Place[]> {
    const kept = this.of(roomNo);
    if (kept.room.closedAtMs !== null) return Promise.resolve([]);
    for (const person of people) {
      if (kept.places.has(person.userId)) continue;
      const index = kept.room.nextIndex;
      const position = kept.room.entrants === null ? null : index;
      kept.places.set(person.userId, { ...person, index, position });
      kept.room = { ...kept.room, nextIndex: index + 1 };
    }
    const users = new Set(people.map(({ userId }) => userId));
    const found = [...users].flatMap((userId) => kept.places.get(userId) ?? []);
    return Promise.resolve(found);
  }

  place(roomNo: number, userId: UserId): Promise<Place | null> {
    return Promise.resolve(this.of(roomNo).places.get(userId) ?? null);
  }

  lowerParty(roomNo: number, userId: UserId, party: number): Promise<Place | null> {
    const { places } = this.of(roomNo);
    const place = places.get(userId);
    if (place !== undefined && place.party > party) places.set(userId, { ...place, party });
    return Promise.resolve(places.get(userId) ?? null);
  }

  requeue(roomNo: number, userId: UserId, before: number, nowMs: number): Promise<Place | null> {
    const kept = this.of(roomNo);
    const place = kept.places.get(userId);
    if (place === undefined || kept.room.closedAtMs !== null) return Promise.resolve(null);
    const missed = place.position === null || place.position === before;
    const untilMs = endOf(kept.admissions.get(before));
    if (!missed || untilMs > nowMs) return Promise.resolve(place);
    const behind = { ...place, position: kept.room.nextIndex };
    kept.places.set(userId, behind);
    kept.room = { ...kept.room, nextIndex: behind.position + 1 };
    return Promise.resolve(behind);
  }

  entries(roomNo: number, from: number, most: number): Promise<readonly Buffer[]> {
    const places = [...this.of(roomNo).places.values()].sort((a, b) => a.index - b.index);
    const wanted = places.filter(({ index }) => index >= from && index < from + most);
    return Promise.resolve(wanted.map(({ entry }) => entry));
  }

  grow(room: Room, { head, peaks, hashes }: Growth): Promise<boolean> {
    const kept = this.revise(room, { head, peaks });
    for (const tile of kept === null ? [] : hashes) {
      const key = keyOf(tile);
      const before = kept?.tiles.get(key) ?? Buffer.alloc(0);
      kept?.tiles.set(key, Buffer.concat([before, ...tile.hashes]));
    }
    return Promise.resolve(kept !== null);
  }

  tiles(roomNo: number, names: readonly TileName[]): Promise<readonly Buffer[]> {
    const { tiles } = this.of(roomNo);
    return Promise.resolve(names.map((name) => tiles.get(keyOf(name)) ?? Buffer.alloc(0)));
  }

  call(room: Room, { serving, pacedUntilMs, atMs, counted }: Call): Promise<boolean> {
    const { lapsedBelow: below, claimedLapsing } = counted;
    const { admissions, lapsedBelow } = this.of(room.roomNo);
    if (claimedIn(admissions, lapsedBelow, below) !== claimedLapsing) return Promise.resolve(false);
    const kept = this.revise(room, { serving, pacedUntilMs });
    if (kept === null) return Promise.resolve(false);
    kept.calls.push({ upto: serving, atMs });
    kept.lapsedBelow = Math.max(kept.lapsedBelow, below);
    return Promise.resolve(true);
  }

  calledAt(roomNo: number, position: number): Promise<number | null> {
    const call = this.of(roomNo).calls.find(({ upto }) => upto > position);
    return Promise.resolve(call?.atMs ?? null);
  }

  admit(roomNo: number, admission: Admission): Promise<Admission | null> {
    const { admissions, places, lapsedBelow } = this.of(roomNo);
    const { position, userId } = admission;
    const his = places.get(userId);
    const isThere =
      his !== undefined && (his.position ?? position) === position && position >= lapsedBelow;
    const found =
      admissions.get(position) ??
      (isThere ? { ...admission, endedAtMs: null, bought: null } : null);
    if (found === null) return Promise.resolve(null);
    admissions.set(position, found);
    return Promise.resolve(found.userId === userId ? admissionOf(found) : null);
  }

  admission(roomNo: number, position: number): Promise<Admission | null> {
    const found = this.of(roomNo).admissions.get(position);
    return Promise.resolve(found === undefined ? null : admissionOf(found));
  }

  leave(roomNo: number, position: number, nowMs: number): Promise<void> {
    const found = this.of(roomNo).admissions.get(position);
    if (found !== undefined) found.endedAtMs ??= Math.min(found.untilMs, nowMs);
    return Promise.resolve();
  }

  unsettled(roomNo: number, most: number): Promise<readonly Admission[]> {
    const open = [...this.of(roomNo).admissions.values()].filter(({ bought }) => bought === null);
    open.sort((a, b) => a.position - b.position);
    return Promise.resolve(open.slice(0, most).map(admissionOf));
  }

  settle(roomNo: number, settled: readonly Settled[], nowMs: number): Promise<void> {
    const { admissions } = this.of(roomNo);
    for (const { position, bought } of settled) {
      const found = admissions.get(position);
      if (found?.bought !== null) continue;
      found.bought = bought;
      found.endedAtMs ??= Math.min(found.untilMs, nowMs);
    }
    return Promise.resolve();
  }

  endedSince(sinceMs: number, nowMs: number): Promise<readonly EndedAdmission[]> {
    const ended = this.all.flatMap(({ room, admissions }) =>
      [...admissions.values()]
        .filter(({ endedAtMs }) => endedAtMs !== null && endedAtMs >= sinceMs)
        .filter(({ untilMs }) => untilMs > nowMs)
        .map(({ userId, untilMs }) => ({ roomNo: room.roomNo, userId, givenUntilMs: untilMs })),
    );
    return Promise.resolve(ended);
  }

  counts({ roomNo, claimMs }: Room, nowMs: number): Promise<RoomCounts> {
    const { admissions, calls, lapsedBelow: givenOn } = this.of(roomNo);
    const all = [...admissions.values()];
    const isActive = ({ untilMs, endedAtMs }: Admitted): boolean =>
      untilMs > nowMs && (endedAtMs === null || endedAtMs > nowMs - endedHeardMs);
    const active = all.filter(isActive);
    const settled = all
      .filter(({ bought }) => bought !== null)
      .sort((a, b) => b.position - a.position)
      .slice(0, settledSample);
    const lapsed = calls.filter(({ atMs }) => atMs <= nowMs - claimMs);
    const lapsedBelow = lapsed.at(-1)?.upto ?? 0;
    const from = Math.max(0, lapsedBelow - turnoutSample);
    return Promise.resolve({
      active: active.length,
      activePeople: active.reduce((sum, { party }) => sum + party, 0),
      lapsedBelow,
      claimedLapsing: claimedIn(admissions, givenOn, lapsedBelow),
      claimedSince: all.filter(({ position }) => position >= lapsedBelow).length,
      lapsedSample: lapsedBelow - from,
      claimedSample: claimedIn(admissions, from, lapsedBelow),
      settledSample: settled.length,
      settledPeople: settled.reduce((sum, { party }) => sum + party, 0),
      boughtPlaces: settled.reduce((sum, { bought }) => sum + (bought ?? 0), 0),
    });
  }

  sweep(closedBeforeMs: number, most: number): Promise<number> {
    const old = this.all
      .filter(({ room }) => (room.closedAtMs ?? Infinity) < closedBeforeMs)
      .sort((a, b) => (a.room.closedAtMs ?? 0) - (b.room.closedAtMs ?? 0))
      .at(0);
    if (old === undefined) return Promise.resolve(0);
    const users = [...old.places.keys()].slice(0, most);
    for (const userId of users) old.places.delete(userId);
    if (users.length === most) return Promise.resolve(most);
    this.all = this.all.filter((kept) => kept !== old);
    return Promise.resolve(users.length + 1);
  }

  private of(roomNo: number): Kept {
    const kept = this.all.find(({ room }) => room.roomNo === roomNo);
    assert(kept !== undefined, 'the room was opened');
    return kept;
  }

  /** null: it is another by now (RS3). */
  private revise({ roomNo, revision }: Room, change: Partial<Room>): Kept | null {
    const kept = this.of(roomNo);
    if (kept.room.revision !== revision || kept.room.closedAtMs !== null) return null;
    kept.room = { ...kept.room, ...change, revision: revision + 1 };
    return kept;
  }
}

interface Kept {
  room: Room;
  /** Positions below it were given on. */
  lapsedBelow: number;
  readonly places: Map<UserId, Place>;
  readonly tiles: Map<string, Buffer>;
  readonly calls: { readonly upto: number; readonly atMs: number }[];
  readonly admissions: Map<number, Admitted>;
}

interface Admitted extends Admission {
  endedAtMs: number | null;
  bought: number | null;
}

/** Who came to these positions. */
const claimedIn = (admissions: Kept['admissions'], from: number, below: number): number =>
  [...admissions.keys()].filter((position) => position >= from && position < below).length;

const endOf = (found: Admitted | undefined): number => found?.endedAtMs ?? found?.untilMs ?? 0;

const admissionOf = (found: Admitted): Admission => ({
  ...{ position: found.position, userId: found.userId, party: found.party },
  untilMs: endOf(found),
});

const keyOf = ({ level, tile }: TileName): string => `${level}/${tile}`;
