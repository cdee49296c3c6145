import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { decodeFacts, type EventId, type HoldId } from '#libs/inventory/inventory.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

const hourMs = 3_600_000;
const holdTtlMs = 20_000;
/** G3: how much later than its deadline a hold may end. */
const lateMsMax = 100;

async function cluster(...wallErrorsMs: number[]): Promise<[MemoryCluster, ClusterShard[]]> {
  const all = new MemoryCluster();
  const members: ClusterShard[] = [];
  for (const [i, wallErrorMs] of wallErrorsMs.entries()) {
    members.push(await all.addShard(`shard-${i}`, undefined, { wallErrorMs }));
  }
  await all.clock.advance(2 * limits.heartbeatMs);
  return [all, members];
}

async function held(all: MemoryCluster, event: EventId, seat: number) {
  const result = await all.send(event, all.hold(event, [seat]));
  if (result.kind !== 'answered' || result.answer.kind !== 'accepted') {
    throw new Error(`no hold: ${JSON.stringify(result)}`);
  }
  const { outcome } = result.answer;
  if (outcome.type !== 'hold') throw new Error('another outcome');
  return outcome;
}

/** When the journal got the expiry, by its own clock; null: not yet. */
function endedAtMs(all: MemoryCluster, event: EventId, holdId: HoldId): number | null {
  const batch = all.journal.store
    .batches(event)
    .filter(({ facts }) => facts.length > 0)
    .find(({ facts }) =>
      decodeFacts(facts).some((fact) => fact.type === 'HoldExpired' && fact.holdId === holdId),
    );
  return batch?.writtenAtMs ?? null;
}

const ownerOf = async (all: MemoryCluster, members: ClusterShard[], event: EventId) => {
  const row = await all.journal.ownership(event);
  const owner = members.find(({ shard }) => shard.incarnation === row?.owner);
  if (owner === undefined) throw new Error('nobody owns it');
  return owner;
};

function expectOnTime(endMs: number | null, deadlineMs: number): void {
  expect(endMs).not.toBeNull();
  expect(endMs).toBeGreaterThanOrEqual(deadlineMs);
  expect(endMs).toBeLessThanOrEqual(deadlineMs + lateMsMax);
}

describe('the wall clock of a shard', () => {
  it.each([hourMs, -hourMs])('may jump by %d ms: no hold ends early, none late', async (jumpMs) => {
    const [all, [owner]] = await cluster(0);
    const event = all.addEvent('jump', { holdTtlMs });
    const before = await held(all, event, 1);
    owner.clock.wallErrorMs = jumpMs;
    await all.clock.advance(holdTtlMs / 2);
    const after = await held(all, event, 2);
    expect(after.deadlineMs - before.deadlineMs).toBeGreaterThanOrEqual(holdTtlMs / 2);
    expect(after.deadlineMs - before.deadlineMs).toBeLessThan(holdTtlMs / 2 + 1_000);
    expect(endedAtMs(all, event, before.holdId)).toBeNull();
    await all.clock.advance(holdTtlMs + lateMsMax);
    expectOnTime(endedAtMs(all, event, before.holdId), before.deadlineMs);
    expectOnTime(endedAtMs(all, event, after.holdId), after.deadlineMs);
  });

  it('may differ by minutes from that of who takes over', async () => {
    const [all, members] = await cluster(-5 * 60_000, 7 * 60_000);
    const event = all.addEvent('apart', { holdTtlMs });
    const first = await held(all, event, 1);
    all.kill(await ownerOf(all, members, event));
    const second = await held(all, event, 2);
    expect((await all.journal.ownership(event))?.epoch).toBe(2);
    expect(endedAtMs(all, event, first.holdId)).toBeNull();
    await all.clock.advance(holdTtlMs + lateMsMax);
    expectOnTime(endedAtMs(all, event, first.holdId), first.deadlineMs);
    expectOnTime(endedAtMs(all, event, second.holdId), second.deadlineMs);
  });
});

describe('the wall clock of a client', () => {
  it.each([hourMs, -hourMs])('may be off by %d ms: commands are answered', async (errorMs) => {
    const [all] = await cluster(0);
    const event = all.addEvent('client');
    all.clientClock.wallErrorMs = errorMs;
    await held(all, event, 1);
  });

  it.each([hourMs, -hourMs])('may jump by %d ms while a call has no answer', async (jumpMs) => {
    const [all, members] = await cluster(0);
    const event = all.addEvent('client');
    await held(all, event, 1);
    all.pause(members[0]);
    const sentAtMs = all.clock.monotonicMs();
    const asked = all.send(event, all.hold(event, [2]), { withinMs: 6_000 });
    all.clientClock.wallErrorMs = jumpMs;
    expect((await asked).kind).toBe('unknown');
    const tookMs = all.clock.monotonicMs() - sentAtMs;
    expect(Math.abs(tookMs - limits.commandDeadlineMs)).toBeLessThan(200);
    all.resume(members[0]);
    await all.clock.advance(2_000);
    const map = await all.send(event, { type: 'GetSeatMap' });
    // What came out of its pipe after the deadline was not run any more.
    expect(map).toMatchObject({ kind: 'found', view: { statuses: expect.anything() } });
    const { view } = map as { view: { statuses: Uint8Array } };
    expect(view.statuses[2]).toBe(0);
  });
});

describe('a database whose clock steps by an hour', () => {
  it('ends no hold of an owner that lives, and frees it about on time (S3, S4)', async () => {
    const [all] = await cluster(0);
    const event = all.addEvent('step', { holdTtlMs });
    const { holdId } = await held(all, event, 1);
    const renew = all.leases.renew.bind(all.leases);
    all.leases.renew = async (lease) => (await renew(lease)) + hourMs;
    await all.clock.advance(holdTtlMs - 1_000);
    // A turn would end what the clock says is over.
    await held(all, event, 2);
    expect(endedAtMs(all, event, holdId)).toBeNull();
    await all.clock.advance(1_000 + lateMsMax);
    expect(endedAtMs(all, event, holdId)).not.toBeNull();
  });
});
