import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Reply, SeatDiff } from '#libs/contracts/wire.js';
import { decodeDiff, decodeReplyBatch, encodeCommandBatch } from '#libs/contracts/wire-codec.js';
import type { AttemptId, BookingId, EventId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { chooseShard } from '#libs/routing/placement.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

async function cluster(shards = 2): Promise<[MemoryCluster, ClusterShard[]]> {
  const all = new MemoryCluster();
  const members: ClusterShard[] = [];
  for (let i = 0; i < shards; i += 1) members.push(await all.addShard(`shard-${i}`));
  await all.clock.advance(2 * limits.heartbeatMs);
  return [all, members];
}

const outcomeOf = (result: CallResult) =>
  result.kind === 'answered' && result.answer.kind === 'accepted' ? result.answer.outcome : null;

const refusalOf = (result: CallResult) =>
  result.kind === 'answered' && result.answer.kind === 'refused'
    ? result.answer.refusal.code
    : null;

async function ownerOf(all: MemoryCluster, members: ClusterShard[], event: EventId) {
  const row = await all.journal.ownership(event);
  return members.find((member) => member.shard.incarnation === row?.owner);
}

async function seatMap(all: MemoryCluster, event: EventId) {
  const call = {
    eventId: event,
    commandId: all.client.nextCommandId(),
    keyed: false,
    userId: 'usr_a' as never,
    request: { type: 'GetSeatMap' } as const,
  };
  let result: CallResult | undefined;
  all.client.send(call, (answer) => {
    result = answer;
  });
  for (let i = 0; i < 1_000 && result === undefined; i += 1) await all.clock.advance(5);
  if (result?.kind !== 'found' || result.view.type !== 'seat_map') throw new Error('no map');
  return result.view;
}

/** One question for the seat map, to this shard and past all routing. */
function askDirectly(all: MemoryCluster, { shard }: ClusterShard, eventId: EventId): Reply[] {
  const replies: Reply[] = [];
  const bus = all.broker.connect('spy');
  const replyTo = subjects.replies('operator', 'spy', shard.incarnation);
  bus.subscribe(replyTo, (message) => {
    replies.push(...decodeReplyBatch(message.payload).replies.map(({ reply }) => reply));
  });
  const item = {
    correlation: 1,
    eventId,
    commandId: 'spy.1' as never,
    keyed: false,
    userId: 'usr_spy' as never,
    deadlineMs: all.clock.nowMs() + limits.commandDeadlineMs,
    request: { type: 'GetSeatMap' } as const,
  };
  const payload = encodeCommandBatch({ version: 1, clientId: 'spy', batchNo: 1, items: [item] });
  bus.publish(subjects.commands(shard.incarnation), payload, replyTo);
  return replies;
}

describe('a shard', () => {
  it('brings an event to life on its first command and holds each seat once', async () => {
    const [all] = await cluster();
    const event = all.addEvent('first');
    const first = await all.send(event, all.hold(event, [3, 4]), { userId: 'usr_a' });
    expect(outcomeOf(first)).toMatchObject({ type: 'hold', seats: [3, 4], totalMinor: 10_000 });
    const second = await all.send(event, all.hold(event, [4, 5]), { userId: 'usr_b' });
    expect(refusalOf(second)).toBe('seats_unavailable');
    expect((await all.journal.ownership(event))?.epoch).toBe(1);
  });

  it('says that an unknown event is unknown', async () => {
    const [all] = await cluster(1);
    const event = 'evt_nowhere' as EventId;
    expect(await all.send(event, all.hold(event, [1]))).toEqual({ kind: 'unknown_event' });
  });

  it('repeats the first answer to a command id, before and after a take-over', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('again');
    const command = all.hold(event, [7]);
    const first = await all.send(event, command, { commandId: 'usr_a/k1' });
    const again = await all.send(event, command, { commandId: 'usr_a/k1' });
    expect(outcomeOf(again)).toEqual(outcomeOf(first));
    const refused = await all.send(event, all.hold(event, [7]), { commandId: 'usr_a/k2' });
    expect(refusalOf(refused)).toBe('seats_unavailable');
    const owner = await ownerOf(all, members, event);
    all.kill(owner!);
    const later = await all.send(event, command, { commandId: 'usr_a/k1' });
    expect(outcomeOf(later)).toEqual(outcomeOf(first));
    expect((await all.journal.ownership(event))?.epoch).toBe(2);
    const other = await all.send(event, all.hold(event, [9]), { commandId: 'usr_a/k1' });
    expect(refusalOf(other)).toBe('command_id_reused');
  });

  it('keeps every acknowledged hold when its process is killed, within a second', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('killed');
    for (let seat = 0; seat < 20; seat += 1) {
      expect(outcomeOf(await all.send(event, all.hold(event, [seat])))).not.toBeNull();
    }
    all.kill((await ownerOf(all, members, event))!);
    const beforeMs = all.clock.monotonicMs();
    expect(refusalOf(await all.send(event, all.hold(event, [5])))).toBe('seats_unavailable');
    expect(all.clock.monotonicMs() - beforeMs).toBeLessThan(1_000);
    const map = await seatMap(all, event);
    expect([...map.statuses.slice(0, 21)]).toEqual([...Array<number>(20).fill(1), 0]);
  });

  it('is replaced while it is stopped, and answers nothing stale afterwards', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('stopped');
    await all.send(event, all.hold(event, [1]));
    const zombie = (await ownerOf(all, members, event))!;
    all.pause(zombie);
    const beforeMs = all.clock.monotonicMs();
    expect(outcomeOf(await all.send(event, all.hold(event, [2])))).not.toBeNull();
    expect(all.clock.monotonicMs() - beforeMs).toBeLessThan(3_000);
    const written = (await all.journal.tail(event))?.batchNo;
    all.resume(zombie);
    await all.clock.advance(2_000);
    expect((await all.journal.tail(event))?.batchNo).toBe(written);
    expect((await all.journal.ownership(event))?.owner).not.toBe(zombie.shard.incarnation);
    expect(refusalOf(await all.send(event, all.hold(event, [2])))).toBe('seats_unavailable');
  });

  it('frees a hold on time, and the watchers hear it', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('expiry', { holdTtlMs: 10_000 });
    const diffs: SeatDiff[] = [];
    all.broker.connect('watcher').subscribe(subjects.diffs(event), (message) => {
      diffs.push(decodeDiff(message.payload));
    });
    const outcome = outcomeOf(await all.send(event, all.hold(event, [11])));
    const deadlineMs = outcome?.type === 'hold' ? outcome.deadlineMs : 0;
    await all.clock.advance(deadlineMs - all.clock.nowMs() - 1);
    expect((await seatMap(all, event)).statuses[11]).toBe(1);
    await all.clock.advance(100);
    expect((await seatMap(all, event)).statuses[11]).toBe(0);
    expect(diffs.at(-1)).toMatchObject({ seats: [11, 0], notes: [{ what: 'expired' }] });
    diffs.reduce((version, diff) => {
      expect(diff.from).toBe(version);
      return diff.to;
    }, diffs[0].from);
  });

  it('expires the holds of a dead shard on time although nobody visits the event', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('orphan', { holdTtlMs: 20_000 });
    await all.send(event, all.hold(event, [3]));
    all.kill((await ownerOf(all, members, event))!);
    await all.clock.advance(20_000 + 200);
    const batches = all.journal.store.batches(event);
    expect(batches.at(-1)?.lastSeq).toBeGreaterThan(1);
    const expiredAtMs = batches.at(-1)!.writtenAtMs;
    const heldAtMs = batches.find((batch) => batch.lastSeq > 0)!.writtenAtMs;
    expect(expiredAtMs - heldAtMs).toBeGreaterThanOrEqual(20_000);
    expect(expiredAtMs - heldAtMs).toBeLessThan(20_200);
  });

  it('writes a booking and its seats with the journal batch', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('booking');
    const holdId = all.holdId(event);
    await all.send(event, all.hold(event, [1, 2], holdId));
    expect(outcomeOf(await all.book(event, holdId, 'att1'))).toMatchObject({ type: 'booking' });
    expect([...all.journal.store.bookedSeats(event).keys()]).toEqual([1, 2]);
  });

  it('writes a booking and its cancellation in batches of their own', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('cancel');
    const holdId = all.holdId(event);
    await all.send(event, all.hold(event, [1, 2], holdId));
    const attemptId = 'att1' as AttemptId;
    const bookingId = 'bkg_att1' as BookingId;
    await all.send(event, { type: 'BeginPayment', holdId, attemptId });
    const answers: CallResult[] = [];
    for (const request of [
      { type: 'BookHold', holdId, bookingId, attemptId } as const,
      { type: 'CancelBooking', bookingId } as const,
      all.hold(event, [1, 2]),
    ]) {
      const call = { eventId: event, keyed: false, userId: 'usr_a' as never, request };
      all.client.send({ ...call, commandId: all.client.nextCommandId() }, (a) => answers.push(a));
    }
    await all.clock.advance(200);
    expect(answers.map((answer) => outcomeOf(answer)?.type)).toEqual([
      'booking',
      'cancelled',
      'hold',
    ]);
    expect([...all.journal.store.bookedSeats(event).keys()]).toEqual([]);
  });

  it('gives an idle event up and starts it again with all that it had', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('idle', { holdTtlMs: 30 * 60_000, holdTtlMsMax: 60 * 60_000 });
    await all.send(event, all.hold(event, [1, 2, 3]));
    await all.clock.advance(limits.idleBeforePassivationMs + 3 * limits.passivationScanMs);
    expect(await all.journal.ownership(event)).toMatchObject({ owner: null, epoch: 1 });
    expect(all.journal.store.snapshots(event)).toEqual([]);
    expect(refusalOf(await all.send(event, all.hold(event, [3])))).toBe('seats_unavailable');
    expect(await all.journal.ownership(event)).toMatchObject({ epoch: 2 });
  });

  it('leaves the snapshot of an idle event to others, who read the journal', async () => {
    const [all, [member]] = await cluster(1);
    const event = all.addEvent('long', { holdTtlMs: 30 * 60_000, holdTtlMsMax: 60 * 60_000 });
    for (let n = 0; n <= limits.tailAtRestBatches; n += 1) {
      await all.send(event, all.hold(event, [n]));
    }
    await all.clock.advance(limits.idleBeforePassivationMs + 3 * limits.passivationScanMs);
    expect(await all.journal.ownership(event)).toMatchObject({ owner: null, epoch: 1 });
    const [snapshot] = all.journal.store.snapshots(event);
    expect(snapshot.batchNo).toBe((await all.journal.tail(event))?.batchNo);
    expect(await member.metrics.text()).toContain('holdfast_snapshots_total 1');
    expect(refusalOf(await all.send(event, all.hold(event, [3])))).toBe('seats_unavailable');
  });

  it('gives an idle event up only when all of it is durable (G2)', async () => {
    const [all] = await cluster(1);
    const holdTtlMs = limits.idleBeforePassivationMs + 1_000;
    const event = all.addEvent('undurable', { holdTtlMs });
    await all.send(event, all.hold(event, [1]));
    all.journal.injectFaults(() => ({ slowMs: 3 * limits.passivationScanMs }));
    await all.clock.advance(holdTtlMs + 2 * limits.passivationScanMs);
    expect((await all.journal.ownership(event))?.owner).not.toBeNull();
    await all.clock.advance(3 * limits.passivationScanMs);
    expect((await all.journal.ownership(event))?.owner).toBeNull();
    expect((await all.journal.tail(event))?.lastSeq).toBe(3);
  });

  it('hands its events over when it stops, and buyers see no error', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('deploy');
    await all.send(event, all.hold(event, [1]));
    const owner = (await ownerOf(all, members, event))!;
    const stopping = owner.shard.stop();
    const during = await all.send(event, all.hold(event, [2]));
    await all.clock.advance(500);
    await stopping;
    expect(outcomeOf(during)).not.toBeNull();
    expect(refusalOf(await all.send(event, all.hold(event, [1])))).toBe('seats_unavailable');
  });

  it('sends on what comes while it gives its events back at a stop', async () => {
    const [all, [only]] = await cluster(1);
    const event = all.addEvent('leaving');
    await all.send(event, all.hold(event, [1]));
    const release = all.journal.release.bind(all.journal);
    let releasing = false;
    all.journal.release = async (...row) => {
      releasing = true;
      await new Promise<void>((resolve) => all.clock.after(300, resolve));
      return release(...row);
    };
    const stopping = only.shard.stop();
    for (let i = 0; i < 4_000 && !releasing; i += 1) await all.clock.advance(5);
    const replies = askDirectly(all, only, event);
    await all.clock.advance(1_000);
    await stopping;
    expect(replies).toEqual([{ kind: 'moved', owner: null, epoch: 0 }]);
    expect((await all.journal.ownership(event))?.owner).toBeNull();
  });

  it('answers nothing from the past when its line to the bus was cut and is back', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('cut');
    const holdId = all.holdId(event);
    await all.send(event, all.hold(event, [1], holdId));
    const former = (await ownerOf(all, members, event))!;
    former.bus.cut();
    await all.send(event, { type: 'ReleaseHold', holdId });
    expect((await all.journal.ownership(event))?.owner).not.toBe(former.shard.incarnation);
    former.bus.restore();
    const replies = askDirectly(all, former, event);
    await all.clock.advance(200);
    expect(replies.map((reply) => reply.kind)).toEqual(['moved']);
    const fresh = all.addEvent('afterwards');
    expect(outcomeOf(await all.send(fresh, all.hold(fresh, [1])))).not.toBeNull();
  });

  it('answers nothing from the past after a cut that no renewal has noticed (K3)', async () => {
    const [all, members] = await cluster();
    const event = all.addEvent('short-cut');
    const holdId = all.holdId(event);
    await all.send(event, all.hold(event, [1], holdId));
    const former = (await ownerOf(all, members, event))!;
    const ownedBy = all.journal.ownedBy.bind(all.journal);
    all.journal.ownedBy = async (incarnation) => {
      const rows = await ownedBy(incarnation);
      const isFormer = incarnation === former.shard.incarnation;
      if (isFormer) await new Promise<void>((resolve) => all.clock.after(500, resolve));
      return rows;
    };
    await all.clock.advance(limits.heartbeatMs);
    former.bus.cut();
    await all.send(event, { type: 'ReleaseHold', holdId });
    expect((await all.journal.ownership(event))?.owner).not.toBe(former.shard.incarnation);
    former.bus.restore();
    const replies = askDirectly(all, former, event);
    await all.clock.advance(2_000);
    expect(replies.map((reply) => reply.kind)).toEqual(['moved']);
  });

  it('does not take an event that placement gives to another (T2)', async () => {
    const [all, members] = await cluster(3);
    const event = all.addEvent('placed');
    const named = chooseShard(event, all.client.membership.placeable)?.incarnation ?? null;
    const others = members.filter(({ shard }) => shard.incarnation !== named);
    for (const other of others) {
      const replies = askDirectly(all, other, event);
      await all.clock.advance(200);
      expect(replies).toEqual([{ kind: 'moved', owner: named, epoch: 0 }]);
    }
    expect(await all.journal.ownership(event)).toMatchObject({ owner: null, epoch: 0 });
  });

  it('keeps an event that it took while it read what it owns', async () => {
    const [all, members] = await cluster(1);
    const event = all.addEvent('meanwhile');
    const ownedBy = all.journal.ownedBy.bind(all.journal);
    all.journal.ownedBy = async (incarnation) => {
      const rows = await ownedBy(incarnation);
      await new Promise<void>((resolve) => all.clock.after(200, resolve));
      return rows;
    };
    members[0].bus.cut();
    members[0].bus.restore();
    expect(outcomeOf(await all.send(event, all.hold(event, [1])))).not.toBeNull();
    expect(await all.journal.ownership(event)).toMatchObject({ epoch: 1 });
  });

  it('settles an append without an answer and gives the buyer the truth', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('unknown');
    await all.send(event, all.hold(event, [1]));
    const faults = ['unanswered', 'refuse'] as const;
    for (const [i, fault] of faults.entries()) {
      let armed = true;
      all.journal.injectFaults(({ kind }) => {
        const hit = armed && kind === 'append';
        armed &&= !hit;
        return hit ? fault : 'none';
      });
      expect(outcomeOf(await all.send(event, all.hold(event, [10 + i])))).not.toBeNull();
    }
    expect([...(await seatMap(all, event)).statuses.slice(10, 13)]).toEqual([1, 1, 0]);
  });

  it('lets nothing out before it is durable', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('gate');
    await all.send(event, all.hold(event, [1]));
    const diffs: SeatDiff[] = [];
    all.broker.connect('watcher').subscribe(subjects.diffs(event), (message) => {
      diffs.push(decodeDiff(message.payload));
    });
    all.journal.injectFaults(() => ({ slowMs: 400 }));
    const answers: CallResult[] = [];
    for (const user of ['usr_a', 'usr_b']) {
      const call = { eventId: event, keyed: false, userId: user as never };
      const request = all.hold(event, [50]);
      const commandId = all.client.nextCommandId();
      all.client.send({ ...call, commandId, request }, (answer) => answers.push(answer));
    }
    await all.clock.advance(300);
    expect(answers).toEqual([]);
    expect(diffs).toEqual([]);
    await all.clock.advance(300);
    expect(answers.map((answer) => refusalOf(answer))).toEqual([null, 'seats_unavailable']);
    expect(diffs).toHaveLength(1);
  });

  it('quarantines an event whose journal lost acknowledged batches', async () => {
    const [all, members] = await cluster(1);
    const event = all.addEvent('lossy');
    for (let seat = 0; seat < 5; seat += 1) await all.send(event, all.hold(event, [seat]));
    all.journal.store.loseTail(event, 3);
    const result = await all.send(event, all.hold(event, [9]));
    expect(result).toMatchObject({ kind: 'unavailable', executed: 'no' });
    expect((await all.journal.tail(event))?.batchNo).toBe(3);
    expect(members[0].shard.ready()).toBe(true);
    // Nor does anybody else go on with it, whatever becomes of the process that found out.
    all.kill(members[0]);
    await all.addShard('shard-0');
    const other = all.addEvent('sound');
    expect(outcomeOf(await all.send(other, all.hold(other, [1])))).not.toBeNull();
    const again = await all.send(event, all.hold(event, [9]));
    expect(again).toMatchObject({ kind: 'unavailable', executed: 'no' });
    expect((await all.journal.tail(event))?.batchNo).toBe(3);
  });

  it.each(['its next append is fenced', 'it reads its ownership rows'])(
    'quarantines an event whose lost batches were written anew by others, when %s (G2)',
    async (when) => {
      const [all] = await cluster(1);
      const event = all.addEvent('rewritten');
      for (let seat = 0; seat < 5; seat += 1) await all.send(event, all.hold(event, [seat]));
      expect((await all.journal.tail(event))?.batchNo).toBe(6);
      all.journal.store.loseTail(event, 3);
      for (const fromEpoch of [1, 2, 3, 4]) {
        await all.journal.takeOver({ eventId: event, incarnation: 'else-1', fromEpoch });
      }
      expect((await all.journal.tail(event))?.batchNo).toBeGreaterThan(6);
      if (when.startsWith('it reads')) await all.clock.advance(2 * limits.heartbeatMs);
      const result = await all.send(event, all.hold(event, [9]));
      expect(result).toMatchObject({ kind: 'unavailable', executed: 'no' });
      expect((await all.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
    },
  );

  it('quarantines an idle event whose last batch its journal has lost (G2)', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('refused', { holdTtlMs: 30 * 60_000, holdTtlMsMax: 60 * 60_000 });
    for (let seat = 0; seat < 3; seat += 1) await all.send(event, all.hold(event, [seat]));
    all.journal.store.loseTail(event, 3);
    await all.clock.advance(limits.idleBeforePassivationMs + 3 * limits.passivationScanMs);
    const row = await all.journal.ownership(event);
    expect(row?.quarantined).toMatch(/lost acknowledged/);
    expect(row?.owner).not.toBeNull();
    const result = await all.send(event, all.hold(event, [9]));
    expect(result).toMatchObject({ kind: 'unavailable', executed: 'no' });
  });

  it('serves an event again once an operator has lifted its quarantine, not before', async () => {
    const [all] = await cluster(1);
    const event = all.addEvent('lifted');
    for (let seat = 0; seat < 5; seat += 1) await all.send(event, all.hold(event, [seat]));
    all.journal.store.loseTail(event, 3);
    const quarantine = all.journal.quarantine.bind(all.journal);
    all.journal.quarantine = () => Promise.reject(new Error('no journal'));
    await all.send(event, all.hold(event, [9]));
    await all.clock.advance(3 * limits.passivationScanMs);
    expect(await all.send(event, all.hold(event, [9]))).toMatchObject({ kind: 'unavailable' });
    expect((await all.journal.ownership(event))?.quarantined).toBeNull();
    all.journal.quarantine = quarantine;
    await all.clock.advance(limits.passivationScanMs);
    expect((await all.journal.ownership(event))?.quarantined).toMatch(/lost acknowledged/);
    await all.journal.quarantine(event, null);
    await all.clock.advance(limits.passivationScanMs);
    expect(outcomeOf(await all.send(event, all.hold(event, [9])))).not.toBeNull();
    expect((await all.journal.tail(event))?.batchNo).toBeGreaterThan(3);
  });
});
