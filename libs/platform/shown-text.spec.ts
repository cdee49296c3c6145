import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shownMessage, shownText } from './shown-text.js';

describe('text for a terminal', () => {
  it.each([
    ['Hamlet\u001b[2J\u0007', String.raw`Hamlet\u001b[2J\u0007`],
    ['a\rb\u009bc\u007f', String.raw`a\u000db\u009bc\u007f`],
    ['\u202eelbat', String.raw`\u202eelbat`],
    ['two\nlines, ÄÖ, 日本, 🎭', 'two\nlines, ÄÖ, 日本, 🎭'],
  ])('%j is shown as %j', (text, wanted) => {
    expect(shownText(text)).toBe(wanted);
  });

  it('has no control character, whatever it was, and JSON stays the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shownText(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(JSON.parse(shownText(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });

  it('has no secret when it is a message', () => {
    expect(shownMessage('nats://s3cr3t@host\u001b[1m')).toBe(String.raw`nats://***@host\u001b[1m`);
  });
});
