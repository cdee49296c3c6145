import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';

import { encoded, GuestTokens } from './guest-tokens.js';
import { OperatorTokens, type Operator } from './operator-tokens.js';

const secret = 's'.repeat(32);
const tokens = new OperatorTokens(secret);
const nowMs = 1_800_000_000_000;
const alice: Operator = { name: 'alice@box-office', role: 'organiser', organiser: 'acme' };

/** Signed with the right key, whatever it says. */
function signed(claims: object, typ = 'holdfast-operator+jwt'): string {
  const key = createHmac('sha256', secret).update('holdfast operator tokens 1').digest();
  const text = `${encoded({ alg: 'HS256', typ })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('an operator token', () => {
  it('speaks for who it was made for, until it expires', () => {
    const { token, expiresAtMs } = tokens.sign(alice, nowMs, 60_000);
    expect(tokens.verify(token, expiresAtMs - 1)).toMatchObject({
      kind: 'valid',
      identity: {
        expiresAtMs,
        powers: { roles: ['organiser'], organisers: ['acme'], name: 'alice@box-office' },
      },
    });
    expect(tokens.verify(token, expiresAtMs)).toEqual({ kind: 'expired' });
  });

  it('is invalid when any character of it was changed', () => {
    const { token } = tokens.sign(alice, nowMs, 60_000);
    for (let i = 0; i < token.length; i += 7) {
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      expect(tokens.verify(changed, nowMs).kind).toBe('invalid');
    }
    expect(new OperatorTokens('t'.repeat(32)).verify(token, nowMs).kind).toBe('invalid');
  });

  it('is not what the secret signs for guests, under either header (OT1)', () => {
    const claims = { iss: 'holdfast-operator', sub: 'a', role: 'sre', organiser: null };
    const times = { iat: nowMs / 1000, exp: nowMs / 1000 + 60 };
    const header = encoded({ alg: 'HS256', typ: 'holdfast-operator+jwt' });
    const text = `${header}.${encoded({ ...claims, ...times })}`;
    const byGuestKey = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    expect(tokens.verify(byGuestKey, nowMs)).toEqual({ kind: 'invalid' });
    const guests = new GuestTokens(secret);
    expect(guests.verify(tokens.sign(alice, nowMs, 60_000).token, nowMs).kind).toBe('invalid');
    const guest = guests.sign('usr_abcdefgh12345678abcd' as UserId, nowMs, 60_000).token;
    expect(tokens.verify(guest, nowMs).kind).toBe('invalid');
  });

  it('lives no longer than the bound, whatever was asked for or it says (OT2)', () => {
    const { expiresAtMs } = tokens.sign(alice, nowMs, 365 * 86_400_000);
    expect(expiresAtMs).toBe(nowMs + limits.operatorTokenTtlMsMax);
  });

  const right = {
    iss: 'holdfast-operator',
    sub: 'alice',
    role: 'sre',
    organiser: null,
    iat: nowMs / 1000,
    exp: nowMs / 1000 + 60,
  };

  it('is invalid under any header but ours, however it was signed', () => {
    for (const typ of ['JWT', 'holdfast-operator+JWT', '']) {
      expect(tokens.verify(signed(right, typ), nowMs)).toEqual({ kind: 'invalid' });
    }
  });

  it.each<[string, object]>([
    ['lives too long', { exp: right.iat + limits.operatorTokenTtlMsMax / 1000 + 1 }],
    ['does not say since when', { iat: undefined }],
    ['says no number', { exp: '1900000000' }],
    ['is of another issuer', { iss: 'holdfast' }],
    ['has no role', { role: undefined }],
    ['has a role that there is not', { role: 'buyer' }],
    ['names nobody', { sub: ' ' }],
    ['has a name that does not fit a fact', { sub: 'x'.repeat(81) }],
    ['has a name that moves the cursor of a terminal', { sub: 'al\u001b[2Jice' }],
    ['has no organiser that could be one', { organiser: '../acme' }],
  ])('is invalid when it %s', (_what, change) => {
    expect(tokens.verify(signed(right), nowMs).kind).toBe('valid');
    expect(tokens.verify(signed({ ...right, ...change }), nowMs).kind).toBe('invalid');
  });
});

describe('an operator’s token while the secret is replaced', () => {
  it('is valid by both, and not once the old one is gone', () => {
    const next = 'n'.repeat(32);
    const { token } = tokens.sign(alice, nowMs, 60_000);
    expect(new OperatorTokens(next, secret).verify(token, nowMs).kind).toBe('valid');
    expect(new OperatorTokens(next).verify(token, nowMs).kind).toBe('invalid');
    const newer = new OperatorTokens(next, secret).sign(alice, nowMs, 60_000).token;
    expect(new OperatorTokens(secret, next).verify(newer, nowMs).kind).toBe('valid');
    expect(tokens.verify(newer, nowMs).kind).toBe('invalid');
  });
});
