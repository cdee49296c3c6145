import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { withFallback } from './line-fallback.js';
import type { LineEars, OpenLine } from './live-connection.js';

describe('a line with a fallback', () => {
  let clock: VirtualClock;
  let opened: string[];
  let told: string[];
  let ears: LineEars;
  let open: () => { readonly end: () => void };

  beforeEach(() => {
    clock = new VirtualClock();
    opened = [];
    told = [];
    const kind =
      (name: string): OpenLine =>
      (_opening, heard) => {
        opened.push(name);
        ears = heard;
        return { end: () => void told.push(`end ${name}`), send: () => undefined };
      };
    const lines = withFallback([kind('socket'), kind('stream')], clock, 6_000);
    const listener: LineEars = {
      frame: (text) => void told.push(text),
      refused: ({ code }) => void told.push(code),
      closed: (why) => void told.push(why),
    };
    open = () => lines({ path: '/', token: null }, listener);
  });

  const fail = () => {
    open();
    ears.closed('1006');
  };

  it('takes the other kind after two silent openings, then the first again (FB2)', () => {
    for (let i = 0; i < 5; i += 1) fail();
    expect(opened).toEqual(['socket', 'socket', 'stream', 'stream', 'socket']);
  });

  it('takes the other kind at once when an opening takes too long (FB1)', async () => {
    open();
    await clock.advance(6_000);
    expect(told).toEqual(['end socket', 'it did not open in time']);
    open();
    expect(opened).toEqual(['socket', 'stream']);
    ears.frame('hello');
    await clock.advance(60_000);
    expect(told.slice(2)).toEqual(['hello']);
  });

  it('stays with what gets through, and goes back to the better kind once that was heard', () => {
    fail();
    fail();
    open();
    ears.frame('by stream');
    ears.closed('cut');
    fail();
    fail();
    expect(opened.slice(2)).toEqual(['stream', 'stream', 'stream']);
    open();
    ears.frame('by socket');
    ears.closed('cut');
    fail();
    expect(opened.slice(5)).toEqual(['socket', 'socket']);
  });

  it('does not count a refusal: the gateway was reached', () => {
    for (let i = 0; i < 4; i += 1) {
      open();
      ears.refused({ code: 'overloaded', message: '' });
      ears.closed('503');
    }
    expect(opened).toEqual(['socket', 'socket', 'socket', 'socket']);
  });

  it('counts nothing against a line that was ended here', async () => {
    for (let i = 0; i < 3; i += 1) open().end();
    await clock.advance(60_000);
    open();
    expect(opened).toEqual(['socket', 'socket', 'socket', 'socket']);
    expect(told).toEqual(['end socket', 'end socket', 'end socket']);
  });
});
