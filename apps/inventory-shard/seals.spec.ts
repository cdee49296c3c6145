import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { AttemptId, BookingId, UserId } from '#libs/inventory/inventory.js';
import { systemRandom } from '#libs/platform/random.js';
import { silentLog } from '#libs/platform/log.js';
import type { CallResult, InventoryCall } from '#libs/routing/inventory-call.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { MemoryCluster } from './testing/memory-cluster.js';

const sealKey = 's'.repeat(48);
const userId = 'usr_ada' as UserId;

async function sceneOf(...sealKeys: readonly string[]) {
  const all = new MemoryCluster();
  await all.addShard('shard-0', undefined, { sealKeys });
  const eventId = all.addEvent('sealed');
  const clientOf = (clientId: string, own?: string): RoutingClient =>
    createInventoryClient({
      bus: all.broker.connect(clientId),
      clock: all.clock,
      random: systemRandom,
      log: silentLog(),
      clientId,
      sealKey: own,
    });
  const clients = { gateway: clientOf('gw'), payments: clientOf('pay', sealKey) };
  await all.clock.advance(2 * limits.heartbeatMs);
  const say = async (
    client: RoutingClient,
    request: InventoryCall['request'],
  ): Promise<CallResult> => {
    const commandId = client.nextCommandId();
    const result = client.call({ eventId, commandId, keyed: true, userId, request });
    await all.clock.advance(limits.commandDeadlineMs + limits.callSweepMs);
    return result;
  };
  return { ...clients, all, eventId, say };
}

type Scene = Awaited<ReturnType<typeof sceneOf>>;

/** A hold of one seat, and what payments say of it. */
async function held(scene: Scene) {
  const hold = scene.all.hold(scene.eventId, [0]);
  expect(await scene.say(scene.gateway, hold)).toMatchObject({ answer: { kind: 'accepted' } });
  if (hold.type !== 'HoldSeats') throw new Error('not a hold');
  const { holdId } = hold;
  const attemptId = 'att_1' as AttemptId;
  const bookingId = 'bkg_sealed_1' as BookingId;
  return {
    begin: { type: 'BeginPayment', holdId, attemptId } as const,
    book: { type: 'BookHold', holdId, bookingId, attemptId } as const,
    look: { type: 'GetHold', holdId } as const,
  };
}

describe('a shard with the key of payments', () => {
  it('books nothing for a client without the key, and changes nothing', async () => {
    const scene = await sceneOf(sealKey);
    const { begin, book, look } = await held(scene);
    for (const request of [begin, book]) {
      expect((await scene.say(scene.gateway, request)).kind).toBe('unavailable');
    }
    expect(await scene.say(scene.gateway, look)).toMatchObject({ view: { status: 'held' } });
  });

  it('books for payments', async () => {
    const scene = await sceneOf(sealKey);
    const { begin, book } = await held(scene);
    for (const request of [begin, book]) {
      expect(await scene.say(scene.payments, request)).toMatchObject({
        answer: { kind: 'accepted' },
      });
    }
  });
});

describe('a shard while the key is replaced', () => {
  const book = async (...sealKeys: readonly string[]) => {
    const scene = await sceneOf(...sealKeys);
    return (await scene.say(scene.payments, (await held(scene)).begin)).kind;
  };

  it('believes payments with either key, and not with the one that was taken out', async () => {
    const next = 'n'.repeat(48);
    expect(await book(sealKey, next)).not.toBe('unavailable');
    expect(await book(next, sealKey)).not.toBe('unavailable');
    expect(await book(next)).toBe('unavailable');
  });
});

describe('a shard without it', () => {
  it('believes payments of a release that seals nothing, and of one that does', async () => {
    const scene = await sceneOf();
    const { begin, book } = await held(scene);
    const said = [await scene.say(scene.gateway, begin), await scene.say(scene.payments, book)];
    expect(said).toMatchObject([
      { answer: { kind: 'accepted' } },
      { answer: { kind: 'accepted' } },
    ]);
  });
});
