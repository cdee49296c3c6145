import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { AttemptId } from '#libs/inventory/ids.js';
import type { Span, Tracer } from '#libs/platform/tracer.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { AttemptSpans } from './attempt-spans.js';
import type { Attempt } from './attempt.js';

const plain = { attemptId: 'att_1', trace: 'a'.repeat(32), span: null } as Attempt;
const traced = { ...plain, attemptId: 'att_2' as AttemptId, span: 'b'.repeat(16) };

let clock: VirtualClock;
let recorded: Span[];
let kept: Span[];
let spans: AttemptSpans;

beforeEach(() => {
  clock = new VirtualClock();
  [recorded, kept] = [[], []];
  let ids = 0;
  const tracer: Tracer = {
    head: () => null,
    spanId: () => String((ids += 1)).padStart(16, '0'),
    record: (span) => void recorded.push(span),
    keep: (span) => void kept.push(span),
  };
  spans = new AttemptSpans(tracer, clock);
});

/** A step that takes its time, asks the provider once, and ends like this. */
async function step(attempt: Attempt, name: string, takesMs: number, result: object = {}) {
  await spans.step(attempt, name, async () => {
    spans.asked(`stripe ${name}`, clock.monotonicMs(), null, {});
    await clock.advance(takesMs);
    return { type: 'done', ...result };
  });
}

const names = (list: readonly Span[]) => list.map(({ name }) => name);

describe('the steps of a payment', () => {
  it('stand under the span of a request that is traced, and what they asked below', async () => {
    await step(traced, 'authorise', 1);
    expect(names(recorded)).toEqual(['stripe authorise', 'payment authorise']);
    const [asked, own] = recorded;
    expect(own).toMatchObject({ trace: traced.trace, parent: traced.span });
    expect(asked.parent).toBe(own.id);
    expect(kept).toEqual([]);
  });

  it('hand their commands a span below their own, only when traced', async () => {
    await spans.step(traced, 'book', () => {
      expect(spans.call()?.parent).toMatch(/^0+1$/);
      return Promise.resolve({ type: 'done' });
    });
    await spans.step(plain, 'book', () => {
      expect(spans.call()).toBeNull();
      return Promise.resolve({ type: 'done' });
    });
    expect(spans.call()).toBeNull();
  });

  it('are forgotten when the payment went well in time', async () => {
    await step(plain, 'authorise', limits.slowRequestMs / 2);
    await step(plain, 'capture', 1);
    spans.ended(plain.attemptId);
    expect([recorded, kept]).toEqual([[], []]);
  });

  it('are all kept, also those before, when together they took long', async () => {
    await step(plain, 'begin', 1);
    await step(plain, 'authorise', limits.slowRequestMs);
    await step(plain, 'capture', 1);
    const told = ['begin', 'authorise', 'capture'].flatMap((n) => [`stripe ${n}`, `payment ${n}`]);
    expect(names(kept)).toEqual(told);
  });

  it('are kept when one has to be tried again, and say why', async () => {
    await step(plain, 'begin', 1);
    await step(plain, 'authorise', 1, { type: 'unclear', reason: 'no answer' });
    expect(names(kept)).toContain('payment begin');
    expect(kept.at(-1)).toMatchObject({ name: 'payment authorise', error: 'no answer' });
  });

  it('are remembered of so many payments and no more', async () => {
    await step(plain, 'begin', 1);
    for (let i = 0; i < limits.attemptsRememberedMax; i++) {
      await step({ ...plain, attemptId: `att_x${i}` as AttemptId }, 'begin', 0);
    }
    await step(plain, 'authorise', limits.slowRequestMs + 1);
    expect(names(kept)).not.toContain('payment begin');
    expect(names(kept)).toContain('payment authorise');
  });

  it('cost nothing where there is no tracer', async () => {
    const off = new AttemptSpans(null, clock);
    await off.step(traced, 'begin', () => {
      off.asked('stripe', 0, null, {});
      expect(off.call()).toBeNull();
      return Promise.resolve({ type: 'done' });
    });
    expect([recorded, kept]).toEqual([[], []]);
  });
});
