import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { silentLog } from '#libs/platform/log.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { systemRandom } from '#libs/platform/random.js';
import { EventShares } from '#libs/routing/event-shares.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { FakeCatalogue, fakeEventId } from '../testing/fake-catalogue.js';
import { FakeInventory } from '../testing/fake-inventory.js';
import { EventReplica } from './event-replica.js';
import type { ResyncReason } from './replica-ports.js';

const letters = ['f', 'h', 'b', 'x'];

describe('a replica of a seat map', () => {
  let clock: VirtualClock;
  let far: MemoryBus;
  let near: MemoryBus;
  let inventory: FakeInventory;
  let replica: EventReplica;
  let resyncs: ResyncReason[];
  let waiting: EventShares;

  beforeEach(() => {
    clock = new VirtualClock();
    const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
    far = broker.connect('far');
    near = broker.connect('near');
    inventory = new FakeInventory(far, fakeEventId, 30, [10], (done) => clock.after(5, done));
    resyncs = [];
    waiting = new EventShares(limits.replicaWaitersMax);
    replica = open();
  });

  function open(): EventReplica {
    const { detail, layout } = new FakeCatalogue(30, 10);
    const onResync = (reason: ResyncReason): void => void resyncs.push(reason);
    const basic = { bus: near, inventory, clock, log: silentLog(), share: wholeLoop };
    const ports = { ...basic, onResync, waiting };
    return new EventReplica({ detail, layout }, ports);
  }

  afterEach(() => replica.close());

  const seen = (): string => replica.map.statuses.toString('latin1');
  const sinceSorted = (version: number): number[] =>
    [...(replica.ring.since(version)?.seats ?? [])].sort();
  const truth = (): string => [...inventory.statuses].map((s) => letters[s]).join('');

  it('keeps the diffs that come before the map, and applies those that the map lacks', async () => {
    inventory.setSeats([1], 1);
    await clock.advance(4);
    inventory.setSeats([2], 1);
    expect(replica.live).toBe(false);
    await clock.advance(10);
    inventory.setSeats([3], 2);
    await clock.advance(10);
    expect([seen(), replica.map.version, resyncs]).toEqual([truth(), 3, []]);
  });

  it('keeps a bounded number of diffs while the map is on its way (G8)', async () => {
    for (let i = 0; i <= limits.diffBufferMax; i += 1) inventory.setSeats([i % 30], i % 2);
    await clock.advance(50);
    expect([seen(), replica.map.version]).toEqual([truth(), limits.diffBufferMax + 1]);
    // Nearly all were forgotten, so what is left does not continue the first map.
    expect(resyncs).toEqual(['gap']);
  });

  it('keeps as many as it may', async () => {
    for (let i = 0; i < limits.diffBufferMax; i += 1) inventory.setSeats([i % 30], i % 2);
    await clock.advance(50);
    expect([seen(), replica.map.version]).toEqual([truth(), limits.diffBufferMax]);
    expect(resyncs).toEqual([]);
  });

  it('takes no map of another seating plan, and says so', async () => {
    replica.close();
    inventory = new FakeInventory(far, fakeEventId, 31, [10], (done) => clock.after(5, done));
    replica = open();
    await clock.advance(50);
    expect([replica.gone, replica.goneBecause]).toEqual([true, 'unavailable']);
  });

  it('tells capacities that changed, to those who watch and to those who come back', async () => {
    await clock.advance(10);
    inventory.setSeats([1], 1);
    await clock.advance(10);
    replica.flush();
    const told: (readonly number[] | undefined)[] = [];
    replica.onChange = () => told.push(replica.flush()?.changes.areas);
    const { detail, layout } = replica.entry;
    const areas = detail.areas.map((area) => ({ ...area, capacity: area.capacity + 5 }));
    replica.renew({ layout, detail: { ...detail, areas, rulesRevision: 2 } });
    expect([told, replica.ring.since(0)]).toEqual([[[0]], null]);
    replica.renew({ layout, detail: { ...detail, rulesRevision: 1 } });
    expect(replica.entry.detail.areas).toEqual(areas);
    const [area] = replica.states.newest(clock.monotonicMs()).areas;
    expect([area.capacity, area.free]).toEqual([15, 15]);
  });

  it('fetches the map again when a diff does not continue it', async () => {
    await clock.advance(10);
    inventory.loseDiffs = true;
    inventory.setSeats([4], 1);
    inventory.loseDiffs = false;
    inventory.setSeats([5], 1);
    await clock.advance(20);
    expect([seen(), replica.map.version, resyncs]).toEqual([truth(), 2, ['gap']]);
  });

  it('ignores what it knows already', async () => {
    await clock.advance(10);
    inventory.setSeats([4], 1);
    await clock.advance(10);
    inventory.version = 0;
    inventory.setSeats([4], 0);
    await clock.advance(10);
    expect(seen()[4]).toBe('h');
    expect(replica.map.version).toBe(1);
  });

  it('never takes a diff of an older owner, however well it fits', async () => {
    inventory.epoch = 5;
    inventory.setSeats([4], 1);
    await clock.advance(20);
    inventory.override = () => ({ kind: 'unavailable', retryAfterMs: 0, executed: 'no' });
    inventory.epoch = 4;
    inventory.setSeats([6], 2);
    await clock.advance(50);
    expect(seen()[6]).toBe('f');
    expect(resyncs).toEqual(['older_epoch']);
  });

  it('never goes back to an older map', async () => {
    inventory.setSeats([4], 1);
    inventory.setSeats([5], 1);
    await clock.advance(20);
    inventory.version = 1;
    replica.reconnected();
    await clock.advance(20);
    expect(replica.map.version).toBe(2);
    expect(resyncs).toContain('older_map');
    inventory.version = 7;
    await clock.advance(limits.replicaRetryMsMax);
    expect(replica.map.version).toBe(7);
  });

  it('never takes the map of an older owner, whatever its version', async () => {
    inventory.epoch = 5;
    inventory.setSeats([4], 1);
    await clock.advance(20);
    inventory.epoch = 4;
    inventory.version = 9;
    replica.reconnected();
    await clock.advance(20);
    expect([replica.map.epoch, replica.map.version]).toEqual([5, 1]);
    expect(resyncs).toContain('older_map');
  });

  it('finds out by itself that the last diff was lost', async () => {
    await clock.advance(10);
    inventory.loseDiffs = true;
    inventory.setSeats([9], 1);
    await clock.advance(2 * limits.replicaCheckMs + limits.replicaLagMs + 20);
    expect([seen(), resyncs]).toEqual([truth(), ['silent_loss']]);
  });

  it('asks a quiet owner for its version and does not trouble a busy one', async () => {
    await clock.advance(10);
    const asked = (): number =>
      inventory.calls.filter(({ request }) => request.type === 'DescribeEvent').length;
    for (let i = 0; i < 50; i++) {
      inventory.setSeats([i % 30], i % 4);
      await clock.advance(100);
    }
    expect(asked()).toBe(0);
    await clock.advance(3 * limits.replicaCheckMs);
    expect(asked()).toBeGreaterThanOrEqual(2);
  });

  it('knows no difference from a version that it leapt over', async () => {
    inventory.setSeats([4], 1);
    await clock.advance(10);
    replica.flush();
    inventory.loseDiffs = true;
    inventory.setSeats([4], 0);
    inventory.setSeats([4], 1);
    inventory.loseDiffs = false;
    inventory.setSeats([5], 1);
    await clock.advance(20);
    replica.flush();
    expect([replica.map.version, resyncs]).toEqual([4, ['gap']]);
    // Another gateway showed seat 4 free at 2; here it looks as if it never had been.
    expect(replica.ring.since(2)).toBeNull();
    expect(replica.ring.since(1)?.seats).toEqual([5]);
  });

  it('bears with shards that do not know the event for a moment, and not for ever', async () => {
    replica.close();
    inventory.override = () => ({ kind: 'unknown_event' });
    replica = open();
    await clock.advance(limits.replicaGoneMs - 100);
    expect([replica.live, replica.gone]).toEqual([false, false]);
    inventory.override = null;
    await clock.advance(limits.replicaRetryMsMax + 100);
    expect([seen(), replica.live]).toEqual([truth(), true]);
    // Live and quiet, it asks for the version now and then.
    inventory.override = () => ({ kind: 'unknown_event' });
    await clock.advance(limits.replicaCheckMs + 100);
    inventory.override = null;
    await clock.advance(2 * limits.replicaCheckMs);
    inventory.override = () => ({ kind: 'unknown_event' });
    await clock.advance(limits.replicaGoneMs - 100);
    expect([replica.live, replica.gone]).toEqual([true, false]);
    await clock.advance(3 * limits.replicaCheckMs);
    expect([replica.live, replica.gone]).toEqual([false, true]);
    expect(replica.goneBecause).toBe('event_not_found');
  });

  it('counts patience from the last answer that was another', async () => {
    replica.close();
    inventory.override = () => ({ kind: 'unknown_event' });
    replica = open();
    await clock.advance(limits.replicaGoneMs - 1_000);
    inventory.override = () => ({ kind: 'unavailable', retryAfterMs: 0, executed: 'no' });
    await clock.advance(2 * limits.replicaGoneMs);
    inventory.override = () => ({ kind: 'unknown_event' });
    await clock.advance(limits.replicaGoneMs - 100);
    expect(replica.gone).toBe(false);
    await clock.advance(2 * limits.replicaRetryMsMax);
    expect(replica.gone).toBe(true);
  });

  it('fetches the map again when the bus comes back', async () => {
    await clock.advance(10);
    inventory.loseDiffs = true;
    inventory.setSeats([9], 1);
    replica.reconnected();
    await clock.advance(10);
    expect([seen(), resyncs]).toEqual([truth(), ['reconnect']]);
  });

  it('survives a frame that nobody can read', async () => {
    await clock.advance(10);
    far.publish(subjects.diffs(fakeEventId), Buffer.from('nonsense'));
    await clock.advance(10);
    inventory.setSeats([1], 1);
    await clock.advance(10);
    expect([seen(), resyncs]).toEqual([truth(), ['malformed']]);
  });

  it('waits for an owner that is not there yet, with a bound', async () => {
    inventory.override = () => ({ kind: 'unavailable', retryAfterMs: 100, executed: 'no' });
    replica.close();
    replica = open();
    const late = Promise.resolve(replica.ready());
    await clock.advance(limits.replicaWaitMs + 10);
    expect(await late).toBe(false);
    inventory.override = null;
    const ready = Promise.resolve(replica.ready());
    await clock.advance(limits.replicaRetryMsMax + 10);
    expect(await ready).toBe(true);
  });

  it('lets no more wait for it than its share, and their places come free (G8)', async () => {
    inventory.override = () => ({ kind: 'unavailable', retryAfterMs: 100, executed: 'no' });
    replica.close();
    replica = open();
    const asked = Array.from({ length: limits.replicaWaitersMax }, () => replica.ready());
    const half = limits.replicaWaitersMax / 2;
    expect(asked.filter((ready) => ready === false)).toHaveLength(half);
    expect(waiting.taken).toBe(half);
    await clock.advance(limits.replicaWaitMs + 10);
    expect(waiting.taken).toBe(0);
    const late = Promise.resolve(replica.ready());
    inventory.override = null;
    await clock.advance(limits.replicaRetryMsMax + 10);
    expect([await late, waiting.taken]).toEqual([true, 0]);
  });

  it('names each change once, from flush to flush, also for those who were away', async () => {
    replica.onChange = () => undefined;
    await clock.advance(10);
    inventory.setSeats([1, 2], 1);
    inventory.setSeats([2], 2);
    await clock.advance(10);
    const flushed = replica.flush();
    expect(flushed).toMatchObject({ from: 0, to: 2, changes: { seats: [1, 2] } });
    expect(replica.flush()).toBeNull();
    inventory.setSeats([3], 1);
    await clock.advance(10);
    replica.flush();
    expect(sinceSorted(0)).toEqual([1, 2, 3]);
    expect(sinceSorted(2)).toEqual([3]);
    expect(sinceSorted(1)).toEqual([1, 2, 3]);
  });

  it('gives nothing on the word of an owner that was replaced since', async () => {
    await clock.advance(10);
    inventory.epoch = 2;
    inventory.setSeats([1], 1);
    await clock.advance(10);
    inventory.epoch = 1;
    const stale = replica.fresh.next();
    await clock.advance(limits.seatsAskGapMs + 10);
    inventory.epoch = 2;
    const fresh = replica.fresh.next();
    await clock.advance(limits.seatsAskGapMs + 10);
    expect([await stale, (await fresh)?.version]).toEqual([null, 1]);
  });
});
