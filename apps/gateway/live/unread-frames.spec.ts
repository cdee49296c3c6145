import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { UnreadFrames, type FrameReader } from './unread-frames.js';

const mine = limits.unreadFramesPerAddressMax;
const part = Math.floor(mine / limits.socketsPerAddressMax);

describe('frames that are not read', () => {
  let clock: VirtualClock;
  let frames: UnreadFrames;
  beforeEach(() => {
    clock = new VirtualClock();
    frames = new UnreadFrames(clock);
  });

  function reader(limitKey: string | null): FrameReader {
    const one = { limitKey, buffered: 0, cutOff: () => void frames.note(one, 0) };
    return one;
  }

  it('are refused to an address that leaves its part of them unread (UF1)', () => {
    const [one, two, other] = [reader('a'), reader('a'), reader('b')];
    expect(frames.admits(one, mine * 2)).toBe(true);
    expect(frames.note(one, mine - 100)).toBe(true);
    expect([frames.admits(two, 100), frames.admits(two, part + 1)]).toEqual([true, false]);
    expect(frames.admits(other, mine)).toBe(true);
    frames.note(one, 0);
    expect(frames.admits(two, mine * 2)).toBe(true);
  });

  it('that came by diffs are over the part of their address until one is cut (UF1)', () => {
    const many = Array.from({ length: limits.socketsPerAddressMax }, () => reader('a'));
    const each = Math.floor(mine / many.length);
    many.forEach((one) => expect(frames.note(one, each)).toBe(true));
    expect(frames.note(many[0], each + 99)).toBe(false);
    expect(frames.note(many[1], each)).toBe(true);
    frames.note(many[0], 0);
    expect(frames.note(many[1], each + 1)).toBe(true);
  });

  it('of neighbours keep nobody from his part who has read everything, once (UF1)', () => {
    const [slow, quick] = [reader('a'), reader('a')];
    frames.note(slow, mine);
    expect([frames.admits(quick, part), frames.admits(slow, 1)]).toEqual([true, false]);
    expect(frames.note(quick, part)).toBe(true);
    expect(frames.admits(quick, 1)).toBe(false);
    frames.note(quick, 0);
    expect(frames.admits(quick, part)).toBe(true);
  });

  it('are not counted for an address without a limit', () => {
    const [one, two] = [reader(null), reader(null)];
    expect(frames.note(one, mine)).toBe(true);
    expect([frames.admits(one, mine), frames.admits(two, mine)]).toEqual([true, true]);
  });

  it('are cut where most is unread, at the next look and not as they are sent (UF2)', async () => {
    const readers = Array.from({ length: 18 }, (_, i) => reader(i % 2 === 0 ? null : `at ${i}`));
    const newcomer = reader('b');
    readers.forEach((one, i) => expect(frames.note(one, mine - i)).toBe(true));
    expect(frames.admits(newcomer, 100)).toBe(true);
    expect(frames.note(newcomer, 100)).toBe(true);
    expect(frames.cut).toBe(0);
    await clock.advance(limits.socketLookMs);
    expect(readers.slice(0, 3).map(({ buffered }) => buffered)).toEqual([0, 0, mine - 2]);
    expect([frames.cut, newcomer.buffered]).toEqual([2, 100]);
    expect(frames.bytes).toBeLessThanOrEqual(limits.unreadFramesMax);
    await clock.advance(limits.socketLookMs * 10);
    expect(frames.cut).toBe(2);
  });

  it('are refused beyond twice the bound, before anybody looks (UF2)', () => {
    frames.note(reader(null), 2 * limits.unreadFramesMax - 100);
    const two = reader(null);
    expect([frames.admits(two, 100), frames.admits(two, 101)]).toEqual([true, false]);
  });
});
