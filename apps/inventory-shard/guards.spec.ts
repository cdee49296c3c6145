import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import type { CommandItem, Query, Reply, SeatDiff } from '#libs/contracts/wire.js';
import { decodeDiff, decodeReplyBatch, encodeCommandBatch } from '#libs/contracts/wire-codec.js';
import type {
  Command,
  CommandId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/inventory.js';
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

const accepted = (result: CallResult | Reply): boolean =>
  result.kind === 'answered' && result.answer.kind === 'accepted';

/** A client that waits for nothing: its frames are all under way at once. */
class Spy {
  readonly heard: Reply[] = [];
  private readonly bus: MemoryBus;
  private readonly replyTo: string;
  private sent = 0;

  constructor(
    private readonly all: MemoryCluster,
    private readonly incarnation: string,
  ) {
    this.bus = all.broker.connect('spy');
    this.replyTo = subjects.replies('operator', 'spy', incarnation);
    this.bus.subscribe(this.replyTo, ({ payload }) => {
      this.heard.push(...decodeReplyBatch(payload).replies.map(({ reply }) => reply));
    });
  }

  ask(eventId: EventId, calls: readonly { userId: string; request: Command | Query }[]): void {
    const deadlineMs = this.all.clock.nowMs() + limits.commandDeadlineMs;
    const items = calls.map(({ userId, request }): CommandItem => {
      const correlation = (this.sent += 1);
      const commandId = `spy.${correlation}` as CommandId;
      const from = { commandId, keyed: false, userId: userId as UserId };
      return { correlation, eventId, ...from, deadlineMs, request };
    });
    const batch = { version: 1, clientId: 'spy', batchNo: this.sent, items } as const;
    const payload = encodeCommandBatch(batch);
    this.bus.publish(subjects.commands(this.incarnation), payload, this.replyTo);
  }
}

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

  it('leaves a diff out that fits no frame, and its watchers see the gap (G6)', async () => {
    const { all, member } = await oneShard();
    const event = all.addEvent('wordy', { placesPerBuyerMax: 1_000 }, 500, 256);
    expect(accepted(await all.send(event, all.hold(event, [0])))).toBe(true);
    const diffs: SeatDiff[] = [];
    all.broker.connect('spy').subscribe(subjects.diffs(event), ({ payload }) => {
      diffs.push(decodeDiff(payload));
    });
    // While one append runs, the next batch gathers holds whose ids are as long as an id may be,
    // and then the organiser blocks most of the house.
    all.journal.injectFaults(() => ({ slowMs: 200 }));
    const spy = new Spy(all, member.shard.incarnation);
    for (let from = 1; from <= 3_500; from += 500) {
      const holds = Array.from({ length: 500 }, (_, i) => {
        const holdId = `rsv_wordy_${from + i}`.padEnd(limits.idBytesMax, 'x') as HoldId;
        const userId = `usr_${from + i}`.padEnd(64, 'x');
        return { userId, request: all.hold(event, [from + i], holdId) };
      });
      spy.ask(event, holds);
    }
    const seats = Array.from({ length: 100_000 }, (_, i) => (10_000 + i) as SeatIndex);
    const block: Command = { type: 'BlockSeats', seats, areas: [], reason: 'a fire drill' };
    spy.ask(event, [{ userId: 'usr_box', request: block }]);
    await all.clock.advance(1_000);
    expect(spy.heard.length).toBe(3_501);
    expect(spy.heard.filter((answer) => !accepted(answer))).toEqual([]);
    all.journal.injectFaults(() => 'none');
    expect(accepted(await all.send(event, all.hold(event, [9_000])))).toBe(true);
    const told = (await member.metrics.text()).match(/^holdfast_frames_unfit_total.*diff.*$/gm);
    expect(told).toEqual(['holdfast_frames_unfit_total{what="diff"} 1']);
    const gaps = diffs.slice(1).filter((diff, i) => diff.from !== diffs[i].to);
    expect(gaps.map(({ to }) => to)).toEqual([diffs[diffs.length - 1].to]);
  });

  it('answers a question whose answer fits no frame with an error, and goes on', async () => {
    const { all, member } = await oneShard();
    // Larger than any plan that can be imported.
    const event = all.addEvent('endless', {}, 1_100, 1_000);
    expect(await all.send(event, { type: 'GetSeatMap' })).toMatchObject({
      kind: 'unavailable',
      executed: 'no',
    });
    expect(accepted(await all.send(event, all.hold(event, [1])))).toBe(true);
    const told = (await member.metrics.text()).match(/^holdfast_frames_unfit_total.*reply.*$/gm);
    expect(told).toEqual(['holdfast_frames_unfit_total{what="reply"} 1']);
  });

  it('leaves a beat out that fits no frame, and beats again when it does', async () => {
    const { all, member } = await oneShard();
    jest.spyOn(SaleClock.prototype, 'nowMs').mockReturnValue(-1);
    await all.clock.advance(2 * limits.heartbeatMs);
    jest.restoreAllMocks();
    let beats = 0;
    all.broker.connect('spy').subscribe(subjects.beats, () => {
      beats += 1;
    });
    await all.clock.advance(2 * limits.heartbeatMs);
    expect(beats).toBeGreaterThan(0);
    const told = (await member.metrics.text()).match(/^holdfast_frames_unfit_total.*beat.*$/gm);
    expect(told).toEqual(['holdfast_frames_unfit_total{what="beat"} 2']);
  });

  it('says overloaded when the mailbox of an event is full (G8)', async () => {
    const { all, member } = await oneShard();
    const event = all.addEvent('crowded');
    all.journal.takeOver = () => new Promise(() => undefined);
    const spy = new Spy(all, member.shard.incarnation);
    for (let sent = 0; sent < limits.mailboxMax + 5; sent += 5) {
      const request = { type: 'GetSeatMap' } as const;
      spy.ask(
        event,
        Array.from({ length: 5 }, () => ({ userId: 'usr_spy', request })),
      );
    }
    await all.clock.advance(100);
    expect(spy.heard.map(({ kind }) => kind)).toEqual(Array<string>(5).fill('overloaded'));
  });
});
