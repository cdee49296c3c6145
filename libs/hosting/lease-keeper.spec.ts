import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { silentLog } from '#libs/platform/log.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { HeardTime } from '#libs/routing/sale-clock.js';

const eventId = 'evt_a' as EventId;

let clock: VirtualClock;
let journal: MemoryJournal;
let keeper: LeaseKeeper;
/** What the reconciliation was told, newest last. */
let told: ReadonlyMap<string, number>[];
let proven: number;
/** How long the store takes to answer a renewal. */
let renewalMs: number;
/** And to read the rows. */
let rowsMs: number;
let storeFails: boolean;
let inReach: boolean;
let times: HeardTime[];

beforeEach(async () => {
  clock = new VirtualClock();
  journal = new MemoryJournal({ clock });
  journal.register(eventId, null);
  await journal.takeOver({ eventId, incarnation: 'me', fromEpoch: 0 });
  times = [];
  [told, proven, renewalMs, rowsMs, storeFails, inReach] = [[], 0, 0, 0, false, true];
  const store = new MemoryLeaseStore(clock);
  keeper = new LeaseKeeper({
    lease: { incarnation: 'me', shardId: 'a', host: 'h', pid: 1 },
    leases: {
      ageMs: (incarnation) => store.ageMs(incarnation),
      end: (incarnation) => store.end(incarnation),
      forgetOld: () => store.forgetOld(),
      async renew(lease) {
        if (storeFails) throw new Error('no store');
        if (renewalMs > 0) await new Promise<void>((done) => clock.after(renewalMs, done));
        return store.renew(lease);
      },
    },
    journal: slowlyRead(journal),
    clock,
    log: silentLog(),
    reachable: () => (inReach ? Promise.resolve() : Promise.reject(new Error('no bus'))),
    beginReconcile: () => (epochs) => told.push(epochs),
    hearTime: (heard) => times.push(heard),
    onProven: () => (proven += 1),
  });
  await keeper.start();
});

function slowlyRead(rows: MemoryJournal): Pick<MemoryJournal, 'ownedBy'> {
  return {
    async ownedBy(incarnation) {
      if (rowsMs > 0) await new Promise<void>((done) => clock.after(rowsMs, done));
      return rows.ownedBy(incarnation);
    },
  };
}

const takenByAnother = () => journal.takeOver({ eventId, incarnation: 'other', fromEpoch: 1 });

describe('the lease of a shard', () => {
  it('stays valid while it is renewed, and every renewal looks at the rows', async () => {
    await clock.advance(10 * limits.leaseMs);
    expect(keeper.valid()).toBe(true);
    expect(told.length).toBeGreaterThanOrEqual((9 * limits.leaseMs) / limits.heartbeatMs);
  });

  it('drops an event within a heartbeat that was taken while nothing was wrong here', async () => {
    await takenByAnother();
    await clock.advance(limits.heartbeatMs + 1);
    expect(told.at(-1)?.get(eventId)).toBeUndefined();
  });

  it('that lapsed during its own renewal is not valid before the rows were read', async () => {
    storeFails = true;
    await clock.advance(limits.leaseMs - limits.heartbeatMs - 1);
    storeFails = false;
    renewalMs = limits.leaseMs - limits.heartbeatMs / 2;
    // This one begins in time and is answered late.
    await clock.advance(1 + limits.heartbeatMs);
    expect(keeper.valid()).toBe(false);
    await takenByAnother();
    await clock.advance(renewalMs - limits.heartbeatMs);
    expect(keeper.valid()).toBe(true);
    expect(told.at(-1)?.has(eventId)).toBe(false);
  });

  it('is in doubt when the bus is back, until the bus knows the shard again', async () => {
    inReach = false;
    keeper.doubt();
    await clock.advance(limits.heartbeatMs * 2);
    expect([keeper.valid(), proven]).toEqual([false, 0]);
    inReach = true;
    await clock.advance(limits.heartbeatMs);
    expect([keeper.valid(), proven]).toEqual([true, 1]);
    expect(told[0].get(eventId)).toBe(1);
  });

  it('is not proven by a renewal that began before the doubt', async () => {
    renewalMs = 100;
    await clock.advance(limits.heartbeatMs + 50);
    keeper.doubt();
    await clock.advance(60);
    expect(keeper.valid()).toBe(false);
    // The next proof follows at once, not with the next heartbeat.
    await clock.advance(renewalMs);
    expect([keeper.valid(), proven]).toEqual([true, 1]);
  });

  it('begins when its renewal was sent, not when that was answered (K1)', async () => {
    renewalMs = 400;
    await clock.advance(limits.heartbeatMs + renewalMs + 1);
    storeFails = true;
    await clock.advance(limits.leaseMs - renewalMs - 2);
    expect(keeper.valid()).toBe(true);
    await clock.advance(2);
    expect(keeper.valid()).toBe(false);
  });

  it('that lapsed during its own renewal waits for the bus to know the shard (K3)', async () => {
    renewalMs = limits.leaseMs - 100;
    inReach = false;
    await clock.advance(limits.heartbeatMs + renewalMs + 50);
    expect(keeper.valid()).toBe(false);
    [inReach, renewalMs] = [true, 0];
    await clock.advance(limits.heartbeatMs);
    expect([keeper.valid(), proven]).toEqual([true, 1]);
  });

  it('gives a turn to who was turned away while the rows were read (K5)', async () => {
    storeFails = true;
    await clock.advance(limits.leaseMs - limits.heartbeatMs - 1);
    storeFails = false;
    rowsMs = 2 * limits.heartbeatMs;
    await clock.advance(1 + limits.heartbeatMs);
    expect(keeper.valid()).toBe(false);
    await clock.advance(rowsMs - limits.heartbeatMs);
    expect([keeper.valid(), proven]).toEqual([true, 1]);
  });

  it('hands on what the store said of the time, and between which moments', async () => {
    const sentAtMs = limits.heartbeatMs;
    renewalMs = 100;
    await clock.advance(sentAtMs + renewalMs);
    const storeMs = clock.nowMs();
    expect(times.slice(1)).toEqual([{ storeMs, sentAtMs, heardAtMs: sentAtMs + renewalMs }]);
  });

  it('drops an event that is taken just after the lease was proven again', async () => {
    keeper.doubt();
    await clock.advance(limits.heartbeatMs / 2);
    expect(told.at(-1)?.get(eventId)).toBe(1);
    await takenByAnother();
    await clock.advance(limits.heartbeatMs);
    expect(told.at(-1)?.get(eventId)).toBeUndefined();
  });
});
