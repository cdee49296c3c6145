import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { createRoomKeys } from '#libs/room/signed.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { RoomBook } from './room-book.js';

const eventId = 'evt_a' as EventId;

describe('what a gateway knows of waiting rooms', () => {
  async function scene(failsOpen: boolean) {
    const clock = new VirtualClock();
    const rooms = new MemoryRooms();
    const nowMs = clock.nowMs();
    const settings = { opensAtMs: nowMs, drawsAtMs: nowMs + 1, ratePerMinute: 60, activeMax: 5 };
    const more = { claimMs: 60_000, admissionMs: 60_000, partyMax: 4, failsOpen };
    await rooms.open(eventId, { ...settings, ...more }, createRoomKeys());
    const store = { away: false };
    const list = rooms.rooms.bind(rooms);
    rooms.rooms = (sinceMs) =>
      store.away ? Promise.reject(new Error('nobody answers')) : list(sinceMs);
    const book = new RoomBook({ roomStore: rooms, clock, log: silentLog() });
    await book.begin();
    return { clock, store, book };
  }

  it.each([false, true])('stands while there is no news; fails open: %s (RBK2)', async (open) => {
    const { clock, store, book } = await scene(open);
    store.away = true;
    await clock.advance(limits.roomUnheardMs);
    expect(book.guarding(eventId)).not.toBeNull();
    await clock.advance(2 * limits.roomStepMs);
    expect(book.guarding(eventId) === null).toBe(open);
    store.away = false;
    await clock.advance(2 * limits.roomStepMs);
    expect(book.guarding(eventId)).not.toBeNull();
    book.stop();
  });
});
