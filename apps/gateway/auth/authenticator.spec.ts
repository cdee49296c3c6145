import { beforeEach, describe, expect, it } from '@jest/globals';

import type { UserId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { Admission } from '../admission/admission.js';
import { Authenticator } from './authenticator.js';
import { GuestTokens } from './guest-tokens.js';
import { ExternalIssuers } from './issuers.js';

const userId = 'usr_0123456789' as UserId;
const ttlMs = 60_000;

let clock: VirtualClock;
let authenticator: Authenticator;
let bearer: string;

beforeEach(() => {
  clock = new VirtualClock();
  const guests = new GuestTokens('a secret of the gateways');
  const admission = new Admission({ loopbackUnlimited: false });
  authenticator = new Authenticator(guests, new ExternalIssuers([]), admission, clock);
  bearer = `Bearer ${guests.sign(userId, clock.nowMs(), ttlMs).token}`;
});

describe('a bearer token', () => {
  it('is verified once, and then known until it expires', async () => {
    expect(authenticator.known(bearer)).toBeUndefined();
    const caller = authenticator.authenticate(bearer);
    expect(caller).toMatchObject({ userId });
    expect(authenticator.known(bearer)).toBe(caller);
    await clock.advance(ttlMs - 1_000);
    expect(authenticator.authenticate(bearer)).toBe(caller);
  });

  it('that was known speaks for nobody when its time is over', async () => {
    void authenticator.authenticate(bearer);
    await clock.advance(ttlMs);
    expect(authenticator.known(bearer)).toBeUndefined();
    expect(authenticator.authenticate(bearer)).toBe('token_expired');
    expect(authenticator.cached).toBe(0);
  });

  it('that failed is not remembered', () => {
    expect(authenticator.authenticate(`${bearer}x`)).toBe('unauthorized');
    expect(authenticator.authenticate('Bearer nothing of ours')).toBe('unauthorized');
    expect(authenticator.authenticate('Basic dXNlcjpwYXNz')).toBe('unauthorized');
    expect(authenticator.cached).toBe(0);
  });

  it('of an issuer that does not show its keys is a reason to come back, soon', async () => {
    const silent = {
      know: () => true,
      verify: () => new Promise(() => undefined),
    } as unknown as ExternalIssuers;
    const guests = new GuestTokens('a secret of the gateways');
    const admission = new Admission({ loopbackUnlimited: false });
    const asked = new Authenticator(guests, silent, admission, clock).authenticate('Bearer a.b.c');
    await clock.advance(limits.tokenWaitMs);
    expect(await asked).toBe('unavailable');
  });

  it('is not looked at when it is longer than any of ours', () => {
    const long = `${bearer.slice(0, bearer.indexOf('.') + 1)}${'a'.repeat(limits.tokenBytesMax)}`;
    expect(authenticator.authenticate(long)).toBe('unauthorized');
  });
});
