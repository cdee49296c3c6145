import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { encodeBeat } from '#libs/contracts/wire-codec.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { Membership } from './membership.js';

const incarnation = 'shard-a-1';

let clock: VirtualClock;
let near: MemoryBus;
let far: MemoryBus;
let membership: Membership;
let left: string[];

beforeEach(() => {
  clock = new VirtualClock();
  const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
  [near, far] = [broker.connect('near'), broker.connect('far')];
  membership = new Membership(near, clock, silentLog());
  left = [];
  membership.onLeave((name) => left.push(name));
});

afterEach(() => membership.close());

async function beat(state: ShardBeat['state'] = 'active'): Promise<void> {
  const shard = { shardId: 'shard-a', incarnation, host: 'h', pid: 1, weight: 1 };
  const load = { events: 0, commandsPerSecond: 0, sentAtMs: clock.nowMs() };
  far.publish(subjects.beats, encodeBeat({ ...shard, ...load, state }));
  await clock.advance(1);
}

describe('a shard', () => {
  it('is live from its first beat until it was silent for too long (M1)', async () => {
    expect(membership.isLive(incarnation)).toBe(false);
    await beat();
    await clock.advance(limits.suspectAfterMs - 10);
    expect(membership.isLive(incarnation)).toBe(true);
    await clock.advance(limits.heartbeatMs);
    expect([membership.isLive(incarnation), left]).toEqual([false, [incarnation]]);
  });

  it('that says farewell, or that nobody listens for, is gone at once', async () => {
    await beat();
    await beat('stopped');
    expect([membership.isLive(incarnation), left]).toEqual([false, [incarnation]]);
    await beat();
    membership.reportDead(incarnation);
    expect(membership.isLive(incarnation)).toBe(false);
  });

  it('that was reported dead is live again when it beats (M2)', async () => {
    await beat();
    membership.reportDead(incarnation);
    await clock.advance(limits.heartbeatMs);
    expect(membership.isLive(incarnation)).toBe(false);
    await beat();
    expect(membership.isLive(incarnation)).toBe(true);
  });

  it('is not taken for silent while nobody could hear it (M3)', async () => {
    await beat();
    near.cut();
    await clock.advance(3 * limits.suspectAfterMs);
    near.restore();
    await clock.advance(limits.suspectAfterMs - limits.heartbeatMs);
    expect(membership.isLive(incarnation)).toBe(true);
    await clock.advance(2 * limits.heartbeatMs);
    expect(membership.isLive(incarnation)).toBe(false);
  });

  it('that is cordoned gets new events only when all are', async () => {
    await beat('cordoned');
    expect(membership.active).toEqual([]);
    expect(membership.placeable.map((one) => one.incarnation)).toEqual([incarnation]);
    await beat('draining');
    expect(membership.placeable).toEqual([]);
  });
});
