import { describe, expect, it } from '@jest/globals';
import { systemRandom } from './random.js';
import { derivedTrace, isTraceId, readTraceParent, TraceIds, writeTraceParent } from './trace.js';

const id = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('gives its trace, who asks, and whether that is recorded', () => {
    const said = { trace: id, span: parent };
    expect(readTraceParent(`00-${id}-${parent}-01`)).toEqual({ ...said, sampled: true });
    expect(readTraceParent(`00-${id}-${parent}-00`)).toEqual({ ...said, sampled: false });
    expect(readTraceParent(`00-${id}-${parent}-03`)).toEqual({ ...said, sampled: true });
  });

  it('is read as it was written', () => {
    for (const sampled of [true, false]) {
      const said = { trace: id, span: parent, sampled };
      expect(readTraceParent(writeTraceParent(said))).toEqual(said);
    }
  });

  it('of a later version gives it too, with whatever stands behind', () => {
    expect(readTraceParent(`cc-${id}-${parent}-01`)?.trace).toBe(id);
    expect(readTraceParent(`cc-${id}-${parent}-01-what-comes`)?.trace).toBe(id);
  });

  it.each([
    ['is absent', ''],
    ['has no version', `${id}-${parent}-01`],
    ['has a version that is forbidden', `ff-${id}-${parent}-01`],
    ['goes on where its version ends', `00-${id}-${parent}-01-more`],
    ['goes on without a hyphen', `cc-${id}-${parent}-01more`],
    ['has upper-case digits', `00-${id.toUpperCase()}-${parent}-01`],
    ['has an upper-case version', `CC-${id}-${parent}-01`],
    ['names no trace', `00-${'0'.repeat(32)}-${parent}-01`],
    ['names no parent', `00-${id}-${'0'.repeat(16)}-01`],
    ['is short', `00-${id}-${parent}-1`],
    ['has spaces', ` 00-${id}-${parent}-01`],
    ['is two of them', `00-${id}-${parent}-01,00-${id}-${parent}-01`],
    ['is endless', `cc-${id}-${parent}-01-${'x'.repeat(1_000)}`],
  ])('is ignored when it %s', (_how, header) => {
    expect(readTraceParent(header)).toBeNull();
  });
});

describe('a derived trace', () => {
  it('is the same in every process, and another for another command', () => {
    // The first 16 bytes of the digest: other programs can make it too.
    expect(derivedTrace('usr_ada/key')).toBe('c161f8eccc0b40b60e0c5ec6ebcd54af');
    expect(derivedTrace('usr_ada/key2')).not.toBe(derivedTrace('usr_ada/key'));
    expect(isTraceId(derivedTrace(''))).toBe(true);
  });
});

describe('a new trace', () => {
  it('is valid and unlike any other', () => {
    const [one, two] = [new TraceIds(systemRandom), new TraceIds(systemRandom)];
    const made = Array.from({ length: 5_000 }, (_, i) => (i % 2 === 0 ? one : two).next());
    expect(made.every(isTraceId)).toBe(true);
    expect(new Set(made).size).toBe(made.length);
  });
});
