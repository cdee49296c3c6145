import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AvailabilityCount } from '#libs/catalogue/availability/availability.js';
import { limits } from '#libs/contracts/limits.js';
import type { SeatIndex } from '#libs/inventory/inventory.js';
import { MemoryCluster } from './testing/memory-cluster.js';

/** What owners tell searches about the events that they have. */
let all: MemoryCluster;
let writes: (readonly AvailabilityCount[])[];
let broken: boolean;

beforeEach(() => {
  all = new MemoryCluster();
  writes = [];
  broken = false;
  all.availability = {
    write(counts) {
      if (broken) return Promise.reject(new Error('no database'));
      writes.push(counts);
      return Promise.resolve();
    },
  };
});

/** Of a hall that has a floor of a hundred places besides. */
const seatsOf = (count: number) => Array.from({ length: count }, (_, i) => i as SeatIndex);
const short = { holdTtlMs: 10_000, placesPerHoldMax: 50, placesPerBuyerMax: 50 };
const looks = (count = 1) => all.clock.advance(count * limits.availabilityLookMs);
const free = () => writes.flat().map((count) => count.free);

describe('what can still be had', () => {
  it('is written when it changed, and not again', async () => {
    await all.addShard('shard-0');
    const event = all.addEvent('small', short, 2, 4);
    await all.send(event, all.hold(event, seatsOf(8)));
    await looks(3);
    expect(writes.flat()).toMatchObject([{ eventId: event, free: 100, saleStatus: 'open' }]);
    // The hold runs out.
    await all.clock.advance(short.holdTtlMs);
    await looks(3);
    expect(free()).toEqual([100, 108]);
  });

  it('is written late when it could not be, of the event as it is then', async () => {
    await all.addShard('shard-0');
    const event = all.addEvent('small', short, 2, 4);
    broken = true;
    await all.send(event, all.hold(event, [0, 1]));
    await looks(2);
    broken = false;
    await looks(2);
    expect(free()).toEqual([106]);
    broken = true;
    await all.send(event, all.hold(event, [2]));
    await looks(2);
    await all.send(event, all.hold(event, [4, 5]));
    broken = false;
    await looks(2);
    expect(free()).toEqual([106, 103]);
  });

  it('is written by the next owner under its own epoch', async () => {
    const first = await all.addShard('shard-0');
    const event = all.addEvent('small', { ...short, holdTtlMs: 600_000 }, 2, 4);
    await all.send(event, all.hold(event, [0, 1]));
    await looks();
    all.kill(first);
    await all.addShard('shard-1');
    await all.clock.advance(limits.suspectAfterMs + limits.pingTimeoutMs);
    await all.send(event, all.hold(event, [4]));
    await looks(2);
    const counts = writes.flat();
    expect(counts.at(-1)?.free).toBe(105);
    expect(counts.at(-1)?.epoch).toBeGreaterThan(counts[0].epoch);
  });

  it('of many events is written some at a time, of each in turn (AW2)', async () => {
    await all.addShard('shard-0');
    const count = limits.availabilityRowsMax + 20;
    const events = Array.from({ length: count }, (_, i) => all.addEvent(`many${i}`, short, 1, 4));
    await Promise.all(events.map((event) => all.send(event, all.hold(event, [0, 1]))));
    await looks(4);
    expect(Math.max(...writes.map((rows) => rows.length))).toBeLessThanOrEqual(
      limits.availabilityRowsMax,
    );
    expect(new Set(writes.flat().map(({ eventId }) => eventId)).size).toBe(count);
  });
});
