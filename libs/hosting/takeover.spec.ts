import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus, BusReply } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Ownership } from '#libs/journal/journal.js';
import { MemoryLeaseStore } from '#libs/journal/memory-lease.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { Membership } from '#libs/routing/membership.js';
import { ownerIfAlive } from './takeover.js';

const owner = 'shard-a-1';
const row = { eventId: 'evt_a' as EventId, owner, epoch: 1 } as Ownership;
const lease = { incarnation: owner, shardId: 'shard-a', host: 'h', pid: 1 };

let clock: VirtualClock;
let leases: MemoryLeaseStore;
/** What the bus says of the owner; `timeout` takes its time. */
let ping: BusReply;
let live: boolean;
let reported: string[];

beforeEach(async () => {
  clock = new VirtualClock();
  leases = new MemoryLeaseStore(clock);
  await leases.renew(lease);
  [ping, live, reported] = [{ kind: 'timeout' }, true, []];
});

async function asked(): Promise<string | null> {
  const request = (_subject: string, _payload: Uint8Array, timeoutMs: number): Promise<BusReply> =>
    new Promise((resolve) => {
      clock.after(ping.kind === 'timeout' ? timeoutMs : 1, () => resolve(ping));
    });
  const bus = { request } as unknown as Bus;
  const membership = {
    isLive: () => live,
    reportDead: (name: string) => void reported.push(name),
  } as unknown as Membership;
  let answer: string | null = 'no answer yet';
  void ownerIfAlive({ bus, leases, membership, clock }, row).then((said) => (answer = said));
  await clock.advance(limits.pingTimeoutMs + 10);
  return answer;
}

describe('the owner of an event', () => {
  it('that answers is alive', async () => {
    ping = { kind: 'reply', payload: new Uint8Array(0) };
    expect(await asked()).toBe(owner);
  });

  it('that nobody listens for is dead, however fresh its heartbeat and its lease', async () => {
    ping = { kind: 'no_responders' };
    expect(await asked()).toBe('dead');
    expect(reported).toEqual([owner]);
  });

  it('that is silent keeps its events as long as it may hold its lease for good (K1)', async () => {
    live = false;
    expect(await asked()).toBeNull();
    await clock.advance(limits.suspectAfterMs - 2 * limits.pingTimeoutMs - 30);
    expect(await asked()).toBeNull();
    await clock.advance(limits.pingTimeoutMs);
    expect(await asked()).toBe('dead');
  });

  it('that beats but does not answer in time is alive', async () => {
    await clock.advance(10 * limits.suspectAfterMs);
    expect(await asked()).toBe(owner);
  });

  it('that ended its lease and beats no more is dead', async () => {
    live = false;
    await leases.end(owner);
    expect(await asked()).toBe('dead');
  });
});
