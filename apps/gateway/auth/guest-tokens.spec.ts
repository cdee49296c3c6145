import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { createHmac } from 'node:crypto';

import type { UserId } from '#libs/inventory/ids.js';

import { GuestTokens } from './guest-tokens.js';

const secret = 's'.repeat(32);
const tokens = new GuestTokens(secret);
const userId = 'usr_abcdefgh12345678abcd' as UserId;
const nowMs = 1_800_000_000_000;

describe('a guest token', () => {
  it('is a JSON Web Token that any library reads', async () => {
    const { token } = tokens.sign(userId, Date.now(), 60_000);
    const { payload } = await jwtVerify(token, Buffer.from(secret), { issuer: 'holdfast' });
    expect(payload.sub).toBe(userId);
  });

  it('is valid until the moment it expires', () => {
    const { token, expiresAtMs } = tokens.sign(userId, nowMs, 60_000);
    expect(tokens.verify(token, expiresAtMs - 1)).toEqual({
      kind: 'valid',
      identity: { userId, expiresAtMs },
    });
    expect(tokens.verify(token, expiresAtMs)).toEqual({ kind: 'expired' });
  });

  it('is invalid when any character of it was changed', () => {
    const { token } = tokens.sign(userId, nowMs, 60_000);
    for (let i = 0; i < token.length; i += 7) {
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      expect(tokens.verify(changed, nowMs).kind).toBe('invalid');
    }
  });

  it('is invalid when it speaks for something that is not a guest', () => {
    const { token } = tokens.sign('ext_1' as UserId, nowMs, 60_000);
    expect(tokens.verify(token, nowMs)).toEqual({ kind: 'invalid' });
  });

  it('is invalid under any header but ours, however it was signed', () => {
    const { token } = tokens.sign(userId, nowMs, 60_000);
    const other = Buffer.from(JSON.stringify({ alg: 'HS512', typ: 'JWT' })).toString('base64url');
    const signed = `${other}.${token.split('.')[1]}`;
    const mac = createHmac('sha256', secret).update(signed).digest('base64url');
    expect(tokens.verify(`${signed}.${mac}`, nowMs)).toEqual({ kind: 'invalid' });
  });
});

describe('while the secret is replaced', () => {
  const next = 'n'.repeat(32);
  const kindOf = (by: GuestTokens, token: string): string => by.verify(token, nowMs).kind;
  const signedBy = (by: GuestTokens): string => by.sign(userId, nowMs, 60_000).token;

  it('tokens of both are valid everywhere, at each step, and each signs with its first', () => {
    const steps = [
      new GuestTokens(secret, next),
      new GuestTokens(next, secret),
      new GuestTokens(next),
    ] as const;
    const [before, between, after] = steps;
    expect(kindOf(between, signedBy(before))).toBe('valid');
    expect(kindOf(before, signedBy(between))).toBe('valid');
    expect(kindOf(new GuestTokens(next), signedBy(between))).toBe('valid');
    expect(kindOf(tokens, signedBy(before))).toBe('valid');
    expect(kindOf(after, signedBy(before))).toBe('invalid');
    expect(kindOf(between, `${signedBy(before)}x`)).toBe('invalid');
  });
});
