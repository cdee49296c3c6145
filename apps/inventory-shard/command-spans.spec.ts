import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { Span, Tracer } from '#libs/platform/tracer.js';

import { MemoryCluster } from './testing/memory-cluster.js';

/** What client and owner of an event tell of a command, and below what. */
const traced = { span: '1'.repeat(16), parent: '2'.repeat(16) };
let all: MemoryCluster;
let event: EventId;
let recorded: Span[];
let kept: Span[];

beforeEach(async () => {
  [recorded, kept] = [[], []];
  let ids = 0;
  const tracer: Tracer = {
    head: () => null,
    spanId: () => String((ids += 1)).padStart(16, '0'),
    record: (span) => void recorded.push(span),
    keep: (span) => void kept.push(span),
  };
  all = new MemoryCluster(undefined, tracer);
  await all.addShard('shard-0');
  await all.clock.advance(2 * limits.heartbeatMs);
  event = all.addEvent('watched');
  await hold(1, { commandId: 'first' });
  [recorded, kept] = [[], []];
});

const hold = (seat: number, over: Parameters<MemoryCluster['send']>[2]) =>
  all.send(event, all.hold(event, [seat]), over);

const named = (name: string): Span => {
  const found = recorded.find((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
};

describe('the spans of a command', () => {
  it('stand below the call of the client: the wait, and the append behind it', async () => {
    await hold(2, { commandId: 'mine', traced });
    const trace = derivedTrace('mine');
    expect(recorded.map((span) => span.trace)).toEqual(recorded.map(() => trace));
    expect(named('call HoldSeats')).toMatchObject({ id: traced.span, parent: traced.parent });
    const own = named('HoldSeats');
    expect(own.parent).toBe(traced.span);
    expect(own.attributes).toMatchObject({
      'holdfast.event': event,
      'holdfast.answer': 'accepted',
    });
    for (const name of ['mailbox', 'append']) expect(named(name).parent).toBe(own.id);
    expect(named('append').fromMs).toBeGreaterThanOrEqual(named('mailbox').toMs);
    expect(kept).toEqual([]);
  });

  it('say why it was refused, which is no error', async () => {
    await hold(1, { commandId: 'late', traced });
    const { attributes, error } = named('HoldSeats');
    expect([attributes['holdfast.answer'], error]).toEqual(['seats_unavailable', undefined]);
  });

  it('are not there when its request is not traced', async () => {
    await hold(2, { commandId: 'plain' });
    expect([recorded, kept]).toEqual([[], []]);
  });

  it('are there in any case when it took long, without what is above', async () => {
    all.journal.injectFaults(() => ({ slowMs: limits.slowRequestMs + 100 }));
    await hold(2, { commandId: 'slow' });
    expect(kept.map(({ name, parent }) => [name, parent])).toEqual([
      ['HoldSeats', null],
      ['call HoldSeats', null],
    ]);
  });
});
