import { beforeEach, describe, expect, it } from '@jest/globals';

import type { UserId } from '#libs/inventory/ids.js';
import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { Admission } from '../admission/admission.js';
import { Authenticator, type Caller } from './authenticator.js';
import { GuestTokens } from './guest-tokens.js';
import type { IssuerKey } from './issuer-keys.js';
import { ExternalIssuers, type ExternalVerdict } from './issuers.js';
import { OperatorTokens } from './operator-tokens.js';

const userId = 'usr_0123456789' as UserId;
const operators = new OperatorTokens('a secret of the gateways');
const ttlMs = 3 * limits.tokenTrustMs;

let clock: VirtualClock;
let authenticator: Authenticator;
let bearer: string;
let withdraw: (key: IssuerKey) => void;

beforeEach(() => {
  clock = new VirtualClock();
  withdraw = () => undefined;
  const guests = new GuestTokens('a secret of the gateways');
  const admission = new Admission({ loopbackUnlimited: false, proxies: null });
  const issuers = new ExternalIssuers([], clock);
  authenticator = new Authenticator({ guests, operators, issuers }, admission, clock);
  bearer = `Bearer ${guests.sign(userId, clock.nowMs(), ttlMs).token}`;
});

/** Issuers who know everything, and answer that; `withdraw` tells that they took a key back. */
function issuersOf(verify: (token: string) => Promise<ExternalVerdict>): ExternalIssuers {
  const onWithdrawn = (listener: typeof withdraw): void => void (withdraw = listener);
  return { know: () => true, verify, onWithdrawn } as unknown as ExternalIssuers;
}

function authenticatorOf(issuers: ExternalIssuers): Authenticator {
  const guests = new GuestTokens('a secret of the gateways');
  const admission = new Admission({ loopbackUnlimited: false, proxies: null });
  return new Authenticator({ guests, operators, issuers }, admission, clock);
}

describe('a bearer token', () => {
  it('is verified once, and then known until it expires', async () => {
    expect(authenticator.known(bearer)).toBeUndefined();
    const caller = authenticator.authenticate(bearer);
    expect(caller).toMatchObject({ userId });
    expect(authenticator.known(bearer)).toBe(caller);
    await clock.advance(limits.tokenTrustMs - 1_000);
    expect(authenticator.authenticate(bearer)).toBe(caller);
    await clock.advance(1_000);
    expect(authenticator.known(bearer)).toBeUndefined();
    const again = authenticator.authenticate(bearer) as Caller;
    expect([again.userId, authenticator.known(bearer)]).toEqual([userId, again]);
    expect(again.bucket).toBe((caller as Caller).bucket);
  });

  it('is not believed for longer because the clock was set back', async () => {
    void authenticator.authenticate(bearer);
    clock.jump(-3_600_000);
    await clock.advance(limits.tokenTrustMs);
    expect(authenticator.known(bearer)).toBeUndefined();
  });

  it('that its issuer takes back speaks for nobody when it is verified again', async () => {
    let verdict: ExternalVerdict = {
      kind: 'valid',
      identity: { userId, expiresAtMs: clock.nowMs() + 24 * 3_600_000 },
    };
    const accounts = authenticatorOf(issuersOf(() => Promise.resolve(verdict)));
    const foreign = 'Bearer a.b.c';
    expect(await accounts.authenticate(foreign)).toMatchObject({ userId });
    verdict = { kind: 'invalid' };
    await clock.advance(limits.tokenTrustMs - 1);
    expect(accounts.known(foreign)).toMatchObject({ userId });
    await clock.advance(1);
    expect(accounts.known(foreign)).toBeUndefined();
    expect(await accounts.authenticate(foreign)).toBe('unauthorized');
    expect(accounts.cached).toBe(0);
  });

  it('is forgotten with the key that signed it, at once, and others are not', async () => {
    const keys = [{ withdrawn: false }, { withdrawn: false }];
    const expiresAtMs = clock.nowMs() + 3_600_000;
    const accounts = authenticatorOf(
      issuersOf((token) => {
        const signedBy = keys[Number(token[0])];
        return Promise.resolve({ kind: 'valid', identity: { userId, expiresAtMs, signedBy } });
      }),
    );
    const guest = accounts.authenticate(bearer);
    for (const token of ['0.a', '0.b', '1.a']) await accounts.callerOf(token);
    keys[0].withdrawn = true;
    withdraw(keys[0]);
    expect(accounts.known('Bearer 0.a')).toBeUndefined();
    expect(accounts.known('Bearer 0.b')).toBeUndefined();
    expect([await accounts.callerOf('0.a'), accounts.cached]).toEqual(['unauthorized', 3]);
    expect(accounts.known('Bearer 1.a')).toMatchObject({ userId });
    expect(accounts.known(bearer)).toBe(guest);
    // Its key was there when it was looked for, and was not any more when it had been verified.
    expect(await accounts.callerOf('0.c')).toBe('unauthorized');
    expect(accounts.cached).toBe(3);
  });

  it('takes room by its length: long ones are fewer (G8)', async () => {
    const expiresAtMs = clock.nowMs() + limits.tokenTrustMs * 60;
    const verify = (): Promise<ExternalVerdict> =>
      Promise.resolve({ kind: 'valid', identity: { userId, expiresAtMs } });
    const accounts = authenticatorOf(issuersOf(verify));
    const length = limits.tokenBytesMax;
    const count = Math.ceil(limits.tokensCachedBytesMax / length) + 100;
    const tokenOf = (i: number): string => `x${String(i).padStart(length - 1, '0')}`;
    for (let i = 0; i < count; i += 1) {
      await accounts.callerOf(tokenOf(i));
      // One of them goes on asking, a few times a second.
      if (i % 100 === 99) {
        await clock.advance(300);
        expect(accounts.known(`Bearer ${tokenOf(0)}`)).toMatchObject({ userId });
      }
    }
    expect(accounts.cached).toBeGreaterThan(count / 2);
    expect(accounts.cached * length).toBeLessThan(limits.tokensCachedBytesMax);
    // Whoever is silent longest is forgotten first.
    expect(accounts.known(`Bearer ${tokenOf(1)}`)).toBeUndefined();
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
    const silent = issuersOf(() => new Promise(() => undefined));
    const heard: unknown[] = [];
    void Promise.resolve(authenticatorOf(silent).authenticate('Bearer a.b.c')).then((answer) =>
      heard.push(answer),
    );
    await clock.advance(limits.tokenWaitMs);
    expect(heard).toEqual(['unavailable']);
  });

  it('is not looked at when it is longer than any of ours', () => {
    const long = `${bearer.slice(0, bearer.indexOf('.') + 1)}${'a'.repeat(limits.tokenBytesMax)}`;
    expect(authenticator.authenticate(long)).toBe('unauthorized');
  });
});
