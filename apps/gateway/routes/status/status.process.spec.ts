import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';

import { startHarness, type Harness } from '../../testing/harness.js';

const beat: ShardBeat = {
  ...{ shardId: 'shard-1', incarnation: 'shard-1-abc', state: 'cordoned', weight: 1 },
  ...{ host: 'one', pid: 7, events: 3, commandsPerSecond: 12.5, sentAtMs: 0 },
};

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
  harness.shards.push({ ...beat, incarnation: 'shard-2-xyz', state: 'active' }, beat);
  const owned = { name: 'A show', epoch: 2, pinnedTo: null, quarantined: null } as const;
  for (let at = 0; at <= limits.ownersPageMax; at += 1) {
    const eventId = `evt_${String(at).padStart(4, '0')}` as EventId;
    harness.office.owned.push({ ...owned, eventId, owner: at === 0 ? 'gone-1' : 'shard-1-abc' });
  }
  const last = harness.office.owned.length - 1;
  const quarantined = { owner: null, quarantined: 'the journal is behind' } as const;
  harness.office.owned[last] = { ...harness.office.owned[last], ...quarantined };
});

afterEach(() => harness.stop());

describe('the status of a system', () => {
  it('says which shards are alive, who owns what, and what is quarantined', async () => {
    const token = harness.operator('sre');
    const { status, json } = await harness.call('GET', '/v1/admin/status', { token });
    expect(status).toBe(200);
    expect(json.gateway).toMatchObject({ state: 'serving', sockets: 0, streams: 0, missing: [] });
    expect(json.shards).toEqual([
      {
        ...{ shard: 'shard-1', incarnation: 'shard-1-abc', host: 'one', state: 'cordoned' },
        ...{ weight: 1, events: 3, commands_per_second: 12.5 },
      },
      expect.objectContaining({ incarnation: 'shard-2-xyz', state: 'active' }),
    ]);
    const owners = json.owners as Record<string, unknown>[];
    expect(owners.length).toBe(limits.ownersPageMax);
    expect(owners[0]).toMatchObject({ event_id: 'evt_0000', owner: 'gone-1', owner_alive: false });
    expect(owners[1]).toMatchObject({ owner: 'shard-1-abc', owner_alive: true, epoch: 2 });
    // Also what is on no page yet is said to be quarantined.
    expect(json.quarantined).toMatchObject([{ quarantined: 'the journal is behind', owner: null }]);
    const { json: rest } = await harness.call(
      'GET',
      `/v1/admin/status?after=${String(json.next)}`,
      {
        token,
      },
    );
    expect([(rest.owners as unknown[]).length, rest.next]).toEqual([1, null]);
  });

  it('is for those who run it, and asks no owner', async () => {
    for (const role of ['organiser', 'support', 'finance'] as const) {
      const token = harness.operator(role, 'acme');
      const { status } = await harness.call('GET', '/v1/admin/status', { token });
      expect([role, status]).toEqual([role, 403]);
    }
    expect(harness.inventory.calls).toEqual([]);
  });
});
