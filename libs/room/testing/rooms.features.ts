import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { evidenceOf, headJson, problemsOf } from '../evidence.js';
import { keepRoom, type Places, type Purchase } from '../keeper.js';
import { commitmentOf } from '../draw.js';
import { inclusionPath } from '../merkle.js';
import {
  fitOf,
  placedAt,
  roomName,
  type Place,
  type Room,
  type RoomCounts,
  type RoomSettings,
} from '../room.js';
import { endedHeardMs, turnoutSample, type Joining, type RoomStore } from '../room-store.js';
import { createRoomKeys, entryOf, RoomSigner } from '../signed.js';
import { pathFromTiles } from '../tiles.js';

const eventId = 'evt_room' as EventId;
const opensAtMs = 1_700_000_000_000;
const drawsAtMs = opensAtMs + 60_000;

const settings: RoomSettings = {
  ...{ opensAtMs, drawsAtMs, ratePerMinute: 60_000, activeMax: 5, claimMs: 30_000 },
  ...{ admissionMs: 120_000, partyMax: 4 },
};

/** What every store of rooms must do, and what the keeper makes of it. */
export function describeRooms(name: string, openStore: () => Promise<RoomStore>): void {
  describe(name, () => {
    let store: RoomStore;
    let room: Room;
    let nowMs: number;

    beforeEach(async () => {
      store = await openStore();
      room = (await store.open(eventId, settings, createRoomKeys()))!;
      nowMs = opensAtMs;
    });

    const person = (who: string, nonce = `nonce-of-${who}`): Joining => {
      const userId = `usr_${who}` as UserId;
      return { userId, nonce, party: 2, entry: entryOf(roomName(room), userId, nonce) };
    };
    const people = (...names: string[]): Joining[] => names.map((who) => person(who));
    const join = (...names: string[]) => store.join(room.roomNo, people(...names));
    const indexes = (places: readonly Place[]): string[] =>
      places.map(({ userId, index }) => `${userId.slice(4)} ${index}`).sort();
    const now = async (): Promise<Room> => {
      const [newest] = await store.rooms(0);
      return newest;
    };
    /** A keeper that knows nothing but what is stored, until nothing is due. */
    const keep = async (places: Places | null = null): Promise<Room> => {
      const ports = { rooms: store, clock: { nowMs: () => nowMs } };
      while (await keepRoom(ports, await now(), places));
      return now();
    };
    const draw = (): Promise<Room> => {
      nowMs = drawsAtMs;
      return keep();
    };

    it('has one open room for an event, and keeps what was closed', async () => {
      expect(await store.open(eventId, settings, createRoomKeys())).toBeNull();
      expect(await store.change(room, { closedAtMs: nowMs })).toBe(true);
      expect((await now()).closedAtMs).toBe(nowMs);
      expect(await store.rooms(nowMs + 1)).toEqual([]);
      const next = await store.open(eventId, settings, createRoomKeys());
      expect(next?.roomNo).toBeGreaterThan(room.roomNo);
      expect(await now()).toEqual(next);
    });

    it('gives a person one place, however often and wherever he comes (RS1)', async () => {
      expect(indexes(await join('a', 'b'))).toEqual(['a 0', 'b 1']);
      expect(indexes(await join('b', 'c', 'c', 'a'))).toEqual(['a 0', 'b 1', 'c 2']);
      const [again] = await store.join(room.roomNo, [person('a', 'another-nonce')]);
      expect(again).toMatchObject({ index: 0, nonce: 'nonce-of-a', party: 2 });
      expect((await now()).nextIndex).toBe(3);
    });

    it('leaves no gap when several gateways bring the same people at once (RS1)', async () => {
      const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
      const groups = [0, 10, 20, 5].map((from) => names.slice(from, from + 20));
      const all = await Promise.all(groups.map((group) => join(...group)));
      const places = new Map(all.flat().map(({ userId, index }) => [userId, index]));
      const taken = [...places.values()].sort((a, b) => a - b);
      expect(taken).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect((await now()).nextIndex).toBe(40);
    });

    it('draws from all who came before, and puts who comes later behind (RS2, KP1)', async () => {
      await join('a', 'b', 'c');
      const drawn = await draw();
      const [late] = await join('d');
      expect(late).toMatchObject({ index: 3, position: 3 });
      expect(drawn).toMatchObject({ entrants: 3, head: { size: 3, final: true } });
      const places = await join('a', 'b', 'c');
      const positions = places.map((place) => placedAt(drawn, place)).sort();
      expect(positions).toEqual([0, 1, 2]);
    });

    it('gives who came in the last moment of the lobby his proof (KP2)', async () => {
      await join('a', 'b');
      await keep();
      await join('c');
      nowMs = drawsAtMs;
      expect(await store.endLobby(await now())).toBe(true);
      await keep();
      expect(await proofProblems('c')).toEqual([]);
    });

    it('publishes heads that continue each other, with what proves it (KP2, MT1)', async () => {
      await join('a', 'b', 'c');
      const { head: early } = await keep();
      expect(early).toMatchObject({ size: 3, final: false });
      expect(await keep()).toMatchObject({ head: { atMs: early?.atMs } });
      await join('d', 'e');
      await draw();
      expect(await proofProblems('b')).toEqual([]);
    });

    it('draws also when nobody came', async () => {
      expect(await draw()).toMatchObject({ entrants: 0, head: { size: 0, final: true } });
      await join('late');
      expect(await keep()).toMatchObject({ serving: 1 });
    });

    it('lets of two who change a room at once only one (RS3)', async () => {
      await join('a', 'b');
      const stale = await draw();
      expect(await store.change(stale, { ratePerMinute: 5 })).toBe(true);
      expect(await store.change(stale, { ratePerMinute: 6 })).toBe(false);
      const counted = await store.counts(stale, nowMs);
      const call = { serving: 3, pacedUntilMs: nowMs, atMs: nowMs, counted };
      expect(await store.call(stale, call)).toBe(false);
      expect(await store.endLobby(stale)).toBe(false);
      const growth = { head: stale.head!, peaks: stale.peaks, hashes: [] };
      expect(await store.grow(stale, growth)).toBe(false);
      expect(await now()).toMatchObject({ ratePerMinute: 5, serving: 2 });
    });

    it('calls nobody before the draw (KP3), and then so many', async () => {
      await join('a', 'b', 'c', 'd', 'e', 'f', 'g');
      expect((await keep()).serving).toBe(0);
      expect((await draw()).serving).toBe(5);
      expect(await store.calledAt(room.roomNo, 4)).toBe(drawsAtMs);
      expect(await store.calledAt(room.roomNo, 5)).toBeNull();
    });

    it('counts who came, who may still come, and whose time is over', async () => {
      await join('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
      const { roomNo } = await draw();
      const userId = 'usr_a' as UserId;
      const untilMs = nowMs + 60_000;
      const admission = { position: 0, userId, party: 2, untilMs };
      expect(await store.admit(roomNo, admission)).toEqual(admission);
      expect(await store.admit(roomNo, { ...admission, untilMs: untilMs + 1 })).toEqual(admission);
      expect(await store.admit(roomNo, { ...admission, userId: 'usr_b' as UserId })).toBeNull();
      expect(await store.counts(await now(), nowMs)).toMatchObject({
        ...{ active: 1, activePeople: 2, lapsedBelow: 0, claimedSince: 1 },
      });
      nowMs += settings.claimMs;
      expect(await store.counts(await now(), nowMs)).toMatchObject({
        ...{ active: 1, lapsedBelow: 5, claimedSince: 0, lapsedSample: 5, claimedSample: 1 },
      });
      // Four never came: their places are for others now.
      expect((await keep()).serving).toBe(8);
      expect(await store.counts(await now(), untilMs)).toMatchObject({ active: 0 });
    });

    it('lets in who is late, or others in his place, and never both (RS5)', async () => {
      const names = Array.from({ length: turnoutSample + 500 }, (_, n) => `p${n}`);
      for (let n = 0; n < names.length; n += 500) await join(...names.slice(n, n + 500));
      const { roomNo } = await draw();
      const call = async (serving: number, counted: RoomCounts) =>
        store.call(await now(), { serving, pacedUntilMs: nowMs, atMs: nowMs, counted });
      const admit = (position: number, who: string) => {
        const admission = { position, userId: `usr_${who}` as UserId, party: 1 };
        return store.admit(roomNo, { ...admission, untilMs: nowMs + 600_000 });
      };
      const all = names.length - 1;
      expect(await call(all, await store.counts(await now(), nowMs))).toBe(true);
      nowMs += settings.claimMs;
      const counted = await store.counts(await now(), nowMs);
      expect(counted).toMatchObject({ lapsedBelow: all, claimedLapsing: 0 });
      // Somebody comes between counting and calling: it is counted again.
      expect(await admit(100, 'p7')).not.toBeNull();
      expect(await call(all + 1, counted)).toBe(false);
      const again = await store.counts(await now(), nowMs);
      expect(again).toMatchObject({ claimedLapsing: 1, claimedSample: 0 });
      expect(await call(all + 1, again)).toBe(true);
      // The others' places were given on.
      expect(await admit(101, 'p8')).toBeNull();
      expect(await admit(100, 'p7')).toMatchObject({ position: 100 });
      expect(await admit(all, 'p9')).toMatchObject({ position: all });
    });

    it('ends an admission whose owner has all he came for, and no other (KP4)', async () => {
      await join('a', 'b', 'c', 'd');
      const { roomNo } = await draw();
      const has: Record<string, Purchase> = {
        usr_a: { held: 0, booked: 2 },
        usr_b: { held: 1, booked: 1 },
        usr_c: { held: 0, booked: 1 },
        usr_d: { held: 0, booked: null },
      };
      for (const [position, who] of ['a', 'b', 'c', 'd'].entries()) {
        const admission = { position, userId: `usr_${who}` as UserId, party: 2 };
        await store.admit(roomNo, { ...admission, untilMs: nowMs + 60_000 });
      }
      const buyers = (users: readonly UserId[]) => users.map((user) => has[user]);
      const detail = { paying: 0, ending: 0, together: [9], buyers };
      const places = { free: 9, held: 1, detail };
      await keep(places);
      const open = async () =>
        (await store.unsettled(roomNo, 100)).map(({ userId }) => userId.slice(4));
      expect(await open()).toEqual(['b', 'c', 'd']);
      const ended = await store.endedSince(nowMs, nowMs);
      expect(ended).toEqual([{ roomNo, userId: 'usr_a', givenUntilMs: nowMs + 60_000 }]);
      // He counts until every gateway has heard of it.
      expect(await store.counts(await now(), nowMs)).toMatchObject({ active: 4 });
      nowMs += endedHeardMs;
      expect(await store.counts(await now(), nowMs)).toMatchObject({
        ...{ active: 3, activePeople: 6, settledSample: 1, settledPeople: 2, boughtPlaces: 2 },
      });
      expect(await store.admission(roomNo, 0)).toMatchObject({ untilMs: nowMs - endedHeardMs });
      nowMs += 60_000;
      await keep(places);
      expect(await open()).toEqual(['b', 'd']);
      expect(await store.counts(await now(), nowMs)).toMatchObject({ boughtPlaces: 3 });
      expect(await store.endedSince(0, nowMs)).toEqual([]);
    });

    it('ends an admission that is given back, once, and lets him stand behind again', async () => {
      await join('a');
      const { roomNo } = await draw();
      const { userId } = (await join('a'))[0];
      await store.admit(roomNo, { position: 0, userId, party: 2, untilMs: nowMs + 60_000 });
      await store.leave(roomNo, 0, nowMs + 5);
      await store.leave(roomNo, 0, nowMs + 9);
      expect(await store.admission(roomNo, 0)).toMatchObject({ untilMs: nowMs + 5 });
      expect(await store.requeue(roomNo, userId, 0, nowMs + 5)).toMatchObject({ position: 1 });
    });

    it('puts who missed his turn behind all others, once', async () => {
      await join('a', 'b');
      const { roomNo } = await draw();
      const [place] = await join('a');
      const missed = placedAt(await now(), place)!;
      const taps = [1, 2].map(() => store.requeue(roomNo, place.userId, missed, nowMs));
      const [first, second] = await Promise.all(taps);
      expect(first).toMatchObject({ index: place.index, position: 2 });
      expect(second).toEqual(first);
      const admission = { position: 2, userId: place.userId, party: 1, untilMs: nowMs + 1_000 };
      await store.admit(roomNo, admission);
      expect(await store.requeue(roomNo, place.userId, 2, nowMs)).toEqual(first);
      expect(await store.requeue(roomNo, place.userId, 2, nowMs + 1_000)).toMatchObject({
        position: 3,
      });
    });

    it('lets nobody in at a place that he has left (RS4)', async () => {
      await join('a', 'b');
      const { roomNo } = await draw();
      const [place] = await join('a');
      const position = placedAt(await now(), place)!;
      const admission = { position, userId: place.userId, party: 1, untilMs: nowMs + 1_000 };
      expect(await store.requeue(roomNo, place.userId, position, nowMs)).toMatchObject({
        position: 2,
      });
      // As a gateway would that had looked before, and stood still meanwhile.
      expect(await store.admit(roomNo, admission)).toBeNull();
      expect(await store.admission(roomNo, position)).toBeNull();
      expect(await store.admit(roomNo, { ...admission, position: 2 })).toMatchObject({
        position: 2,
      });
    });

    it('lets in or puts behind who is at both at once (RS4)', async () => {
      const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
      await join(...names);
      const { roomNo } = await draw();
      const drawn = await now();
      const before = (await join(...names)).map((place) => placedAt(drawn, place)!);
      const places = await join(...names);
      await Promise.all(
        places.flatMap(({ userId, party }, i) => [
          store.admit(roomNo, { position: before[i], userId, party, untilMs: nowMs + 1_000 }),
          store.requeue(roomNo, userId, before[i], nowMs),
        ]),
      );
      const after = new Map((await join(...names)).map((place) => [place.userId, place]));
      for (const [i, { userId }] of places.entries()) {
        const isIn = (await store.admission(roomNo, before[i])) !== null;
        expect(isIn).toBe(after.get(userId)?.position === null);
      }
    });

    it('closes by itself when all who stood in it were called, or nothing is left', async () => {
      await join('a', 'b');
      await draw();
      await store.change(await now(), { drainUpto: 4, activeMax: 3 });
      await join('c', 'd', 'e');
      expect(await keep()).toMatchObject({ serving: 3, closedAtMs: null });
      await store.change(await now(), { activeMax: 9 });
      nowMs += 1_000;
      expect(await keep()).toMatchObject({ serving: 5, closedAtMs: nowMs });
      const next = (await store.open(eventId, settings, createRoomKeys()))!;
      await store.change(next, { drainUpto: 99 });
      expect(await keep({ free: 0, held: 0 })).toMatchObject({ soldOut: true, closedAtMs: nowMs });
    });

    it('takes nobody in when it is closed, and changes no more', async () => {
      await join('a');
      await store.change(room, { closedAtMs: nowMs });
      expect(await join('b')).toEqual([]);
      expect(await store.requeue(room.roomNo, 'usr_a' as UserId, 0, nowMs)).toBeNull();
      expect(await store.change(await now(), { paused: true })).toBe(false);
      expect(
        await keepRoom({ rooms: store, clock: { nowMs: () => drawsAtMs } }, await now(), null),
      ).toBe(false);
    });

    it('hears from the owner what is free, and that nothing is left', async () => {
      await join('a', 'b', 'c', 'd');
      nowMs = drawsAtMs;
      expect(await keep({ free: 5, held: 9 })).toMatchObject({ placesFree: 5, serving: 2 });
      expect(await keep({ free: 0, held: 3 })).toMatchObject({ placesFree: 0, soldOut: false });
      expect(await keep({ free: 0, held: 0 })).toMatchObject({ soldOut: true, serving: 2 });
      const detail = { paying: 1, ending: 0, together: [1, 0], buyers: () => [] };
      const last = await keep({ free: 1, held: 3, detail });
      expect(last).toMatchObject({ soldOut: false, placesHeld: 2, placesPaying: 1 });
      expect(last.together).toEqual([1, 0]);
      expect([1, 2, 3].map((party) => fitOf(last, party))).toEqual(['now', 'held', 'held']);
      const gone = await keep({ free: 1, held: 0, detail: { ...detail, paying: 0 } });
      expect([1, 2].map((party) => fitOf(gone, party))).toEqual(['now', 'no']);
      expect(fitOf({ ...gone, together: null }, 1)).toBeNull();
    });

    it('lets a party go on for fewer and keeps its place, and never for more', async () => {
      const [{ index }] = await join('a');
      const lower = (party: number) => store.lowerParty(room.roomNo, 'usr_a' as UserId, party);
      expect(await lower(3)).toMatchObject({ index, party: 2 });
      expect(await lower(1)).toMatchObject({ index, party: 1 });
      expect(await lower(2)).toMatchObject({ index, party: 1 });
      expect(await store.lowerParty(room.roomNo, 'usr_nobody' as UserId, 1)).toBeNull();
      expect(await store.place(room.roomNo, 'usr_a' as UserId)).toMatchObject({ party: 1 });
    });

    it('forgets a room that was closed long ago, some rows at a time, and no other', async () => {
      await join('a', 'b', 'c');
      await draw();
      const place = (await store.place(room.roomNo, 'usr_a' as UserId))!;
      await store.admit(room.roomNo, {
        ...{ position: placedAt(await now(), place)!, userId: place.userId, party: 1 },
        untilMs: nowMs + 1_000,
      });
      expect(await store.sweep(nowMs + 1, 100)).toBe(0);
      await store.change(await now(), { closedAtMs: nowMs });
      const next = (await store.open(eventId, settings, createRoomKeys()))!;
      await store.join(next.roomNo, people('a'));
      expect(await store.sweep(nowMs, 100)).toBe(0);
      let [removed, rounds] = [0, 0];
      for (let more = 1; more > 0; rounds += 1) {
        more = await store.sweep(nowMs + 1, 2);
        expect(more).toBeLessThanOrEqual(2);
        removed += more;
      }
      expect(rounds).toBeGreaterThan(2);
      expect(removed).toBeGreaterThanOrEqual(4);
      expect(await store.rooms(0)).toMatchObject([{ roomNo: next.roomNo }]);
      expect(await store.place(next.roomNo, 'usr_a' as UserId)).toMatchObject({ index: 0 });
    });

    async function proofProblems(who: string): Promise<string[]> {
      const at = await now();
      const { index, userId, nonce, entry } = (await store.place(
        room.roomNo,
        `usr_${who}` as UserId,
      ))!;
      const head = at.head!;
      const path = await pathFromTiles(
        (names) => store.tiles(room.roomNo, names),
        (source) => inclusionPath(index, head.size, source),
      );
      const evidence = evidenceOf({
        ...{ room: roomName(at), user_id: userId, nonce, index, head: headJson(head) },
        commitment: commitmentOf(at.secret).toString('hex'),
        verify_key: at.verifyKey.toString('hex'),
        receipt: new RoomSigner(roomName(at), at.signKey).receipt({ index, entry }).toString('hex'),
        path: path.map((hash) => hash.toString('hex')),
        secret: at.secret.toString('hex'),
        position: placedAt(at, { index, position: null } as Place),
      });
      return problemsOf(evidence!);
    }
  });
}
