import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { EventEntry } from '../events/event-book.js';
import { FakeCatalogue, fakeEventId } from '../testing/fake-catalogue.js';
import { FakeInventory } from '../testing/fake-inventory.js';
import { replicaBytes, type EventReplica } from './event-replica.js';
import { Replicas } from './replicas.js';

const stadium = new FakeCatalogue(limits.seatsPerPlanMax, 10);
const club = new FakeCatalogue(10, 10);

const entryOf = ({ detail, layout }: FakeCatalogue, number: number): EventEntry => ({
  detail: { ...detail, eventId: `evt_${number}` as EventId },
  layout,
});

describe('the replicas of a gateway', () => {
  let clock: VirtualClock;
  let replicas: Replicas;

  beforeEach(() => {
    clock = new VirtualClock();
    const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
    const far = broker.connect('far');
    const inventory = new FakeInventory(far, fakeEventId, 10, [10], (done) => clock.after(5, done));
    const ports = { bus: broker.connect('near'), inventory, clock, log: silentLog() };
    replicas = new Replicas({ ...ports, share: wholeLoop, onResync: () => undefined });
  });

  afterEach(() => replicas.close());

  const open = (catalogue: FakeCatalogue, count: number, from = 0): (EventReplica | null)[] =>
    Array.from({ length: count }, (_, i) => replicas.of(entryOf(catalogue, from + i)));
  const fitting = Math.floor(limits.replicaBytesMax / replicaBytes(entryOf(stadium, 0)));

  it('are bounded by what they weigh', () => {
    open(stadium, fitting + 50);
    expect(replicas.size).toBe(fitting);
    expect(replicas.bytes).toBeLessThanOrEqual(limits.replicaBytesMax);
  });

  it('of small events may be more than those of large ones, but not any number', () => {
    open(club, limits.replicasMax + 10);
    expect(replicas.size).toBe(limits.replicasMax);
    expect(replicas.bytes).toBeLessThan(limits.replicaBytesMax);
  });

  it('are refused when all have viewers, and those with viewers stay', () => {
    for (const replica of open(stadium, fitting)) if (replica !== null) replica.watchers = 1;
    expect(open(stadium, 1, fitting)[0] === null).toBe(true);
    expect(replicas.size).toBe(fitting);
  });

  it('give up the drafts of their lists before any of them goes', async () => {
    const [one, two] = open(stadium, 2);
    await one?.seatList.render(Buffer.alloc(limits.seatsPerPlanMax, 'f'));
    replicas.weigh('evt_0' as EventId);
    const weight = replicas.bytes;
    expect(weight).toBeGreaterThan(2 * replicaBytes(entryOf(stadium, 0)) + 20_000_000);
    open(stadium, fitting - 2, 2);
    expect(one?.seatList.bytes).toBe(0);
    expect(replicas.size).toBe(fitting);
    expect(replicas.of(entryOf(stadium, 1)) === two).toBe(true);
  });

  it('give up the draft of another list before any of them goes for a new one', async () => {
    const letters = Buffer.alloc(limits.seatsPerPlanMax, 'f');
    const [one, two] = open(stadium, 2);
    await one?.seatList.render(letters);
    const draft = one?.seatList.bytes ?? 0;
    replicas.weigh('evt_0' as EventId);
    const room = limits.replicaBytesMax - replicas.bytes - draft / 2;
    const others = Math.floor(room / replicaBytes(entryOf(stadium, 0)));
    open(stadium, others, 2);
    expect([one?.seatList.bytes, replicas.size]).toEqual([draft, others + 2]);
    await two?.seatList.render(letters);
    replicas.weigh('evt_1' as EventId);
    expect([one?.seatList.bytes, two?.seatList.bytes]).toEqual([0, draft]);
    expect(replicas.size).toBe(others + 2);
    expect(replicas.bytes).toBeLessThanOrEqual(limits.replicaBytesMax);
  });

  it('forget a list that nobody asks for, while the map is watched', async () => {
    const [one] = open(stadium, 1);
    if (one === null) throw new Error('refused');
    one.watchers = 1;
    one.listedAtMs = clock.monotonicMs();
    await one.seatList.render(Buffer.alloc(limits.seatsPerPlanMax, 'f'));
    await clock.advance(limits.replicaIdleMs / 2);
    expect(one.seatList.bytes).toBeGreaterThan(0);
    await clock.advance(limits.replicaIdleMs);
    expect([one.seatList.bytes, replicas.size]).toEqual([0, 1]);
    expect(replicas.bytes).toBeLessThan(2 * one.bytes);
  });
});
