import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { UnreadFrames, type FrameReader } from './unread-frames.js';

const mine = limits.unreadFramesPerAddressMax;

describe('frames that are not read', () => {
  let frames: UnreadFrames;
  beforeEach(() => {
    frames = new UnreadFrames();
  });

  const reader = (limitKey: string | null): FrameReader => ({ limitKey, buffered: 0 });

  it('are refused to an address that leaves its part of them unread (UF1)', () => {
    const [one, two, other] = [reader('a'), reader('a'), reader('b')];
    expect(frames.admits(one, mine * 2)).toBe(true);
    expect(frames.note(one, mine - 100)).toBe(true);
    expect([frames.admits(two, 100), frames.admits(two, 101)]).toEqual([true, false]);
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

  it('are not counted for an address without a limit, but in all (UF2)', () => {
    const [one, two, small] = [reader(null), reader(null), reader(null)];
    expect(frames.note(one, limits.unreadFramesMax)).toBe(true);
    expect(frames.admits(two, mine * 2)).toBe(true);
    const part = Math.floor(limits.unreadFramesMax / limits.socketsMax);
    expect(frames.note(small, part)).toBe(true);
    expect(frames.note(two, mine)).toBe(false);
    frames.note(one, 0);
    expect(frames.note(two, mine + 1)).toBe(true);
    frames.note(two, 0);
    frames.note(small, 0);
    expect(frames.bytes).toBe(0);
  });
});
