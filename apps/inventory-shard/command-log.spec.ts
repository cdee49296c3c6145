import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { derivedTrace } from '#libs/platform/trace.js';
import { SaleClock } from '#libs/routing/sale-clock.js';
import { logInto } from '#libs/testing/log-lines.js';
import { MemoryCluster } from './testing/memory-cluster.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What a shard says of the commands that did not go the ordinary way. */
async function oneShard() {
  const { log, lines } = logInto();
  const all = new MemoryCluster(log);
  await all.addShard('shard-0');
  await all.clock.advance(2 * limits.heartbeatMs);
  const event = all.addEvent('watched');
  await hold(all, event, 1, 'first');
  lines.length = 0;
  const said = (msg: string) => lines.filter((line) => line.msg === msg);
  return { all, event, lines, said };
}

const hold = (all: MemoryCluster, event: EventId, seat: number, commandId: string) =>
  all.send(event, all.hold(event, [seat]), { commandId, withinMs: 1_000 });

describe('the log of a shard', () => {
  it('has no line of an ordinary command, taken or refused', async () => {
    const { all, event, lines } = await oneShard();
    await hold(all, event, 2, 'second');
    await hold(all, event, 2, 'late');
    expect(lines).toEqual([]);
  });

  it('names the command that broke an actor, and its hold', async () => {
    const { all, event, said } = await oneShard();
    // The core asserts whole milliseconds.
    const wallMs = all.clock.nowMs();
    const broken = jest.spyOn(SaleClock.prototype, 'nowMs').mockReturnValue(wallMs + 0.5);
    const command = all.hold(event, [2]);
    await all.send(event, command, { commandId: 'breaks', withinMs: 1_000 });
    broken.mockRestore();
    expect(said('actor broken, rebuilding')).toMatchObject([
      {
        trace: derivedTrace('breaks'),
        event,
        user: 'usr_a',
        command: 'HoldSeats',
        reservation: 'holdId' in command ? command.holdId : '',
      },
    ]);
  });

  it('names the commands whose batch the journal refused, and those that come after', async () => {
    const { all, event, said } = await oneShard();
    all.journal.store.append = () => 'rejected';
    await hold(all, event, 2, 'refused').catch(() => undefined);
    expect(said('actor stopped')).toMatchObject([
      { event, verdict: 'rejected', commands: 1, traces: [derivedTrace('refused')] },
    ]);
    await hold(all, event, 3, 'afterwards').catch(() => undefined);
    expect(said('a command was refused')).toContainEqual(
      expect.objectContaining({ reason: 'quarantined', trace: derivedTrace('afterwards'), event }),
    );
  });
});
