import { AdmissionTokens } from '#apps/gateway/room/admission-tokens.js';
import { RoomBook } from '#apps/gateway/room/room-book.js';
import type { Place, Room } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { everyCall } from './faulty-rooms.js';
import type { RoomMutation } from './simulate-room.js';

/** The rules that carry the room, each removed on purpose: at the tables, or in the code. */
export const roomMutations: readonly RoomMutation[] = [
  {
    name: 'a change goes through whatever it was made from (RS3)',
    needs: { fence: 30, partition: 30, journal_slow: 0.5 },
    tables: (tables) => {
      const revised = ['change', 'endLobby', 'grow', 'call'];
      return replaced(tables, revised, async (call, [room, ...rest]) => {
        const { roomNo } = room as Room;
        const [newest] = await tables.rooms(0);
        return call(newest.roomNo === roomNo ? newest : room, ...rest);
      });
    },
  },
  {
    name: 'an index is used for two (RS1)',
    tables: (tables) =>
      replaced(tables, ['join'], async (call, given) => {
        const places = (await call(...given)) as readonly Place[];
        return places.map((place) => ({ ...place, index: place.index - (place.index % 2) }));
      }),
  },
  {
    name: 'a place is forgotten (RS1)',
    tables: (tables) => {
      const lost = (userId: unknown): boolean => String(userId).endsWith('3');
      return replaced(tables, ['place'], (call, given) =>
        lost(given[1]) ? Promise.resolve(null) : call(...given),
      );
    },
  },
  {
    name: 'who comes after the draw is put into it (RS2)',
    tables: (tables) =>
      replaced(tables, ['join', 'place'], async (call, given) => {
        const drawnIn = (place: Place): Place => ({ ...place, position: null });
        const found = await call(...given);
        return Array.isArray(found)
          ? (found as Place[]).map(drawnIn)
          : found === null
            ? null
            : drawnIn(found as Place);
      }),
  },
  {
    name: 'two are let in at one position',
    tables: (tables) =>
      replaced(tables, ['admit'], (call, [roomNo, admission]) =>
        call(roomNo, { ...(admission as object), position: 0 }),
      ),
  },
  {
    name: 'nobody counts who is in (PCG1)',
    tables: (tables) =>
      replaced(tables, ['counts'], async (call, given) => ({
        ...((await call(...given)) as object),
        active: 0,
      })),
  },
  {
    name: 'nobody counts who was called (PCG1)',
    tables: (tables) =>
      replaced(tables, ['counts'], async (call, given) => {
        const counts = (await call(...given)) as { readonly lapsedBelow: number };
        return { ...counts, lapsedBelow: 1e9, claimedSince: 0 };
      }),
  },
  {
    name: 'every admission is believed (AT1)',
    needs: { loss: 0 },
    install: () =>
      patched(AdmissionTokens.prototype, 'check', () => ({ party: 20, untilMs: Infinity })),
  },
  {
    name: 'before the first look everybody may (RBK1)',
    needs: { gateway_crash: 30, journal_slow: 0.5 },
    install: () => patchedGetter(RoomBook.prototype, 'known', () => true),
  },
];

type Call = (...given: unknown[]) => Promise<unknown>;

function replaced(
  tables: RoomStore,
  names: readonly string[],
  around: (call: Call, given: readonly unknown[]) => Promise<unknown>,
): RoomStore {
  return everyCall(tables, (name, work, given) => {
    if (!names.includes(name)) return work();
    const call = Reflect.get(tables, name) as Call;
    return around((...more) => call.apply(tables, more), given);
  });
}

function patched(prototype: object, name: string, value: unknown): () => void {
  return patchedWith(prototype, name, { configurable: true, writable: true, value });
}

function patchedGetter(prototype: object, name: string, get: () => unknown): () => void {
  return patchedWith(prototype, name, { configurable: true, get });
}

function patchedWith(prototype: object, name: string, to: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  Object.defineProperty(prototype, name, to);
  return () => void Object.defineProperty(prototype, name, before);
}
