import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { decodeFacts, type EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { MemoryCluster } from './testing/memory-cluster.js';

const holdTtlMs = 20_000;
const cool = 150;
const hot = 12;
/** What one take-over costs here; all of the herd one after the other would take five seconds. */
const takeOverMs = 30;

/** One shard has all events, each with a hold; nobody else is there yet. */
async function oneShardWithAll() {
  const all = new MemoryCluster();
  const victim = await all.addShard('shard-0');
  await all.clock.advance(2 * limits.heartbeatMs);
  const events = Array.from({ length: cool + hot }, (_, i) => all.addEvent(`e${i}`, { holdTtlMs }));
  for (const event of events) await all.send(event, all.hold(event, [0]));
  await all.addShard('shard-1');
  return { all, victim, sleeping: events.slice(0, cool), selling: events.slice(cool) };
}

/** Makes take-overs take time, and writes down which came when and how many there were at once. */
function observeTakeOvers(all: MemoryCluster) {
  const seen = { order: [] as EventId[], most: 0 };
  const takeOver = all.journal.takeOver.bind(all.journal);
  let running = 0;
  all.journal.takeOver = async (request) => {
    seen.order.push(request.eventId);
    running += 1;
    seen.most = Math.max(seen.most, running);
    await new Promise<void>((resolve) => void all.clock.after(takeOverMs, resolve));
    const result = await takeOver(request);
    running -= 1;
    return result;
  };
  return seen;
}

function lateness(all: MemoryCluster, event: EventId): number | null {
  let deadlineMs = NaN;
  for (const batch of all.journal.store.batches(event)) {
    for (const fact of decodeFacts(batch.facts)) {
      if (fact.type === 'SeatsHeld' && Number.isNaN(deadlineMs)) deadlineMs = fact.deadlineMs;
      if (fact.type === 'HoldExpired') return fact.atMs - deadlineMs;
    }
  }
  return null;
}

describe('the death of a shard with many events', () => {
  it('brings those that sell back first, few at once; ends the other holds on time', async () => {
    const { all, victim, sleeping, selling } = await oneShardWithAll();
    const seen = observeTakeOvers(all);
    const firstHeldMs = all.journal.store.batches(sleeping[0])[1].writtenAtMs;
    // So late that the whole herd has something due when the next scan finds it.
    await all.clock.advance(firstHeldMs + holdTtlMs - 1_200 - all.clock.nowMs());
    all.kill(victim);
    // The herd is noticed: without an owner since its heartbeats stopped.
    for (let i = 0; i < 400 && seen.order.length === 0; i += 1) await all.clock.advance(5);
    const herdAhead = seen.order.length;
    expect(herdAhead).toBeLessThanOrEqual(limits.quietActivationsAtOnceMax);
    const answers: CallResult[] = [];
    for (const eventId of selling) {
      const commandId = all.client.nextCommandId();
      const request = all.hold(eventId, [9]);
      const call = { eventId, commandId, keyed: false, userId: 'usr_b' as never, request };
      all.client.send(call, (answer) => answers.push(answer));
    }
    await all.clock.advance(1_000);
    expect(answers.map(({ kind }) => kind)).toEqual(Array<string>(hot).fill('answered'));
    const lastHot = Math.max(...selling.map((event) => seen.order.indexOf(event)));
    expect(lastHot).toBeLessThan(herdAhead + hot + 2 * limits.quietActivationsAtOnceMax);
    expect(seen.most).toBeLessThanOrEqual(limits.activationsAtOnceMax);
    await all.clock.advance(4_000);
    const late = sleeping.map((event) => lateness(all, event) ?? Infinity);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(limits.suspectAfterMs + limits.wakeScanMs);
    expect(seen.order.length).toBeGreaterThanOrEqual(cool + hot);
  });
});

describe('due events that nobody can bring to life', () => {
  it('do not keep all others asleep, however many they are', async () => {
    const all = new MemoryCluster();
    const victim = await all.addShard('shard-0');
    await all.clock.advance(2 * limits.heartbeatMs);
    const sleeping = all.addEvent('last', { holdTtlMs });
    await all.send(sleeping, all.hold(sleeping, [0]));
    const broken = new Set<EventId>();
    for (let i = 0; i < 2 * limits.wakeScanMax; i += 1) {
      const eventId = all.addEvent(`broken-${i}`);
      await all.journal.release(eventId, 0, all.clock.nowMs());
      broken.add(eventId);
    }
    const takeOver = all.journal.takeOver.bind(all.journal);
    all.journal.takeOver = (request) => {
      const fails = broken.has(request.eventId);
      return fails ? Promise.reject(new Error('unreadable')) : takeOver(request);
    };
    all.kill(victim);
    await all.addShard('shard-1');
    await all.clock.advance(holdTtlMs + 10 * limits.wakeScanMs);
    expect(lateness(all, sleeping)).not.toBeNull();
  });
});
