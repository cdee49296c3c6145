import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChangedRules } from '#libs/catalogue/rules-row.js';
import { limits } from '#libs/contracts/limits.js';
import type { AreaIndex, ChangeRules, EventId, UserId } from '#libs/inventory/inventory.js';
import { MemoryCluster } from './testing/memory-cluster.js';

/** What the catalogue hears of rules that changed, when who asked for it says nothing more. */
let all: MemoryCluster;
let rows: Map<EventId, ChangedRules>;
let writes: number;
let broken: boolean;

beforeEach(() => {
  all = new MemoryCluster();
  rows = new Map();
  writes = 0;
  broken = false;
  all.rulesRows = {
    write(eventId, changed) {
      if (broken) return Promise.reject(new Error('no database'));
      writes += 1;
      if ((rows.get(eventId)?.revision ?? 0) < changed.revision) rows.set(eventId, changed);
      return Promise.resolve();
    },
  };
});

const change = (more: Partial<ChangeRules> = {}): ChangeRules => ({
  ...{ type: 'ChangeRules', rules: { placesPerBuyerMax: 7 }, capacities: [], texts: [] },
  ...more,
});
const slowMs = 3 * limits.availabilityLookMs;
const looks = (count = 2) => all.clock.advance(count * limits.availabilityLookMs);

describe('rules that changed', () => {
  it('are written by the next owner, when the one that decided it died right there', async () => {
    const first = await all.addShard('shard-0');
    const event = all.addEvent('late');
    // Nothing was ever changed of this one.
    const other = all.addEvent('other');
    const capacities = [{ area: 0 as AreaIndex, capacity: 120 }];
    expect(await all.send(event, change({ capacities }))).toMatchObject({
      answer: { kind: 'accepted', outcome: { revision: 1 } },
    });
    all.kill(first);
    expect(rows.size).toBe(0);
    await all.addShard('shard-1');
    await all.clock.advance(limits.suspectAfterMs + limits.pingTimeoutMs);
    await all.send(event, all.hold(event, [0, 1]));
    await all.send(other, all.hold(other, [0, 1]));
    await looks();
    expect([...rows]).toMatchObject([
      [event, { revision: 1, rules: { placesPerBuyerMax: 7 }, capacities: [120] }],
    ]);
  });

  it('are written by an owner that lives, once for each change', async () => {
    await all.addShard('shard-0');
    const event = all.addEvent('alive');
    await all.send(event, change());
    await looks(4);
    expect([writes, rows.get(event)?.revision]).toEqual([1, 1]);
    await all.send(event, change({ rules: { placesPerBuyerMax: 8 } }));
    await looks(4);
    expect([writes, rows.get(event)?.rules.placesPerBuyerMax]).toEqual([2, 8]);
  });

  it('that could not be written are written at a later look', async () => {
    await all.addShard('shard-0');
    const event = all.addEvent('broken');
    broken = true;
    await all.send(event, change());
    await looks(3);
    broken = false;
    await looks();
    expect(rows.get(event)?.revision).toBe(1);
  });

  it('are not written before the journal has them (RUW2)', async () => {
    await all.addShard('shard-0');
    const event = all.addEvent('undurable');
    await all.send(event, all.hold(event, [0, 1]));
    all.journal.injectFaults(({ kind }) => (kind === 'append' ? { slowMs } : 'none'));
    let answered = false;
    all.client.send(
      {
        eventId: event,
        commandId: all.client.nextCommandId(),
        keyed: false,
        userId: 'usr_a' as UserId,
        request: change(),
      },
      () => (answered = true),
    );
    for (let ms = 0; ms < slowMs && !answered; ms += 100) {
      expect(rows.size).toBe(0);
      await all.clock.advance(100);
    }
    await looks(4);
    expect([answered, rows.get(event)?.revision]).toEqual([true, 1]);
  });
});
