import fc from 'fast-check';
import { Admission } from '#apps/gateway/admission/admission.js';
import { Authenticator } from '#apps/gateway/auth/authenticator.js';
import { GuestTokens } from '#apps/gateway/auth/guest-tokens.js';
import { ExternalIssuers } from '#apps/gateway/auth/issuers.js';
import { OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import type { UserId } from '#libs/inventory/ids.js';
import { systemClock } from '#libs/platform/clock.js';
import { drawn, promise, textBytes, type FuzzTarget, type OpenTarget } from '../target.js';

/** Bearer tokens: only the very tokens that were signed here speak for anybody. */
export const tokenTarget: FuzzTarget = { name: 'tokens', open };

const issuer = 'https://accounts.example';

function open(): Promise<OpenTarget> {
  const secret = 'a secret of at least 32 characters';
  const guests = new GuestTokens(secret);
  const operators = new OperatorTokens(secret);
  // Nothing answers there: a token of that issuer is neither good nor bad.
  const issuers = [{ issuer, jwks_url: 'http://127.0.0.1:9/keys', audience: 'holdfast' }];
  const admission = new Admission({ loopbackUnlimited: true, proxies: null });
  const kinds = {
    guests,
    operators,
    issuers: new ExternalIssuers(issuers, { every: () => () => undefined }),
  };
  const authenticator = new Authenticator(kinds, admission, systemClock);
  const users = ['usr_abcdefgh', 'usr_abcdefgh12345678abcd'];
  const nowMs = systemClock.nowMs();
  const operator = { name: 'alice', role: 'sre', organiser: null } as const;
  const good = [
    ...users.map((user) => guests.sign(user as UserId, nowMs, 3_600_000).token),
    operators.sign(operator, nowMs, 3_600_000).token,
  ];
  const old = guests.sign(users[0] as UserId, nowMs - 7_200_000, 60_000).token;
  const forged = new GuestTokens('x'.repeat(32)).sign(users[0] as UserId, nowMs, 3_600_000).token;
  const claims = { iss: issuer, sub: users[0], aud: 'holdfast', exp: 9e9 };
  const algorithms = ['none', 'HS256', 'RS256', 'ES256', ''];
  const foreign = algorithms.map((alg) => `${part({ alg, kid: 'k' })}.${part(claims)}.AAAA`);
  const texts = fc.constantFrom(...good, old, forged, ...foreign);
  const run: OpenTarget['run'] = async (input) => {
    const token = Buffer.from(input).toString('latin1');
    const caller = await authenticator.authenticate(`Bearer ${token}`);
    promise(typeof caller === 'string' || good.includes(token), 'a changed token was believed');
    promise(typeof caller !== 'string' || !good.includes(token), 'a good token was refused');
    return typeof caller === 'string' ? 'refused' : 'accepted';
  };
  return Promise.resolve({
    valid: drawn(texts.map(textBytes)),
    run,
    close: () => Promise.resolve(),
  });
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
