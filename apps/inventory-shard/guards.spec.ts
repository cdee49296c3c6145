import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Reply } from '#libs/contracts/wire.js';
import { decodeReplyBatch, encodeCommandBatch } from '#libs/contracts/wire-codec.js';
import { batchAfter, own } from '#libs/journal/testing/journal.fixtures.js';
import type { Tail } from '#libs/journal/journal.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { SaleClock } from '#libs/routing/sale-clock.js';
import { MemoryCluster } from './testing/memory-cluster.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Second lines of defence of a shard: what it does when something else has already gone wrong. */
async function oneShard() {
  const all = new MemoryCluster();
  const member = await all.addShard('shard-0');
  await all.clock.advance(2 * limits.heartbeatMs);
  return { all, member };
}

const accepted = (result: CallResult): boolean =>
  result.kind === 'answered' && result.answer.kind === 'accepted';

describe('a shard', () => {
  it('quarantines an event whose journal refuses a seat that is booked already (G1)', async () => {
    const { all } = await oneShard();
    const event = all.addEvent('sold');
    expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    all.journal.store.append = () => 'rejected';
    await all.send(event, all.hold(event, [2]));
    expect((await all.journal.ownership(event))?.quarantined).toMatch(/booked already/);
  });

  it('notices lost batches also when somebody has used their numbers again (G2)', async () => {
    const { all } = await oneShard();
    const event = all.addEvent('reused');
    for (let seat = 0; seat < 5; seat += 1) await all.send(event, all.hold(event, [seat]));
    const told = (await all.journal.tail(event))?.batchNo ?? 0;
    all.journal.store.loseTail(event, 3);
    let tail: Tail = await own(all.journal, event, 'shard-9-dead');
    const writer = await all.journal.openWriter('shard-9-dead');
    while (tail.batchNo < told + 2) {
      const batch = batchAfter(tail, event);
      expect(await writer.append([batch])).toEqual(['appended']);
      tail = batch;
    }
    await all.send(event, all.hold(event, [9]));
    expect((await all.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
  });

  it('quarantines an event whose actor breaks again and again', async () => {
    const { all } = await oneShard();
    const event = all.addEvent('broken');
    expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    // The core asserts whole milliseconds: every decision breaks.
    const wallMs = all.clock.nowMs();
    jest.spyOn(SaleClock.prototype, 'nowMs').mockReturnValue(wallMs + 0.5);
    for (let i = 0; i < limits.rebuildsMax; i += 1) await all.send(event, all.hold(event, [2]));
    expect((await all.journal.ownership(event))?.quarantined).toMatch(/breaks/);
  });

  it.each([
    ['fenced', 'its next append is refused'],
    ['replaced', 'it reads its ownership rows'],
  ])('counts an owner that was shut out as %s when %s first', async (reason) => {
    const { all, member } = await oneShard();
    const event = all.addEvent('shut');
    expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    const { epoch: fromEpoch } = (await all.journal.ownership(event))!;
    const incarnation = 'fence-12345678';
    const taken = await all.journal.takeOver({ eventId: event, incarnation, fromEpoch });
    if (taken.kind !== 'taken') throw new Error(`not taken: ${taken.kind}`);
    await all.journal.release(event, taken.epoch, null);
    if (reason === 'replaced') await all.clock.advance(2 * limits.heartbeatMs);
    expect(accepted(await all.send(event, all.hold(event, [2])))).toBe(true);
    const lost = (await member.metrics.text()).match(/^holdfast_actors_lost_total.* [1-9]\d*$/gm);
    expect(lost).toEqual([`holdfast_actors_lost_total{reason="${reason}"} 1`]);
  });

  it('does not serve in the epoch of another that took the event while it replayed', async () => {
    const { all } = await oneShard();
    const event = all.addEvent('overtaken');
    const takeOver = all.journal.takeOver.bind(all.journal);
    let overtakes = 1;
    all.journal.takeOver = async (request) => {
      const result = await takeOver(request);
      if (result.kind === 'taken' && overtakes-- > 0) {
        const fromEpoch = result.epoch;
        await takeOver({ eventId: request.eventId, incarnation: 'shard-9-dead', fromEpoch });
      }
      return result;
    };
    expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    expect((await all.journal.tail(event))?.epoch).toBe(3);
  });

  it('says overloaded when the mailbox of an event is full (G8)', async () => {
    const { all, member } = await oneShard();
    const event = all.addEvent('crowded');
    all.journal.takeOver = () => new Promise(() => undefined);
    const replies: Reply[] = [];
    const bus = all.broker.connect('spy');
    const { incarnation } = member.shard;
    const replyTo = subjects.replies('spy', incarnation);
    bus.subscribe(replyTo, ({ payload }) => {
      replies.push(...decodeReplyBatch(payload).replies.map(({ reply }) => reply));
    });
    for (let sent = 0; sent < limits.mailboxMax + 5; sent += 5) {
      const items = Array.from({ length: 5 }, (_, i) => ({
        correlation: sent + i + 1,
        eventId: event,
        commandId: `spy.${sent + i}` as never,
        keyed: false,
        userId: 'usr_spy' as never,
        deadlineMs: all.clock.nowMs() + limits.commandDeadlineMs,
        request: { type: 'GetSeatMap' } as const,
      }));
      const payload = encodeCommandBatch({ version: 1, clientId: 'spy', batchNo: sent + 1, items });
      bus.publish(subjects.commands(incarnation), payload, replyTo);
    }
    await all.clock.advance(100);
    expect(replies.map(({ kind }) => kind)).toEqual(Array<string>(5).fill('overloaded'));
  });
});
