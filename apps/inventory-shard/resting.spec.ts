import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Query, SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import { decodeDiff } from '#libs/contracts/wire-codec.js';
import {
  encodeFacts,
  factLevelNewest,
  type EventId,
  type Fact,
  type TimeMs,
} from '#libs/inventory/inventory.js';
import { batchAfter, own } from '#libs/journal/testing/journal.fixtures.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import { MemoryCluster, type ClusterShard } from './testing/memory-cluster.js';

/** Events that nobody owns: what strangers see of them, and what that leaves behind: nothing. */
const longHolds = { holdTtlMs: 30 * 60_000, holdTtlMsMax: 60 * 60_000 };
const look: Query = { type: 'GetSeatMap' };

let all: MemoryCluster;
let member: ClusterShard;

beforeEach(async () => {
  all = new MemoryCluster();
  member = await all.addShard('shard-0');
  await all.clock.advance(2 * limits.heartbeatMs);
});

async function restingEvent(name: string): Promise<EventId> {
  const event = all.addEvent(name, longHolds);
  await all.send(event, all.hold(event, [1, 2, 3]));
  await all.clock.advance(limits.idleBeforePassivationMs + 3 * limits.passivationScanMs);
  expect((await all.journal.ownership(event))?.owner).toBeNull();
  return event;
}

async function mapOf(event: EventId): Promise<SeatMapView> {
  return viewIn(await all.send(event, look));
}

function viewIn(result: CallResult | undefined): SeatMapView {
  if (result?.kind !== 'found' || result.view.type !== 'seat_map') {
    throw new Error(`no map: ${JSON.stringify(result)}`);
  }
  return result.view;
}

function ask(event: EventId, request: Query, answers: CallResult[]): void {
  const commandId = all.client.nextCommandId();
  const call = { eventId: event, commandId, keyed: false, userId: 'usr_x' as never, request };
  all.client.send(call, (answer) => answers.push(answer));
}

const batchesOf = (event: EventId): number => all.journal.store.batches(event).length;

describe('an event at rest', () => {
  it('is shown to a thousand strangers, and its journal and row stay as they are', async () => {
    const events = [
      await restingEvent('one'),
      await restingEvent('two'),
      all.addEvent('never', { opensAtMs: null }),
    ];
    const rows = await Promise.all(events.map((event) => all.journal.ownership(event)));
    const batches = events.map(batchesOf);
    expect(batches).toEqual([2, 2, 0]);
    for (let n = 0; n < 1_000; n += 1) {
      const { version, statuses } = await mapOf(events[n % 3]);
      expect([version, statuses[1]]).toEqual(n % 3 === 2 ? [0, 0] : [2, 1]);
      // Long enough that each of them would have been given up and taken again, many times.
      if (n % 100 === 0) await all.clock.advance(limits.idleBeforePassivationMs * 2);
    }
    expect(events.map(batchesOf)).toEqual(batches);
    expect(await Promise.all(events.map((event) => all.journal.ownership(event)))).toEqual(rows);
    expect(await member.metrics.text()).toContain('outcome="resting"} 1000');
  });

  it('goes on behind the map that was shown, without a gap for who watches it (G6)', async () => {
    const event = await restingEvent('watched');
    const diffs: SeatDiff[] = [];
    const bus = all.broker.connect('watcher');
    bus.subscribe(subjects.diffs(event), ({ payload }) => void diffs.push(decodeDiff(payload)));
    const map = await mapOf(event);
    await all.send(event, all.hold(event, [7]));
    await all.send(event, all.hold(event, [8]));
    expect(diffs.map(({ from, to }) => [from, to])).toEqual([
      [map.version, map.version + 1],
      [map.version + 1, map.version + 2],
    ]);
    expect(diffs[0].epoch).toBeGreaterThan(map.epoch);
    const later = await mapOf(event);
    expect([later.version, later.epoch]).toEqual([map.version + 2, diffs[0].epoch]);
    expect([...later.statuses.subarray(0, 9)]).toEqual([0, 1, 1, 1, 0, 0, 0, 1, 1]);
  });

  it('says of its owner that there is none', async () => {
    const event = await restingEvent('described');
    expect(await all.send(event, { type: 'DescribeEvent' })).toMatchObject({
      kind: 'found',
      view: { type: 'event_view', incarnation: '', version: 2, holds: 1, held: 3, batchNo: 2 },
    });
    await all.send(event, all.hold(event, [9]));
    const owned = await all.send(event, { type: 'DescribeEvent' });
    expect(owned).toMatchObject({ view: { incarnation: member.shard.incarnation, version: 3 } });
  });

  it('never answers a question with what the journal had before it was asked (G6)', async () => {
    const event = await restingEvent('late');
    await mapOf(event);
    const tail = all.journal.tail.bind(all.journal);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let slowly = true;
    all.journal.tail = async (eventId) => {
      const found = await tail(eventId);
      if (slowly) await held;
      return found;
    };
    const early: CallResult[] = [];
    const late: CallResult[] = [];
    ask(event, look, early);
    await all.clock.advance(50);
    await sellElsewhere(event);
    ask(event, look, late);
    await all.clock.advance(50);
    expect([early.length, late.length]).toEqual([0, 0]);
    slowly = false;
    release();
    await all.clock.advance(50);
    expect(viewIn(early[0]).version).toBe(2);
    expect(viewIn(late[0]).version).toBe(3);
    expect(viewIn(late[0]).saleStatus).toBe('closed');
  });

  it('is shown as its journal has it, when another took it and rests again', async () => {
    const event = await restingEvent('elsewhere');
    expect((await mapOf(event)).version).toBe(2);
    await sellElsewhere(event);
    expect((await mapOf(event)).version).toBe(3);
  });

  it('knows no hold that a stranger makes up, and none of it is written (RR4)', async () => {
    const event = await restingEvent('asked');
    const before = batchesOf(event);
    for (let n = 0; n < 50; n += 1) {
      const answer = await all.send(event, { type: 'GetHold', holdId: all.holdId(event) });
      expect(answer).toMatchObject({
        kind: 'answered',
        answer: { kind: 'refused', refusal: { code: 'hold_not_found' } },
      });
    }
    expect(batchesOf(event)).toBe(before);
    expect((await all.journal.ownership(event))?.owner).toBeNull();
  });

  it('gets an owner for who asks for a hold that it has, or had (RR4)', async () => {
    const event = all.addEvent('returning', longHolds);
    const [held, released] = [all.holdId(event), all.holdId(event)];
    await all.send(event, all.hold(event, [1], held));
    await all.send(event, all.hold(event, [2], released));
    await all.send(event, { type: 'ReleaseHold', holdId: released });
    for (const holdId of [held, released]) {
      await all.clock.advance(limits.idleBeforePassivationMs + 3 * limits.passivationScanMs);
      expect((await all.journal.ownership(event))?.owner).toBeNull();
      const answer = await all.send(event, { type: 'GetHold', holdId });
      const { kind } = answer;
      expect(kind).toBe(holdId === held ? 'found' : 'answered');
      expect((await all.journal.ownership(event))?.owner).toBe(member.shard.incarnation);
    }
  });

  it('gets an owner for what a look cannot do, also beside looks', async () => {
    const event = await restingEvent('mixed');
    const answers: CallResult[] = [];
    for (let n = 0; n < 3; n += 1) ask(event, look, answers);
    const held = await all.send(event, all.hold(event, [9]));
    expect(held).toMatchObject({ kind: 'answered', answer: { kind: 'accepted' } });
    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'found', 'found']);
    expect((await all.journal.ownership(event))?.owner).toBe(member.shard.incarnation);
  });

  it('gets an owner when something is due: a look does not see a sale that is late', async () => {
    const opensAtMs = (all.clock.nowMs() + 60_000) as TimeMs;
    const event = all.addEvent('opening', { opensAtMs });
    expect((await mapOf(event)).saleStatus).toBe('scheduled');
    expect((await all.journal.ownership(event))?.owner).toBeNull();
    await all.clock.advance(60_000 - limits.wakeHorizonMs + 1);
    await mapOf(event);
    expect((await all.journal.ownership(event))?.owner).toBe(member.shard.incarnation);
    await all.clock.advance(limits.wakeHorizonMs);
    expect((await mapOf(event)).saleStatus).toBe('open');
  });

  it('whose owner died has a new one at the first look', async () => {
    const event = await restingEvent('orphan');
    await own(all.journal, event, 'shard-9-dead');
    const map = await mapOf(event);
    expect(map.version).toBe(2);
    expect((await all.journal.ownership(event))?.owner).toBe(member.shard.incarnation);
  });

  it('in quarantine is not shown', async () => {
    const event = await restingEvent('closed');
    await all.journal.quarantine(event, 'a spec');
    expect(await all.send(event, look)).toMatchObject({ kind: 'unavailable', executed: 'no' });
  });
});

/** Another shard takes the event, closes its sale, and gives it up again. */
async function sellElsewhere(event: EventId): Promise<void> {
  const tail = await own(all.journal, event, 'shard-7-other');
  const by = { role: 'operator', name: 'a spec' } as const;
  const closed: Fact = { type: 'SaleClosed', atMs: (all.clock.nowMs() + 1) as TimeMs, by };
  const writer = await all.journal.openWriter('shard-7-other');
  const batch = batchAfter(tail, event, { facts: encodeFacts([closed], factLevelNewest) });
  expect(await writer.append([batch])).toEqual(['appended']);
  await all.journal.release(event, tail.epoch, null);
}
