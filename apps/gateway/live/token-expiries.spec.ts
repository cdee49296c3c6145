import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { IssuerKey } from '../auth/issuer-keys.js';
import { TokenExpiries } from './token-expiries.js';

let clock: VirtualClock;
let expiries: TokenExpiries;
let ended: string[];

beforeEach(() => {
  clock = new VirtualClock();
  expiries = new TokenExpiries(clock);
  ended = [];
});

const add = (name: string, inMs: number, signedBy: IssuerKey | null = null): (() => void) =>
  expiries.add({ expiresAtMs: clock.nowMs() + inMs, signedBy }, () => void ended.push(name));

describe('live maps that end with a token', () => {
  it('end when it has run out, not before, and once', async () => {
    add('second', 7_000);
    add('first', 3_000);
    await clock.advance(2_900);
    expect(ended).toEqual([]);
    await clock.advance(1_000 + limits.expiryLookMs);
    expect(ended).toEqual(['first']);
    await clock.advance(60_000);
    expect([ended, expiries.size]).toEqual([['first', 'second'], 0]);
  });

  it('are forgotten when they end for another reason', async () => {
    const cancel = add('one', 1_000);
    add('other', 1_000);
    cancel();
    cancel();
    await clock.advance(5_000);
    expect([ended, expiries.size]).toEqual([['other'], 0]);
  });

  it('end a few at a time when all run out together (G8)', async () => {
    const crowd = 3 * limits.expiredAtOnceMax;
    for (let i = 0; i < crowd; i += 1) add('one of many', 1_000);
    const atOnce: number[] = [];
    for (let seen = 0; seen < crowd; seen = ended.length) {
      await clock.advance(limits.expiryLookMs);
      if (ended.length > seen) atOnce.push(ended.length - seen);
    }
    expect(atOnce).toEqual(atOnce.map(() => limits.expiredAtOnceMax));
  });

  it('end when the key of their token is withdrawn, and no others do (TX3)', async () => {
    const [gone, stays] = [{ withdrawn: false }, { withdrawn: false }];
    add('of a key', 60_000, gone);
    add('of another key', 60_000, stays);
    add('of a guest', 60_000);
    add('closed before', 60_000, gone)();
    await clock.advance(5_000);
    expect(ended).toEqual([]);
    gone.withdrawn = true;
    await clock.advance(limits.expiryLookMs);
    expect(ended).toEqual(['of a key']);
    add('opened meanwhile', 60_000, gone);
    await clock.advance(limits.expiryLookMs);
    expect(ended).toEqual(['of a key', 'opened meanwhile']);
    await clock.advance(60_000);
    expect([ended.length, expiries.size]).toEqual([4, 0]);
  });

  it('end a few at a time when the key of all is withdrawn (G8)', async () => {
    const key = { withdrawn: true };
    for (let i = 0; i <= limits.expiredAtOnceMax; i += 1) add('one of many', 60_000, key);
    await clock.advance(limits.expiryLookMs);
    expect(ended).toHaveLength(limits.expiredAtOnceMax);
    await clock.advance(limits.expiryLookMs);
    expect(expiries.size).toBe(0);
  });
});
