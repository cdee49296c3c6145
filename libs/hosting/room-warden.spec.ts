import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import type { StillFree } from '#libs/inventory/inventory.js';
import { silentLog } from '#libs/platform/log.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { createRoomKeys, entryOf } from '#libs/room/signed.js';
import { chooseShard } from '#libs/routing/placement.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { RoomWarden } from './room-warden.js';

const eventId = 'evt_kept' as EventId;

/** A room with people in it, and shards that may keep it. */
async function scene(people: number) {
  const clock = new VirtualClock();
  const rooms = new MemoryRooms();
  const opensAtMs = clock.nowMs();
  const settings = { opensAtMs, drawsAtMs: opensAtMs + 10_000, ratePerMinute: 6_000, partyMax: 4 };
  const more = { activeMax: 50, claimMs: 60_000, admissionMs: 60_000 };
  const room = (await rooms.open(eventId, { ...settings, ...more }, createRoomKeys()))!;
  await rooms.join(
    room.roomNo,
    Array.from({ length: people }, (_, i) => {
      const userId = `usr_${i}` as UserId;
      return { userId, nonce: 'n', party: 1, entry: entryOf('r', userId, 'n') };
    }),
  );
  const shards = ['a', 'b'].map((shardId) => ({ shardId, incarnation: `${shardId}-1`, weight: 1 }));
  const strain = { ownerMs: 0 };
  const suspects: string[] = [];
  const warden = (incarnation: string, placeable = shards, owner: object | null = null) =>
    new RoomWarden(
      {
        slots: new Map(owner === null ? [] : [[eventId, owner]]) as never,
        takeStrainMs: () => strain.ownerMs,
      },
      {
        payments: { ms: null, ask: () => Promise.resolve() },
        rooms,
        incarnation,
        clock,
        log: silentLog(),
        membership: { placeable: placeable as never, suspects },
      },
    );
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= limits.roomStepMs) {
      await clock.advance(limits.roomStepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const now = async () => (await rooms.rooms(0))[0];
  return { rooms, warden, pass, now, shards, strain, suspects };
}

const ownerOf = (places: StillFree) => ({
  actor: { roomReads: () => ({ stillFree: () => places, buyers: () => [] }) },
});

describe('the keeper of waiting rooms', () => {
  it('takes a room from its lobby to its first calls', async () => {
    const { warden, pass, now } = await scene(200);
    const [a, b] = [warden('a-1'), warden('b-1')];
    [a, b].forEach((one) => one.start());
    await pass(5_000);
    expect(await now()).toMatchObject({ serving: 0, head: { size: 200, final: false } });
    await pass(10_000);
    expect(await now()).toMatchObject({ entrants: 200, serving: 50, head: { final: true } });
    [a, b].forEach((one) => one.stop());
  });

  it('is followed by another shard when it dies, which goes on where it was', async () => {
    const { warden, pass, now, shards } = await scene(20);
    const first = warden('a-1', [shards[0]]);
    first.start();
    await pass(5_000);
    first.stop();
    const { head } = await now();
    const second = warden('b-1', [shards[1]]);
    second.start();
    await pass(10_000);
    expect(await now()).toMatchObject({ entrants: 20, serving: 20, head: { size: head?.size } });
    second.stop();
  });

  it('is followed when it is only quiet, before it is given up (RWN1)', async () => {
    const { warden, pass, now, shards, suspects } = await scene(20);
    const home = chooseShard(eventId, shards)!.incarnation;
    const next = shards.find(({ incarnation }) => incarnation !== home)!.incarnation;
    const other = warden(next);
    other.start();
    await pass(15_000);
    expect((await now()).head).toBeNull();
    suspects.push(home, next);
    await pass(1_500);
    expect(await now()).toMatchObject({ entrants: 20, serving: 20 });
    other.stop();
  });

  it('is the owner of the event, who says what is free (RWN1)', async () => {
    const { warden, pass, now } = await scene(20);
    const owner = ownerOf({ free: 6, held: 3, paying: 1, ending: 2, together: [6, 3, 2, 1] });
    const keeper = warden('elsewhere', [], owner);
    keeper.start();
    await pass(15_000);
    expect(await now()).toMatchObject({
      ...{ placesFree: 6, placesHeld: 3, placesPaying: 1, together: [6, 3, 2, 1] },
      // Two each, as long as nobody knows better, also of those that are about to come back.
      ...{ serving: 3, soldOut: false },
    });
    keeper.stop();
  });

  it('calls fewer, then nobody, while the owner answers slowly, and goes on later', async () => {
    const { warden, pass, now, strain } = await scene(500);
    const keeper = warden('a-1');
    keeper.start();
    strain.ownerMs = 10 * limits.roomOwnerSlowMs;
    await pass(12_000);
    expect(await now()).toMatchObject({ serving: 0, pacePercent: 0, head: { final: true } });
    strain.ownerMs = 0;
    await pass(3 * limits.roomCalmMs);
    expect(await now()).toMatchObject({ serving: 50, pacePercent: 100 });
    keeper.stop();
  });
});
