import { describe, expect, it } from '@jest/globals';
import type { EventId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemClock } from '#libs/platform/clock.js';
import { Drain, type DrainPorts } from './drain.js';
import type { MoveSource } from './move-source.js';
import type { ShardHost } from './shard-host.js';
import { Slot } from './slot.js';

describe('a drain that has ended', () => {
  it('tells what it left at its end, whoever knocks at the shard afterwards', async () => {
    const slots = new Map<EventId, Slot>();
    const ports = { clock: systemClock, log: silentLog() } as DrainPorts;
    const drain = new Drain({ slots } as ShardHost, {} as MoveSource, ports);
    const ended = await drain.start({ concurrency: 1, withinMs: 5_000 });
    expect(ended).toMatchObject({ state: 'done', left: 0 });
    // A command by an old route: its slot is there until the event's owner is known.
    slots.set('evt_late' as EventId, new Slot('evt_late' as EventId));
    expect(drain.view()).toMatchObject({ state: 'done', left: 0 });
  });
});
