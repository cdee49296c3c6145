import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonErrorOffset, parseJsonFile } from './json-file.js';

const messageOf = (bytes: Uint8Array, max = 1_000): string => {
  const checked = parseJsonFile(bytes, max);
  return checked.kind === 'valid' ? 'valid' : checked.problems[0].message;
};

describe('a JSON file', () => {
  it('is read with a byte order mark', () => {
    expect(parseJsonFile(Buffer.from('\ufeff{"a":1}'), 100)).toEqual({
      kind: 'valid',
      value: { a: 1 },
    });
  });

  it('is refused when it is empty, too large, or not text', () => {
    expect(messageOf(Buffer.from(''))).toBe('is empty');
    expect(messageOf(Buffer.from('[1,2,3]'), 6)).toBe('is larger than 6 bytes');
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
    expect(messageOf(png)).toBe('is not a JSON file (it is not UTF-8 text)');
    expect(messageOf(Buffer.from([0x22, 0xff, 0x22]))).toContain('not UTF-8');
    expect(messageOf(Buffer.from('{"a":"\u0000"}'))).toContain('not UTF-8 text');
  });

  it.each([
    ['hello', '"h" at line 1, column 1 (position 0)'],
    ['{"a":1,}', '"}" at line 1, column 8 (position 7)'],
    ['{"a" 1}', '"1" at line 1, column 6 (position 5)'],
    ['{\n "a": tru }', '"t" at line 2, column 7 (position 8)'],
    ['[1, 2', 'end of file at line 1, column 6 (position 5)'],
    ['[1] x', '"x" at line 1, column 5 (position 4)'],
    ['["a\nb"]', '"\\"" at line 1, column 2 (position 1)'],
    ['[01]', '"1" at line 1, column 3 (position 2)'],
    ['{"a":1]', '"]" at line 1, column 7 (position 6)'],
    ["{'a':1}", '"\'" at line 1, column 2 (position 1)'],
  ])('that is broken says where: %j', (text, place) => {
    expect(messageOf(Buffer.from(text))).toBe(`is not valid JSON: unexpected ${place}`);
  });

  it('that nests deeper than any stack is refused like any other', () => {
    const text = '['.repeat(2_000_000);
    expect(jsonErrorOffset(text)).toBe(text.length);
  });

  it('is walked to its end exactly when it is valid', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"0tx '), (text, seed, extra) => {
        expect(jsonErrorOffset(text)).toBe(text.length);
        const at = seed % (text.length + 1);
        const changed = text.slice(0, at) + extra + text.slice(at);
        const offset = jsonErrorOffset(changed);
        let parses = true;
        try {
          JSON.parse(changed);
        } catch {
          parses = false;
        }
        if (!parses && offset < changed.length) {
          // Nothing that begins like this is JSON, and the part before it could still become it.
          expect(offset).toBeGreaterThanOrEqual(Math.min(at, lastTokenStart(text, at)));
        } else if (parses) {
          expect(offset).toBe(changed.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** An edit inside a token breaks the token from its start on. */
function lastTokenStart(text: string, at: number): number {
  let start = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s[\]{},:"]+|[[\]{},:]/g)) {
    if (token.index <= at) start = token.index;
  }
  return start;
}
