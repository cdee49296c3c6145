import { describe, expect, it } from '@jest/globals';
import { decodeFacts, type EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

/** Cases in which an event once stayed out of reach, or a hold for ever; nothing was lost. */
async function cluster(shards: number): Promise<[MemoryCluster, ClusterShard[]]> {
  const all = new MemoryCluster();
  const members: ClusterShard[] = [];
  for (let i = 0; i < shards; i += 1) members.push(await all.addShard(`shard-${i}`));
  await all.clock.advance(600);
  return [all, members];
}

async function ownerOf(all: MemoryCluster, members: ClusterShard[], event: EventId) {
  const row = await all.journal.ownership(event);
  return members.find((member) => member.shard.incarnation === row?.owner)!;
}

const accepted = (result: CallResult): boolean =>
  result.kind === 'answered' && result.answer.kind === 'accepted';

describe('an event', () => {
  it('stays in reach when its new owner notices a death later than the client', async () => {
    const [all, members] = await cluster(2);
    const event = all.addEvent('late');
    await all.send(event, all.hold(event, [1]));
    const zombie = await ownerOf(all, members, event);
    const taker = members.find((member) => member !== zombie)!;
    all.pause(zombie);
    await all.clock.advance(600);
    all.pause(taker);
    await all.clock.advance(700);
    all.resume(taker);
    const result = await all.send(event, all.hold(event, [10]), { withinMs: 20_000 });
    expect(result.kind).toBe('answered');
  });

  it('is served by an owner that failed to bring it up, whatever placement says', async () => {
    const [all, members] = await cluster(2);
    // The claim came through, the replay did not: the row names a shard without an actor.
    for (let i = 0; i < 8; i += 1) {
      const event = all.addEvent(`halfway${i}`);
      const { incarnation } = members[i % 2].shard;
      await all.journal.takeOver({ eventId: event, incarnation, fromEpoch: 0 });
      const row = (await all.journal.ownership(event))!;
      all.journal.store.setOwnership({ ...row, wakeAtMs: all.clock.nowMs() + 60_000 });
      expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    }
  });

  it('is woken for its holds although giving it up failed half way', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('stray', { holdTtlMs: 5 * 60_000 });
    await all.send(event, all.hold(event, [1]));
    const release = all.journal.release.bind(all.journal);
    let failures = 1;
    all.journal.release = (...row) =>
      failures-- > 0 ? Promise.reject(new Error('database away')) : release(...row);
    await all.clock.advance(5 * 60_000 + 6_000);
    expect(failures).toBeLessThan(1);
    const facts = all.journal.store.batches(event).flatMap((batch) => decodeFacts(batch.facts));
    expect(facts.filter(({ type }) => type === 'HoldExpired')).toHaveLength(1);
  });

  it('speaks of an expired hold to its own buyer only', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('private', { holdTtlMs: 10_000 });
    const holdId = all.holdId(event);
    await all.send(event, all.hold(event, [1], holdId), { userId: 'usr_a' });
    await all.clock.advance(11_000);
    const codes: string[] = [];
    for (const userId of ['usr_a', 'usr_eve']) {
      const request = { type: 'GetHold', holdId } as const;
      const result = await all.send(event, request, { userId });
      if (result.kind === 'answered' && result.answer.kind === 'refused') {
        codes.push(result.answer.refusal.code);
      }
    }
    expect(codes).toEqual(['hold_expired', 'hold_not_found']);
  });

  it('costs its caller no patience when it is quarantined', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('closed');
    for (let seat = 0; seat < 5; seat += 1) await all.send(event, all.hold(event, [seat]));
    all.journal.store.loseTail(event, 3);
    await all.send(event, all.hold(event, [9]));
    const beforeMs = all.clock.monotonicMs();
    const result = await all.send(event, all.hold(event, [9]));
    expect(result).toEqual({ kind: 'unavailable', retryAfterMs: 5_000, executed: 'no' });
    expect(all.clock.monotonicMs() - beforeMs).toBeLessThan(100);
  });

  it('is due when its last hold is, though it was given up late and its owner died', async () => {
    const [all, [member]] = await cluster(1);
    const minute = 60_000;
    const event = all.addEvent('released', { holdTtlMs: 30 * minute, holdTtlMsMax: 60 * minute });
    const first = all.holdId(event);
    await all.send(event, all.hold(event, [1], first));
    await all.send(event, { type: 'ReleaseHold', holdId: first });
    const release = all.journal.release.bind(all.journal);
    const takeOver = all.journal.takeOver.bind(all.journal);
    let late: (() => Promise<boolean>) | null = null;
    all.journal.release = (...given) => {
      late = () => release(...given);
      return Promise.reject(new Error('no answer in time'));
    };
    all.journal.takeOver = async (request) => {
      // What was read of the row says that it is due when the first hold was.
      await late?.();
      late = null;
      return takeOver(request);
    };
    await until(async () => (await all.journal.ownership(event))?.epoch === 2, all);
    expect(accepted(await all.send(event, all.hold(event, [2])))).toBe(true);
    all.journal.release = release;
    all.kill(member);
    await all.addShard('shard-1');
    await all.clock.advance(31 * minute);
    const facts = all.journal.store.batches(event).flatMap((batch) => decodeFacts(batch.facts));
    expect(facts.at(-1)).toMatchObject({ type: 'HoldExpired' });
  });
});

describe('a shard', () => {
  it('answers thousands of commands that waited for one activation', async () => {
    const [all, members] = await cluster(2);
    const event = all.addEvent('herd', { placesPerBuyerMax: 100_000 }, 200, 40);
    await all.send(event, all.hold(event, [0]));
    all.kill(await ownerOf(all, members, event));
    const answers: CallResult[] = [];
    for (let seat = 1; seat <= 3_000; seat += 1) {
      const request = all.hold(event, [seat]);
      const commandId = all.client.nextCommandId();
      const call = { eventId: event, keyed: false, userId: 'usr_a' as never, commandId, request };
      all.client.send(call, (answer) => answers.push(answer));
    }
    await all.clock.advance(4_000);
    expect(answers.filter(accepted)).toHaveLength(3_000);
  });

  it('does not start beside a live one of the same name', async () => {
    const [all] = await cluster(1);
    await expect(all.addShard('shard-0')).rejects.toThrow('a shard named shard-0 is alive');
  });
});

async function until(holds: () => Promise<boolean>, { clock }: MemoryCluster): Promise<void> {
  for (let i = 0; i < 1_000 && !(await holds()); i += 1) await clock.advance(1_000);
  expect(await holds()).toBe(true);
}
