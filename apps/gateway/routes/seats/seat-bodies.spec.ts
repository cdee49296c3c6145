import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { limits } from '#libs/contracts/limits.js';
import type { MinorUnits } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { BodyCache } from '../../http/body-cache.js';
import { BoundedWork } from '../../http/bounded-work.js';
import { Compression } from '../../http/compression.js';
import type { EventReplica } from '../../replica/event-replica.js';
import { Replicas } from '../../replica/replicas.js';
import { FakeCatalogue, fakeEventId } from '../../testing/fake-catalogue.js';
import { FakeInventory } from '../../testing/fake-inventory.js';
import { seatBody } from './seat-bodies.js';

const seatCount = 400;
const entry = new FakeCatalogue(seatCount, 10);

describe('the list of a state', () => {
  let clock: VirtualClock;
  let replicas: Replicas;
  let bodies: BodyCache;
  let listWork: BoundedWork;

  beforeEach(() => {
    clock = new VirtualClock();
    const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
    const far = broker.connect('far');
    const later = (done: () => void): void => void clock.after(5, done);
    const inventory = new FakeInventory(far, fakeEventId, seatCount, [10], later);
    const ports = { bus: broker.connect('near'), inventory, clock, log: silentLog() };
    replicas = new Replicas({ ...ports, share: wholeLoop, onResync: () => undefined });
    bodies = new BodyCache(limits.bodyCacheBytesMax);
    listWork = new BoundedWork({ atOnceMax: 1, waitingMax: 10 });
  });

  afterEach(() => replicas.close());

  async function replica(): Promise<EventReplica> {
    const one = replicas.of(entry);
    if (one === null) throw new Error('refused');
    await clock.advance(10);
    return one;
  }

  const bodyOf = (one: EventReplica) => {
    const compression = new Compression({ atOnceMax: 1, waitingMax: 10 });
    const state = one.states.newest(clock.monotonicMs());
    return seatBody({ bodies, compression, listWork, replicas }, state, 'list');
  };

  it('is made in the draft of the replica that is kept, not of one that has gone', async () => {
    const gone = await replica();
    const before = bodyOf(gone);
    await before.in('gzip');
    const draft = gone.seatList.bytes;
    expect(draft).toBeGreaterThan(0);
    await clock.advance(limits.replicaIdleMs * 2);
    expect(replicas.size).toBe(0);
    gone.seatList.forget();
    const now = await replica();
    expect(bodyOf(now) === before).toBe(true);
    await before.in('br');
    expect([gone.seatList.bytes, now.seatList.bytes]).toEqual([0, draft]);
    expect(replicas.bytes).toBe(now.bytes);
  });

  it('has the prices that belong to its state, whenever it is made', async () => {
    const { detail, layout } = entry;
    const rules = { ...detail.rules, prices: detail.rules.prices.map(() => 77_00 as MinorUnits) };
    const one = await replica();
    const before = bodyOf(one);
    one.renew({ layout, detail: { ...detail, rules, rulesRevision: 1 } });
    await clock.advance(1_000);
    const after = bodyOf(one);
    const priceOf = async (body: ReturnType<typeof bodyOf>): Promise<unknown> => {
      const bytes = await body.in('identity');
      const list = JSON.parse(Buffer.from(bytes ?? []).toString()) as { price: unknown }[];
      return list[0].price;
    };
    expect(await priceOf(after)).toBe(77_00);
    expect(await priceOf(before)).toBe(detail.rules.prices[0]);
    one.renew({ layout, detail });
    expect(await priceOf(bodyOf(one))).toBe(77_00);
  });

  it('is dear for who asks first, of all versions and codings', async () => {
    const one = await replica();
    const body = bodyOf(one);
    expect(body.bytesBefore('br')).toBeGreaterThan(seatCount * 50);
    const making = body.in('br');
    expect(body.bytesBefore('gzip')).toBe(0);
    await making;
    expect(body.bytesBefore('identity')).toBe(0);
    await clock.advance(limits.replicaIdleMs * 2);
    expect(bodyOf(await replica()).bytesBefore('br')).toBe(0);
    expect(bodyOf(await replica()).bytesBefore('identity')).toBeGreaterThan(0);
  });
});
