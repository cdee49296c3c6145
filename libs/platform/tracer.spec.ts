import { beforeEach, describe, expect, it } from '@jest/globals';

import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { systemRandom } from './random.js';
import { isSpanId } from './trace.js';
import { HeadTracer, type Span } from './tracer.js';

const parent = { trace: '1'.repeat(32), span: '2'.repeat(16) };
let clock: VirtualClock;
let sent: Span[];

beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
});

const tracer = (ratio: number): HeadTracer =>
  new HeadTracer({
    clock,
    random: systemRandom,
    ratio,
    namedPerSecondMax: 2,
    keptPerSecondMax: 3,
    send: (span) => void sent.push(span),
  });

const span = (name: string): Span => ({
  ...{ trace: parent.trace, id: parent.span, parent: null, name },
  ...{ kind: 'server', fromMs: 0, toMs: 1, attributes: {} },
});

describe('a tracer', () => {
  it('traces so many of all requests', () => {
    const some = tracer(0.25);
    const ids = Array.from({ length: 20_000 }, () => some.head(null)).filter((id) => id !== null);
    expect(ids.length).toBeGreaterThan(4_500);
    expect(ids.length).toBeLessThan(5_500);
    expect(ids.every(isSpanId)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(tracer(0).head(null)).toBeNull();
  });

  it('traces for clients that ask for it so many a second, and nobody who says no', async () => {
    const none = tracer(0);
    const asking = (sampled: boolean) => none.head({ ...parent, sampled }) !== null;
    expect(asking(false)).toBe(false);
    expect([asking(true), asking(true), asking(true)]).toEqual([true, true, false]);
    await clock.advance(1_000);
    expect(asking(true)).toBe(true);
  });

  it('keeps so many a second of what failed, and counts the others', () => {
    const none = tracer(0);
    for (const name of ['a', 'b', 'c', 'd', 'e']) none.keep(span(name));
    none.record(span('f'));
    expect(sent.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'f']);
    expect(none.counts).toEqual({ traced: 1, kept: 3, over: 2 });
  });
});
